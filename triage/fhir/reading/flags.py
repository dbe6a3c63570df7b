"""Reads Flags: answers of yes, and adjustments, by codes of our own."""

from __future__ import annotations

from collections.abc import Iterator

from triage.domain.vocabulary import Kind
from triage.fhir.reading.codebook import ADJUSTMENTS, Codebook
from triage.fhir.reading.elements import Coding, codings_in
from triage.fhir.reading.limits import MOST, too_many
from triage.fhir.reading.naming import named_code
from triage.fhir.reading.said import Asked, Given, Said, information, misnamed
from triage.fhir.reading.sent import Resource


def read_flag(flag: Resource, book: Codebook) -> Iterator[Said]:
    """What a Flag says. One that is not active says nothing: what it flagged may still be so."""
    if flag.json.get("status") != "active":
        yield information("informational", flag.near("status"), NOT_ACTIVE)
        return
    code = flag.part("code")
    if code and code.has_over("coding"):
        yield too_many(code.place("coding"), MOST)
    found = [said for one in codings_in(code) for said in _said(one, flag, book)]
    yield from found
    if not found:
        yield information("informational", flag.at, NOT_OURS)


def _said(coding: Coding, flag: Resource, book: Codebook) -> Iterator[Said]:
    """What a code of ours flags; an error where it flags nothing. Codes of others are passed by."""
    at, listed = flag.near("code"), book.own_system(ADJUSTMENTS.name)
    if coding.known_by[0] == listed and ADJUSTMENTS in book.questions:
        yield Given(ADJUSTMENTS, (coding.code,), at, flag.at)
        return
    yes_or_no = [one for one in book.names([coding]) if _is_yes_or_no(one, book)]
    yield from (Given(asked, value=True, at=at, of=flag.at) for asked in yes_or_no)
    if book.is_ours(coding.system) and not yes_or_no:
        yield misnamed(at, f"{named_code(coding)} {NO_FLAG}", coding.code)


def _is_yes_or_no(asked: Asked, book: Codebook) -> bool:
    question = book.questions.get(asked)
    return question is not None and question.kind is Kind.BOOLEAN


NOT_ACTIVE = "This is not active, so it was passed over."

NO_FLAG = (
    "is none of ours that can be flagged: a flag answers yes to a question of yes or no; send any"
    " other answer as an Observation or in a QuestionnaireResponse"
)

NOT_OURS = (
    "This flags nothing by a code of ours, so it was passed over; a person may need to see it."
)
