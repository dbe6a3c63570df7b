"""Reads QuestionnaireResponses: our own, those that are known, and any whose links are codes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from triage.fhir.findings import Finding, Severity
from triage.fhir.reading.codebook import DECLINED, Codebook
from triage.fhir.reading.days import dated
from triage.fhir.reading.elements import Element, declines, is_reason_absent
from triage.fhir.reading.forms import Form
from triage.fhir.reading.instruments import Days
from triage.fhir.reading.limits import MOST, MOST_ITEMS, too_many, within_limit
from triage.fhir.reading.modifiers import modifiers
from triage.fhir.reading.naming import named_link, named_url
from triage.fhir.reading.questions import VALUE_COUNTS, Answering, answered
from triage.fhir.reading.said import (
    Asked,
    Dated,
    Given,
    Refused,
    Said,
    information,
    misnamed,
    says_anything,
    warning,
)
from triage.fhir.reading.sent import Resource


def read_response(response: Resource, book: Codebook, days: Days) -> Iterator[Said]:
    """What a QuestionnaireResponse says."""
    if response.json.get("status") == "entered-in-error":
        yield information("informational", response.near("status"), ENTERED_IN_ERROR)
        return
    on = dated(response, "authored", response.place("authored"))
    if isinstance(on, Finding):
        yield on
    form = Form.of(response, book)
    said = within_limit(_read(response, form), response.at)
    yield from days.within(said, on if isinstance(on, Dated) else None)


def _read(response: Resource, form: Form) -> Iterator[Said]:
    by = Answering(form.book, response.at, form.known.values if form.known else {})
    unknown: list[Element] = []
    changed: list[Finding] = []
    read = False
    items = list(islice(_items(response), MOST_ITEMS + 1))
    for item in items[:MOST_ITEMS]:
        changed += _changed(item)
        found = _item(item, form, by)
        if found is None:
            unknown += [item] if _is_answered(item) else []
            continue
        for one in found:
            read = read or says_anything([one])
            yield one
    yield from changed if read else []
    yield from _beyond(response, items)
    yield from _passed_over(response, form, unknown, read=read)


def _items(response: Resource) -> Iterator[Element]:
    """All items, in the order in which they stand, whether in others or in their answers."""
    waiting = [*response.parts("item", MOST_ITEMS + 1)][::-1]
    while waiting:
        item = waiting.pop()
        yield item
        inner = [part for one in _answers_of(item) for part in one.parts("item", MOST_ITEMS)]
        waiting += [*item.parts("item", MOST_ITEMS + 1), *inner][::-1]


def _answers_of(item: Element) -> tuple[Element, ...]:
    """The answers of an item, as many as are read."""
    return item.parts("answer")


def _is_answered(item: Element) -> bool:
    """Has it an answer that is more than what other items stand in?"""
    return any(one.json.keys() - {"item"} for one in _answers_of(item))


def _changed(item: Element) -> Iterator[Finding]:
    """That something changes what an item or an answer of it means."""
    yield from modifiers(item)
    for answer in _answers_of(item):
        yield from modifiers(answer)


def _beyond(response: Resource, items: list[Element]) -> Iterator[Finding]:
    """That there is more than is read."""
    if len(items) > MOST_ITEMS:
        yield too_many(response.place("item"), MOST_ITEMS)
    over = (item for item in items if item.has_over("answer"))
    yield from (too_many(item.place("answer"), MOST) for item in over)


def _item(item: Element, form: Form, by: Answering) -> Iterator[Said] | None:
    """What an item says; None where it is not known what it asks."""
    link = item.text("linkId") or ""
    asked = form.own(link)
    if asked == DECLINED:
        return _names_of_declined(item, form, by)
    if asked:
        said = _answers(item, asked, by)
        return map(_softened, said) if form.foreign and _may_be_lost(asked, form) else said
    asked = form.others(link)
    return _answers(item, asked, by, shared=True) if asked else None


def _answers(item: Element, asked: Asked, by: Answering, *, shared: bool = False) -> Iterator[Said]:
    has_value = False
    for answer in _answers_of(item):
        for one in _answer(answer, asked, by, shared=shared):
            has_value = has_value or isinstance(one, Given)
            yield one
    if declines(item) and has_value:
        yield warning("conflict", item.at, f"{asked.path}: {VALUE_COUNTS}")
    elif declines(item):
        yield Refused(asked, item.at, by.of)


def _answer(answer: Element, asked: Asked, by: Answering, *, shared: bool) -> Iterator[Said]:
    """What one answer says: its value before a reason why there would be none."""
    instead = _declined_instead(answer)
    absent = _declined_beside(answer) if instead is None else instead
    is_none = instead is not None and _is_reason(answer)
    said = [] if is_none else list(answered(answer, asked, by, shared=shared))
    values = any(isinstance(one, Given) for one in said)
    yield from said if values or instead is None else []
    if absent is not None and values:
        yield warning("conflict", answer.at, f"{asked.path}: {VALUE_COUNTS}")
    elif absent:
        yield Refused(asked, answer.at, by.of)
    elif absent is False:
        yield information("informational", answer.at, NOT_ASKED)


def _is_reason(answer: Element) -> bool:
    """Is the value itself a reason why there is none?"""
    return is_reason_absent(answer.part("valueCoding")) is not None


def _declined_instead(answer: Element) -> bool | None:
    """Does something in the place of a value say why there is none, and that it was declined?"""
    if not any(type(value) in (dict, list) for value in answer.json.values()):
        return None  # as most answers are: a value that is none of these gives no reason
    values = [part for name in answer.json if name[:5] == "value" for part in answer.parts(name)]
    said = (one for value in values for one in (is_reason_absent(value), declines(value)))
    found = [one for one in said if one is not None]
    return any(found) if found else None


def _declined_beside(answer: Element) -> bool | None:
    """Does an extension of the answer, or of a value that is none, say the same?"""
    if all(name[:5] == "value" for name in answer.json):
        return None
    beside = (part for name in answer.json if name[:1] == "_" for part in answer.parts(name))
    found = [one for one in map(declines, (answer, *beside)) if one is not None]
    return any(found) if found else None


def _may_be_lost(asked: Asked, form: Form) -> bool:
    """May a value be passed over? None of a question about danger may."""
    return asked not in form.book.risk_like


def _softened(one: Said) -> Said:
    """A fault of a value that may be none of ours: it is passed over."""
    if isinstance(one, Finding) and one.refuses:
        return Finding(Severity.WARNING, one.code, one.expression, f"{one.says} {PASSED_OVER}")
    return one


def _names_of_declined(item: Element, form: Form, by: Answering) -> Iterator[Said]:
    """The questions that are named as declined, one by one."""
    for answer in _answers_of(item):
        coding = answer.part("valueCoding")
        ours = coding and form.book.is_ours(coding.text("system") or "")
        name = coding.text("code") if coding and ours else answer.text("valueString")
        if name is None or (form.foreign and not ours):
            yield warning("value", answer.at, NO_QUESTION)
        else:
            asked = form.book.links.get(name) or Asked("answers", name)
            yield Refused(asked, answer.place("value"), by.of)


def _passed_over(
    response: Resource, form: Form, unknown: Sequence[Element], *, read: bool
) -> Iterator[Finding]:
    """What was sent and could not be read."""
    if form.ours:
        yield from map(_unknown_link, unknown)
    elif unknown and not read:
        yield warning("not-supported", response.at, f"{_named(form.url)} {NOTHING_READ}")
    elif unknown:
        yield information("informational", unknown[0].at, SOME_UNKNOWN)


def _unknown_link(item: Element) -> Finding:
    link = item.text("linkId") or ""
    return misnamed(item.at, f"{UNKNOWN_LINK} {named_link(link)}, {LOST}", link)


def _named(url: str) -> str:
    name = named_url(url)
    return f"Questionnaire {name}" if name else "A questionnaire whose canonical URL is not known"


ENTERED_IN_ERROR = "This was entered in error, so it was passed over."

NOT_ASKED = "No value, for another reason than that it was declined: taken as not asked."

PASSED_OVER = "It was passed over, for the questionnaire is not one of ours."

NO_QUESTION = "This names no question that was declined; send a code of our own system of answers."

UNKNOWN_LINK, LOST = "Our questionnaires have no", "so an answer would be lost"

NOTHING_READ = (
    "is not known here, so it was passed over; use a Questionnaire of ours, or linkIds of LOINC."
)

SOME_UNKNOWN = (
    "Some answers of this questionnaire stand under linkIds that are not known here, the first of"
    " them at this place. They were passed over."
)
