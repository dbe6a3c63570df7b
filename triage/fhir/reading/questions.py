"""What one place answers: a value for what is asked there, or that it was declined."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from triage.fhir.findings import Finding
from triage.fhir.reading.codebook import Codebook
from triage.fhir.reading.elements import Element
from triage.fhir.reading.said import Asked, Given, Said, error, warning
from triage.fhir.reading.values import Plain, values_in


@dataclass(frozen=True, slots=True)
class Answering:
    """How the values of one resource are read: ``of`` is where it stands."""

    book: Codebook
    of: str
    plain: Plain = field(default_factory=dict)


def answered(
    holder: Element, asked: Asked, by: Answering, *, shared: bool = False
) -> Iterator[Said]:
    """The values that stand in ``holder`` for what is asked.

    ``shared``: it was asked by a code that an item of a questionnaire has as well.
    """
    book = by.book
    panel = book.is_panel(asked)
    for each in values_in(holder, book.questions[asked], {} if panel else by.plain):
        if isinstance(each, Finding):
            yield each
            continue
        given = _entry(Given(asked, *each, of=by.of), book)
        yield from _total(given, book) if panel else [given]
        if shared and asked in book.items_of:
            yield replace(given, asked=book.items_of[asked], weak=True)


def _entry(given: Given, book: Codebook) -> Given:
    """The entry of a list as a list: of nothing, where that is what it says."""
    if not book.is_list(given.asked):
        return given
    return replace(given, value=() if given.value is None else (given.value,))


def _total(given: Given, book: Codebook) -> Iterator[Said]:
    """A number under the code of a whole questionnaire, which is how some send its total."""
    total = book.total_of(given.asked)
    if total is None:
        yield error("value", given.at, f"{given.asked.path}: {NO_TOTAL}")
        return
    yield warning("code-invalid", given.at, f"{total.path}: {READ_AS_TOTAL}")
    yield replace(given, asked=total)


VALUE_COUNTS = (
    "there is a value here, and a reason why there is none. The value counts; check which is right."
)

NO_TOTAL = "a questionnaire is named here, and one number given; send each item by its own code."

READ_AS_TOTAL = (
    "the code here names the questionnaire and not its total. The number was read as the total;"
    " use the code of the total."
)
