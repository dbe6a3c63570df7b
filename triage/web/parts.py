"""What the pages are joined to: one value, made where the app is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from schemas.referral import ReferralReader
from triage.api.explanation import Explanations
from triage.decide import Decider
from triage.domain.telling import Telling
from triage.live_call import LiveCall
from triage.recording import Recorder
from triage.replay import Replayer
from triage.rulebook import Rulebook
from triage.store.drafts import Drafts
from triage.store.jobs import Jobs
from triage.store.log import DecisionLog
from triage.web.shelf import Shelf
from triage.web.site import Site


@dataclass(frozen=True, slots=True)
class Parts:
    """What pages read, decide and record by. ``candidates`` is where rulebooks wait to be tried."""

    site: Site
    reader: ReferralReader
    decider: Decider
    live_call: LiveCall
    log: DecisionLog
    recorder: Recorder
    telling: Telling
    explanations: Explanations
    replayer: Replayer
    shelf: Shelf
    drafts: Drafts
    jobs: Jobs
    candidates: Path | None

    @property
    def rulebook(self) -> Rulebook:
        """The rulebook by which the service decides now."""
        return self.decider.rulebook
