"""What a search of referrals asks for, read strictly from names and values.

A parameter that is not known here is refused rather than passed over: an answer that leaves out a
condition would be about other people.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from uuid import UUID

from marshmallow import ValidationError

from schemas.patient import NhsNumber
from schemas.together import AHEAD
from triage.api.fhir.spans import EVER, Span, span_of
from triage.domain.referred import Cancelled
from triage.domain.search import DEFAULT_LIMIT, LARGEST_LIMIT, Search
from triage.fhir.findings import Finding, FindingsError, Severity
from triage.fhir.parameters import PERSON, SEARCHED
from triage.fhir.systems import NHS_NUMBER
from triage.rulebook.codes import PRIORITIES

Pairs = Sequence[tuple[str, str]]
"""Parameters with their values, in the order in which they were sent."""

STATUSES = ("active", *Cancelled)
"""The states of a request (R4, RequestStatus) that there are here."""

OF_PERSONS = ("patient", "subject")
"""Parameters whose names begin like this look for a person, whatever follows."""


@dataclass(frozen=True, slots=True)
class Looked:
    """A search of referrals; None leaves a condition out, and every other must hold.

    ``ids`` are those of decisions; there may be none that fit. ``received`` is when a referral was
    received, ``recorded`` when it was decided.
    """

    ids: frozenset[str] | None = None
    nhs_number: str | None = None
    received: Span = EVER
    recorded: Span = EVER
    priorities: frozenset[str] | None = None
    statuses: frozenset[str] | None = None
    most: int = DEFAULT_LIMIT

    @property
    def finds_nobody(self) -> bool:
        """Do its conditions on ids leave none?"""
        return self.ids is not None and not self.ids

    def search(self) -> Search:
        """What an index can tell of it; a receipt lies at most a day ahead of its record."""
        earliest = self.received.earliest
        recorded = self.recorded.within(Span(earliest - AHEAD if earliest else None))
        return Search(
            earliest=recorded.earliest,
            before=recorded.before,
            decision_ids=tuple(sorted(self.ids or ())),
            nhs_number=self.nhs_number,
        )


Reader = Callable[[Looked, str], Looked]
"""Adds to a search what the value of a parameter asks for. Raises ``ValidationError``."""


class Asking:
    """Reads searches of one type of resource. ``decisions`` is the system of decisions' ids."""

    def __init__(self, type_: str, decisions: str) -> None:
        self._type, self._decisions = type_, decisions
        readers: Mapping[str, Reader] = {**READERS, "identifier": self._identifier}
        self._readers = {one.name: readers[one.name] for one in SEARCHED[type_]}

    def refuse_persons(self, address: Pairs) -> None:
        """Raise ``FindingsError`` where what stands in an address looks for a person."""
        if any(_is_of_person(name, value) for name, value in address):
            told = (
                "What looks for a person never stands in an address. Send it as a form in the body,"
                f" by POST to {self._type}/_search."
            )
            raise refused("business-rule", told)

    def read(self, asked: Pairs) -> Looked:
        """The search. Raises ``FindingsError`` (400) with everything that is wrong with it."""
        looked, wrong = Looked(), list[str]()
        for name, value in asked:
            try:
                looked = self._reader(name)(looked, value)
            except ValidationError as error:
                wrong.append(f"{name} {error.messages[0]}.")
        if wrong:
            raise refused("value", *wrong)
        return looked

    def _reader(self, name: str) -> Reader:
        """How a parameter is read. The names of others are not told: they may name somebody."""
        if name in self._readers:
            return self._readers[name]
        known = ", ".join(self._readers)
        raise refused("not-supported", f"A parameter is not known here; there are: {known}.")

    def _identifier(self, looked: Looked, value: str) -> Looked:
        system, _, id_ = value.rpartition("|")
        if system not in (self._decisions, ""):
            raise ValidationError(
                f"must be the id of a decision behind {self._decisions} and a bar"
            )
        return _ids(looked, id_)


def refused(code: str, *told: str) -> FindingsError:
    """The refusal of a search, with everything that is wrong with it."""
    findings = [Finding(Severity.ERROR, code, "", each) for each in told]
    return FindingsError(HTTPStatus.BAD_REQUEST, findings)


def _is_of_person(name: str, value: str) -> bool:
    """Does a parameter look for a person, or hold what is written like an NHS number?"""
    begins = re.split(r"[:.]", name.strip().lower(), maxsplit=1)[0]
    number = re.sub(r"[ -]", "", value.rpartition("|")[2])
    return begins in OF_PERSONS or NHS_NUMBER in value or bool(_TEN_DIGITS.fullmatch(number))


_TEN_DIGITS = re.compile(r"[0-9]{10}")


def _ids(looked: Looked, value: str) -> Looked:
    found = frozenset(_each_id(value))
    if len(found) > LARGEST_LIMIT:
        raise ValidationError(f"has more than {LARGEST_LIMIT} ids; ask for some at a time")
    return replace(looked, ids=_both(looked.ids, found))


def _each_id(value: str) -> Iterator[str]:
    for one in value.split(","):
        try:
            yield str(UUID(one.strip()))
        except ValueError:
            raise ValidationError("must be ids as resources have them here: UUIDs") from None


def _person(looked: Looked, value: str) -> Looked:
    system, _, number = value.rpartition("|")
    if system not in (NHS_NUMBER, ""):
        raise ValidationError(f"must be an NHS number behind {NHS_NUMBER} and a bar")
    try:
        read = NhsNumber().read(number)
    except ValidationError:
        raise ValidationError("must be an NHS number of ten digits") from None
    if looked.nhs_number not in (None, read):
        raise ValidationError("names two persons; look for one at a time")
    return replace(looked, nhs_number=read)


def _priority(looked: Looked, value: str) -> Looked:
    return replace(looked, priorities=_both(looked.priorities, _codes(value, PRIORITIES)))


def _status(looked: Looked, value: str) -> Looked:
    return replace(looked, statuses=_both(looked.statuses, _codes(value, STATUSES)))


def _codes(value: str, known: Sequence[str]) -> frozenset[str]:
    codes = frozenset(one.rpartition("|")[2].strip() for one in value.split(","))
    if not codes <= set(known):
        raise ValidationError(f"must be one or more of: {', '.join(known)}")
    return codes


def _both(one: frozenset[str] | None, other: frozenset[str]) -> frozenset[str]:
    """What two conditions on the same thing leave."""
    return other if one is None else one & other


def _count(looked: Looked, value: str) -> Looked:
    if not _NUMBER.fullmatch(value):
        raise ValidationError(f"must be a number from 1 to {LARGEST_LIMIT}")
    return replace(looked, most=min(int(value), LARGEST_LIMIT))


_NUMBER = re.compile(r"[1-9][0-9]{0,5}")

READERS: Mapping[str, Reader] = {
    "_id": _ids,
    "authored": lambda looked, value: replace(
        looked, received=looked.received.within(span_of(value))
    ),
    "occurrence": lambda looked, value: replace(
        looked, recorded=looked.recorded.within(span_of(value))
    ),
    "priority": _priority,
    "status": _status,
    "_count": _count,
    **dict.fromkeys(PERSON, _person),
}
"""How each parameter is read."""
