"""Looking at a decision: that somebody does is recorded first, and then it is read and checked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from triage.access import caller_of_request
from triage.access.roles import SEE_VIEWS
from triage.errors import LogError
from triage.reading import decision_in, note_view
from triage.rulebook import Rulebook
from triage.store.log import DecisionLog
from triage.web.decision.names import Names
from triage.web.decision.record import Proved, Record, proved_in, reading, record_of
from triage.web.decision.signatures import signatures_of
from triage.web.decision.standing import Stands, rulebook_standing, stands_of
from triage.web.shelf import Shelf


@dataclass(frozen=True, slots=True)
class Seen:
    """A decision as somebody sees it.

    ``own`` is the rulebook that decided, and ``signatures`` who signed it, in words. ``faults`` is
    everything by which the record is not to be relied on.
    """

    record: Record
    proved: Proved
    own: Rulebook
    names: Names
    stands: Stands
    signatures: tuple[str, ...]
    faults: tuple[str, ...]


class Looking:
    """Reads decisions of one log for people. Safe for many threads."""

    def __init__(self, log: DecisionLog, shelf: Shelf) -> None:
        self._log, self._shelf = log, shelf

    @property
    def today(self) -> Rulebook:
        """The rulebook by which the service decides now."""
        return self._shelf.in_force

    def at(self, decision_id: UUID, what: str) -> Seen:
        """A decision, once it is recorded that whoever asks looks at it; ``what`` names at what.

        Raises ``NotRecordedError`` where there is none, ``LogUnavailableError``, and ``LogError``
        with everything that is wrong where it cannot be read.
        """
        caller, id_ = caller_of_request(), str(decision_id)
        recorded = decision_in(self._log, id_)
        note_view(self._log, caller, id_, what)
        proved = proved_in(self._log, recorded)
        with _telling_of(proved):
            record = record_of(self._log, recorded, with_views=caller.role in SEE_VIEWS)
            with reading(recorded.entry.sequence):
                return self._seen(record, proved)

    def proved_at(self, decision_id: UUID, what: str) -> Seen:
        """The same for what leaves the house. Raises ``LogError`` where anything is wrong with it.

        What cannot be relied on is told to nobody but on a page that says so.
        """
        seen = self.at(decision_id, what)
        if seen.faults:
            raise LogError(" ".join(seen.faults))
        return seen

    def _seen(self, record: Record, proved: Proved) -> Seen:
        own, problem = self._own(record)
        try:
            standing = rulebook_standing(record, self._shelf)
        except LogError as error:
            standing = own
            said = f"The rules of the override cannot be read, so words may be others: {error}."
            problem = (*problem, said)
        names = Names((own, standing, self.today))
        signatures = signatures_of(self._log, record.decision["rulebook"]["digest"])
        return Seen(
            record,
            proved,
            own,
            names,
            stands_of(record, standing, names),
            signatures.said,
            (*proved.faults, *problem, *signatures.faults),
        )

    def _own(self, record: Record) -> tuple[Rulebook, tuple[str, ...]]:
        """The rulebook that decided; today's, and what is wrong, where it is not as it was."""
        try:
            return self._shelf.of_decision(record.decision["rulebook"]["digest"]), ()
        except LogError as error:
            problem = f"The rules that decided it cannot be read, so words may be today's: {error}."
            return self.today, (problem,)


@contextmanager
def _telling_of(proved: Proved) -> Iterator[None]:
    """What cannot be shown is told with everything that is wrong with it."""
    try:
        yield
    except LogError as error:
        said = f"{str(error)[:1].upper()}{str(error)[1:]}."
        raise LogError(" ".join((*proved.faults, said))) from error
