"""Makes, confirms and withdraws overrides: each is an entry of the log about a decision."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from triage.domain.caller import Caller
from triage.domain.clock import stamp
from triage.domain.overriding import Asked, Chain, Override, Standing, Stands
from triage.domain.services import Service
from triage.domain.telling import LETTERS, Telling
from triage.domain.vocabulary import Urgency
from triage.errors import ChangedError, ConflictError, Fault, NotRecordedError, ReferralError
from triage.reading import decision_in
from triage.recording import channels_of, copy_of
from triage.rulebook import Rulebook
from triage.store.chains import CHAIN, unless_changed
from triage.store.entries import Entry, Identity, Kind, NewEntry
from triage.store.log import DecisionLog, Recorded
from triage.wire import canonical_bytes

ATTEMPTS = 16
"""How often to look again where somebody else was quicker, before giving up."""


@dataclass(frozen=True, slots=True)
class Made:
    """An entry that was just recorded, and the override that it is about, as it now stands."""

    entry: Entry
    override: Override


New = Callable[[Recorded, Chain], NewEntry]
"""Makes an entry that fits a decision and its chain, or raises."""


class Overrides:
    """Records what clinicians make of decisions, in the words of one rulebook.

    Every call raises ``NotRecordedError`` for a decision or an override that is not there,
    ``ConflictError`` for what does not fit what stands, and ``LogUnavailableError``; then nothing
    was recorded.
    """

    def __init__(self, rulebook: Rulebook, log: DecisionLog, telling: Telling = LETTERS) -> None:
        self._log, self._vocabulary, self._telling = log, rulebook.vocabulary, telling
        self._directory, self._copy = rulebook.directory, copy_of(rulebook)
        self._given = {one: rulebook.urgencies_of(one) for one in rulebook.vocabulary.routes}

    def override(self, decision_id: str, asked: Asked, by: Caller, at: datetime) -> Made:
        """Give a decision another route or urgency; ``at`` is now, with its time zone.

        Where the urgency is lower than what stands, the override waits for a second person. Raises
        ``ReferralError`` where the urgency must be stated.
        """

        def new(decision: Recorded, chain: Chain) -> NewEntry:
            person = decision.identity.person if decision.identity else None
            words = Identity(canonical_bytes({"comment": asked.comment}), person)
            patient = decision.entry.content["referral"]["patient"]
            parts = self._parts(asked, chain, patient, at)
            return NewEntry(
                Kind.OVERRIDE,
                by,
                parts,
                decision_id,
                identity=words,
                rulebook=self._copy,
                deliveries=() if parts["lowers"] else self._deliveries(decision, parts),
            )

        return self._append(decision_id, new)

    def confirm(self, decision_id: str, override_id: str, by: Caller) -> Made:
        """Put an override that lowers the urgency in force, as the second person."""

        def new(decision: Recorded, chain: Chain) -> NewEntry:
            waiting = _waiting(chain, override_id)
            _check_second_person(waiting, by)
            said = {name: waiting.entry[name] for name in ("route", "urgency", "reason")}
            parts = {"override_id": override_id, **said}
            told = self._deliveries(decision, parts)
            return NewEntry(Kind.OVERRIDE_CONFIRMATION, by, parts, decision_id, deliveries=told)

        return self._append(decision_id, new)

    def withdraw(self, decision_id: str, override_id: str, by: Caller) -> Made:
        """Take back an override that waits for a second person."""

        def new(_decision: Recorded, chain: Chain) -> NewEntry:
            parts = {"override_id": _waiting(chain, override_id).id}
            return NewEntry(Kind.OVERRIDE_WITHDRAWAL, by, parts, decision_id)

        return self._append(decision_id, new)

    def _append(self, decision_id: str, new: New, attempts: int = ATTEMPTS) -> Made:
        """Append what fits the decision as it is then: where that has changed, look again."""
        decision = decision_in(self._log, decision_id)
        chain = _chain(self._log, decision)
        guard = unless_changed(decision, chain.sequence)
        try:
            entry = self._log.append(replace(new(decision, chain), guard=guard))
        except ChangedError:
            if attempts == 1:
                raise
            return self._append(decision_id, new, attempts - 1)
        content = entry.content
        id_ = content.get("override_id", entry.id)
        (override,) = (one for one in chain.after(content).overrides if one.id == id_)
        return Made(entry, override)

    def _deliveries(self, decision: Recorded, parts: Mapping[str, Any]) -> tuple[str, ...]:
        """How the referrer hears of an override that comes into force."""
        urgency = self._vocabulary.urgencies.get(parts["urgency"])
        danger = urgency is None or urgency.danger
        return channels_of(decision, self._telling, danger=danger)

    def _parts(
        self, asked: Asked, chain: Chain, patient: dict[str, Any], at: datetime
    ) -> dict[str, Any]:
        """What the log says of an override of what stands."""
        stands = chain.stands
        urgency, rank = self._urgency(asked, stands), self._rank(stands)
        _check_differs(asked.route, urgency.id, chain)
        return {
            "route": asked.route,
            "urgency": urgency.id,
            "reason": asked.reason,
            "lowers": urgency.rank > rank,
            "from": {"route": stands.route, "urgency": stands.urgency},
            "team": self._team(asked.route, patient).as_dict(),
            "respond_by": _respond_by(urgency, rank, stands, at),
            "rulebook": self._copy.digest,
        }

    def _urgency(self, asked: Asked, stands: Stands) -> Urgency:
        """The urgency stated; else what stands, or as soon as the rules ever give the route."""
        urgencies = self._vocabulary.urgencies
        if asked.urgency is not None:
            return urgencies[asked.urgency]
        if stands.urgency not in urgencies:
            problem = "is needed here: what stands is not a word of this rulebook"
            raise ReferralError([Fault("urgency", problem)])
        least = self._given[asked.route][-1:]
        return min(urgencies[stands.urgency], *least, key=lambda one: one.order)

    def _rank(self, stands: Stands) -> int:
        """The class of urgency of what stands; the most urgent where this rulebook has no word."""
        known = self._vocabulary.urgencies.get(stands.urgency)
        return known.rank if known else min(one.rank for one in self._vocabulary.urgencies.values())

    def _team(self, route: str, patient: dict[str, Any]) -> Service:
        place, directory = patient["place"], self._directory
        known = place if place in directory.places else directory.default_place
        return directory.team(route, known, patient["age"])


def chain_of(log: DecisionLog, decision_id: str) -> Chain:
    """A decision with every override of it. Raises ``NotRecordedError``."""
    return _chain(log, decision_in(log, decision_id))


def standing(log: DecisionLog, decision_id: str) -> Stands:
    """What stands of a decision now: itself, or the last override in force.

    Raises ``NotRecordedError``.
    """
    return chain_of(log, decision_id).stands


def _chain(log: DecisionLog, decision: Recorded) -> Chain:
    chain = Chain.begun_by(decision.entry.content)
    for one in log.about(decision.entry.id, CHAIN):
        chain = chain.after(one.entry.content)
    return chain


def _respond_by(urgency: Urgency, rank: int, stands: Stands, at: datetime) -> str:
    """The latest moment to respond, counted from the override.

    A clock that still runs is never put later but by a lower urgency, and another route of the
    same urgency does not even start one anew that has run out.
    """
    counted = stamp(urgency.respond_by(at))
    runs = stands.respond_by > stamp(at)
    if urgency.rank == rank or (urgency.rank < rank and runs):
        return min(counted, stands.respond_by)
    return counted


def _check_differs(route: str, urgency: str, chain: Chain) -> None:
    if (route, urgency) == (chain.stands.route, chain.stands.urgency):
        raise ConflictError("this route stands already, with this urgency; there is nothing to do")
    waiting = chain.waiting
    if waiting and (route, urgency) == (waiting.stands.route, waiting.stands.urgency):
        raise ConflictError(
            "the same override waits for a second person already; confirm it, or withdraw it"
        )


def _waiting(chain: Chain, override_id: str) -> Override:
    """The override of an id, which must be the one that waits for a second person."""
    found = chain.override(override_id)
    if found is None:
        raise NotRecordedError("no override of that id is recorded for this decision")
    if found.standing is not Standing.AWAITING:
        raise ConflictError(f"{_NOT_WAITING[found.standing]}; read the history of the decision")
    return found


_NOT_WAITING = {
    Standing.IN_FORCE: "this override is in force, and waits for nobody",
    Standing.WITHDRAWN: "this override was withdrawn",
    Standing.SUPERSEDED: "a later override took the place of this one",
}


def _check_second_person(override: Override, by: Caller) -> None:
    if by.subject is None:
        raise ConflictError("a second person must be known: confirm with a token that names you")
    first = override.entry["by"]
    if first["subject"] is None:
        raise ConflictError(
            "nobody knows who asked for this lower urgency, so nobody can be the second person;"
            " ask again with a token that names you"
        )
    if (first["subject"], first["issuer"]) == (by.subject, by.issuer):
        raise ConflictError("a lower urgency needs a second person, and this override is your own")
