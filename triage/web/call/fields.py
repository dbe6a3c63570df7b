"""The fields of a referral as a page asks for them: what is typed, read into what a body holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from triage.domain.vocabulary import YES_OR_NO, Answer, Kind
from triage.web.call.boxes import READERS, SHOWN, Box, Form, Said

Body = Mapping[str, Any]
"""A referral as far as it was taken down, in the names of the contract."""

BOXES: Mapping[Kind, Box] = {
    Kind.BOOLEAN: Box.YES_NO,
    Kind.CHOICE: Box.CHOICE,
    Kind.NUMBER: Box.NUMBER,
    Kind.DATE: Box.DATE,
    Kind.LIST: Box.LIST,
    Kind.ITEMS: Box.ITEMS,
}
"""How each kind of answer is filled in."""


@dataclass(frozen=True, slots=True)
class Field:
    """Something that can be filled in. ``at`` is its path in the body.

    ``spoken`` is how its question is put to the person themselves; empty where nobody says it.
    ``choices`` are what may be chosen, each with its words, and ``left`` says on a form that none
    is; ``low`` and ``high`` are the ends of a number; ``length`` how many items there are, or how
    many characters a text may have.
    """

    at: tuple[str, ...]
    title: str
    question: str
    box: Box
    help: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    low: int = 0
    high: int = 0
    length: int = 0
    spoken: str = ""
    left: str = "Not said"

    @property
    def path(self) -> str:
        """Its path as one word: so it is named in faults and in forms."""
        return ".".join(self.at)

    @property
    def name(self) -> str:
        """The name of what it asks for: that of an answer, else its path."""
        return self.at[-1] if self.at[0] == ANSWERS else self.path

    def read(self, form: Form) -> Any:
        """What was filled in, as a JSON value; None where nothing was.

        What cannot be read stays as it was typed: then the field has a fault.
        """
        return READERS[self.box](self, form)

    def said(self, body: Body) -> Said:
        """What stands in its boxes for what a body holds."""
        return self.said_as(self.value(body))

    def said_as(self, value: Any) -> Said:
        """What stands in its boxes for a value; nothing for None."""
        return () if value is None else SHOWN[self.box](value)

    def value(self, body: Body) -> Any:
        """What a body holds of it; None where it holds nothing."""
        found: Any = body
        for name in self.at:
            found = found.get(name) if isinstance(found, Mapping) else None
        return found

    def put(self, body: Body, value: Any) -> dict[str, Any]:
        """The body with another value of it; None takes it away."""
        return _put(body, self.at, value)


ANSWERS = "answers"
"""The part of a body that holds the screening answers."""


DAYS = "days"
"""The word by which the name of an answer says that it is counted in days."""

HELP = {
    Box.ITEMS: "Read out each item in the published wording. Leave out what was not answered.",
    Box.DAYS: "Such as 5 months, or 5m for short. A month counts as 30 days, a year as 365.",
}
"""How items and spans are taken down: what callers of the service are told is not for people."""


def of_answer(answer: Answer) -> Field:
    """The field of a screening answer."""
    term = answer.term
    box = Box.DAYS if DAYS in term.name.split("_") else BOXES[term.kind]
    choices = tuple((one, term.labels.get(one, "")) for one in term.choices)
    return Field(
        at=(ANSWERS, answer.name),
        title=term.title,
        question=answer.question,
        box=box,
        help=HELP.get(box, answer.help),
        choices=YES_NO if term.kind is Kind.BOOLEAN else choices,
        low=term.low,
        high=term.high,
        length=answer.length,
        spoken=answer.spoken,
    )


YES_NO = tuple((str(truth).lower(), words.capitalize()) for truth, words in YES_OR_NO.items())
"""What may be chosen where the answer is yes or no."""


def _put(body: Body, at: tuple[str, ...], value: Any) -> dict[str, Any]:
    name, *rest = at
    if rest:
        value = _put(body.get(name) or {}, tuple(rest), value)
    elif value is None:
        return {each: kept for each, kept in body.items() if each != name}
    return {**body, name: value}
