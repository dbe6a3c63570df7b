"""Records referrals that nobody made, and what clinicians decided otherwise about some."""

from __future__ import annotations

from datetime import UTC, datetime

import orjson

from schemas.referral import ReferralReader
from triage.demo.referrals import made_up
from triage.domain.caller import Caller
from triage.domain.overriding import Asked
from triage.overrides import Overrides
from triage.recording import Answered, Recorder

MANY = 300
"""How many referrals a demonstration begins with."""

EVERY = 17
"""Every so many-th decision is overridden."""

OTHERWISE = Asked("cmht", None, "needs_judgement", "Made up, like everybody here.")
"""What is decided otherwise: as urgent as it stands, so no second person is needed."""


def make_up(recorder: Recorder, overrides: Overrides, people: tuple[Caller, Caller]) -> None:
    """Record a history, by somebody who takes calls and somebody who decides otherwise."""
    handler, clinician = people
    reader = ReferralReader(recorder.rulebook.vocabulary)
    today = datetime.now(UTC)
    for number in range(1, MANY + 1):
        answered = recorder.record(reader.read(made_up(number, today), today), handler)
        if number % EVERY == 0 and _differs(answered):
            overrides.override(answered.decision_id, OTHERWISE, clinician, today)


def _differs(answered: Answered) -> bool:
    """Does what is decided otherwise differ from what was decided?"""
    return bool(orjson.loads(answered.body)["route"]["id"] != OTHERWISE.route)
