"""A log in which referrals are decided, and workers that tell of them, in this process."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.builders import A_PRACTICE, ReferralBuilder, referral_builder
from tests.deliver.renderers import SMALL
from tests.outbox.conftest import URGENCIES
from tests.outbox.entries import rows
from tests.recorded import GP
from tests.running import LONGEST_WAIT
from triage.decide import Decider
from triage.deliver.backoff import Backoff
from triage.deliver.channels import Tell, channels_of
from triage.deliver.lanes import Lanes
from triage.deliver.letters import Letters
from triage.deliver.receivers import Receiver, Receivers
from triage.deliver.sending import Sender
from triage.deliver.worker import Pace, Worker
from triage.domain.telling import Telling
from triage.recording import Recorder
from triage.rulebook import Rulebook
from triage.store.deliveries import Channel
from triage.store.log import DecisionLog
from triage.store.outbox import Outbox

SECRET = "0123456789abcdef0123456789abcdef"  # noqa: S105 (nobody's)

PRACTICE = str(A_PRACTICE.ods_code)

PATIENT = Sender(connect_seconds=LONGEST_WAIT, answer_seconds=LONGEST_WAIT)


@dataclass(frozen=True)
class Desk:
    """A log, how the one practice of these tests is told, and a folder for letters and secrets."""

    log: DecisionLog
    rulebook: Rulebook
    receivers: Receivers
    folder: Path
    sender: Sender = PATIENT

    @property
    def outbox(self) -> Outbox:
        """Its outbox."""
        return Outbox(self.log.database, URGENCIES)

    @property
    def letters(self) -> Path:
        """Where letters are written."""
        return self.folder / "letters"

    def refer(self, *builders: ReferralBuilder) -> list[str]:
        """Decide and record referrals; the ids of the decisions."""
        with closing(Decider(self.rulebook)) as decider:
            telling = Telling(self.receivers.channel_for)
            recorder = Recorder(decider, self.log, telling)
            made = [one.build() for one in builders or [referral_builder()]]
            return [recorder.record(one, GP).decision_id for one in made]

    def channels(self) -> Mapping[str, Tell]:
        """How everybody is told."""
        return channels_of(self.receivers, SMALL, Letters(self.letters), self.sender)

    def worker(self, pace: Pace | None = None, **channels: Tell) -> Worker:
        """A worker; of some channels it is said how they tell."""
        every = {**self.channels(), **channels}
        return Worker(self.log, self.outbox, every, pace, Lanes(self.receivers))

    def delivered_once(self, pace: Pace | None = None) -> Mapping[str, int]:
        """Deliver what is due; how many ended in which way."""
        worker = self.worker(pace)
        worker.run_once()
        endings = ("delivered", "failed", "given_up", "dropped")
        return {one: worker.tally[one] for one in endings if worker.tally[one]}

    def state(self) -> list[tuple[Any, ...]]:
        """The state, the attempts and the failure of each delivery."""
        return [tuple(row) for row in rows(self.log.database, "state, attempts, failure")]

    def retry(self) -> None:
        """Let everything that waits or was given up be tried now."""
        now = datetime.now(UTC)
        self.outbox.revive([one.id for one in self.outbox.waiting(1000)], now)
        self.outbox.revive_dead(now)


def told_by(
    channel: Channel, address: str | None = None, secret_file: Path | None = None
) -> Receivers:
    """The one practice of these tests told by a channel, and nobody else by any but letters."""
    return Receivers({PRACTICE: Receiver(channel, address, secret_file)})


def secret_in(folder: Path) -> Path:
    """The file of the secret that is shared."""
    file = folder / "shared.secret"
    file.write_text(SECRET)
    file.chmod(0o600)
    return file


AT_ONCE_AGAIN = Pace(backoff=Backoff(draw=lambda: 0.0))
"""Whatever failed is due again at once."""

LATER = Pace(backoff=Backoff(draw=lambda: 1.0))
"""Whatever failed is due as late as it may be."""

A_MINUTE = timedelta(minutes=1)
