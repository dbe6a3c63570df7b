"""Reads what a person is referred for: the reasons of a request, and Conditions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from triage.fhir.reading.codebook import DURATION, PROBLEM, Codebook
from triage.fhir.reading.days import day_of
from triage.fhir.reading.elements import Element, codings_in
from triage.fhir.reading.modifiers import modified
from triage.fhir.reading.naming import named_code
from triage.fhir.reading.said import Given, Said, information, misnamed, warning
from triage.fhir.reading.sent import Resource, Sent
from triage.fhir.reading.values import NO_SYSTEM, lacks_system, meant

ACTIVE = frozenset({"active", "recurrence", "relapse"})
"""In which clinical status a Condition is there now (R4, ConditionClinicalStatusCodes)."""

WITHDRAWN = frozenset({"refuted", "entered-in-error"})
"""In which verification status a Condition was not found."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What the reasons are looked for in.

    ``today`` is the day from which days are counted back; ``born`` that of the person's birth.
    """

    sent: Sent
    book: Codebook
    request: Resource | None
    today: date | None
    born: date | None = None


def read_problems(asking: Asking, conditions: Sequence[Resource]) -> Iterator[Said]:
    """What the request gives as reasons, and those of the person's Conditions that it names.

    Where it names none, a Condition is read if it is the only one that is active.
    """
    if PROBLEM not in asking.book.questions:
        return
    named: list[Resource] = []
    if asking.request:
        for concept in asking.request.parts("reasonCode"):
            yield from _problem(concept, asking.request.at, asking.book)
        named, unresolved = _named(asking.request, asking.sent)
        yield from (warning("not-found", at, NOT_SENT) for at in unresolved)
    yield from _conditions(conditions, named, asking)


def _named(request: Resource, sent: Sent) -> tuple[list[Resource], list[str]]:
    """The Conditions that a request names as its reasons, and where it names what was not sent."""
    found, unresolved = [], []
    for reference in request.parts("reasonReference"):
        reason = sent.resolve(reference, request)
        if reason is None:
            unresolved.append(reference.at)
        elif reason.type == "Condition":
            found.append(reason)
    return found, unresolved


def _conditions(
    conditions: Sequence[Resource], named: list[Resource], asking: Asking
) -> Iterator[Said]:
    active = [one for one in conditions if _is_there(one)]
    several = any(one.json != active[0].json for one in active)
    chosen = {id(one.json) for one in named or ([] if several else active[:1])}
    for one in conditions:
        if id(one.json) in chosen and _is_there(one):
            yield from _condition(one, asking)
        elif several and not named:
            yield information("informational", one.at, NOT_THE_REASON)
        else:
            yield information("informational", one.at, NOT_READ)


def _is_there(condition: Resource) -> bool:
    clinical = {one.code for one in codings_in(condition.part("clinicalStatus"))}
    verified = {one.code for one in codings_in(condition.part("verificationStatus"))}
    return (not clinical or bool(clinical & ACTIVE)) and not verified & WITHDRAWN


def _condition(condition: Resource, asking: Asking) -> Iterator[Said]:
    yield from modified(condition)
    code = condition.part("code")
    found = list(_problem(code or condition, condition.at, asking.book))
    yield from found
    if condition.json.get("onsetDateTime") is not None and _names_one(found):
        yield from _duration(condition, asking)


def _names_one(found: Sequence[Said]) -> bool:
    return any(isinstance(one, Given) for one in found)


def _problem(concept: Element, of: str, book: Codebook) -> Iterator[Said]:
    """The problem that a concept names; that it was passed over where it names none."""
    question = book.questions[PROBLEM]
    codings = codings_in(concept)
    found = dict.fromkeys(value for one in codings for value in meant(one, question, {}))
    yield from (Given(PROBLEM, value, concept.at, of, weak=True) for value in found)
    if found and lacks_system(concept.json, question, {}):
        yield warning("incomplete", concept.at, f"{PROBLEM.path}: {NO_SYSTEM}")
    astray = [one for one in codings if not found and book.is_ours(one.system)]
    for one in astray:
        yield misnamed(concept.at, f"{named_code(one)} {MISNAMED}", one.code)
    if not found and not astray:
        yield information("informational", concept.at, NO_PROBLEM)


def _duration(condition: Resource, asking: Asking) -> Iterator[Said]:
    at = condition.place("onset")
    began, today = day_of(condition.json["onsetDateTime"]), asking.today
    if DURATION not in asking.book.questions or began is None or today is None:
        yield information("informational", at, NO_DURATION)
    elif (asking.born and began < asking.born) or not 0 <= (today - began).days <= _most(asking):
        yield warning("value", at, IMPLAUSIBLE)
    else:
        yield Given(DURATION, (today - began).days, at, condition.at, weak=True)


def _most(asking: Asking) -> int:
    """The most days that a problem may have lasted."""
    return asking.book.vocabulary.answers[DURATION.name].term.high


NOT_SENT = "This reason was not sent with the message, so it was not read; send it as well."

NOT_THE_REASON = (
    "Several Conditions are active and the request names none of them as its reason, so none was"
    " read; name the main problem in ServiceRequest.reasonReference."
)

NOT_READ = "This is not what the person is referred for, or is there no more: it was passed over."

NO_PROBLEM = "This names none of the main problems that are told apart here: it was passed over."

MISNAMED = "names no main problem, although its system is one of ours"

NO_DURATION = (
    "How long the problem has lasted cannot be worked out from this, so it was passed over; send a"
    " whole day that lies before the day of the request."
)

IMPLAUSIBLE = (
    "The problem cannot have begun on this day: it is to come, or before the person was born, or"
    " too long ago. It was left out; check it."
)
