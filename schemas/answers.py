"""The schema of the screening answers, made from the vocabulary: there is no second list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from marshmallow import Schema

from schemas.days import Day
from schemas.fields import Choice, Listed, Strict, Text, WholeNumber, YesOrNo
from schemas.parts import Body
from triage.domain.vocabulary import Answer, Kind, Vocabulary

MOST_WORDS, LONGEST_WORD = 30, 100
"""How many entries a list of words may have, and how many characters each."""


def answers_schema(vocabulary: Vocabulary) -> Schema:
    """The schema of ``answers``: one field for each answer of the vocabulary."""
    made = {name: FIELDS[one.term.kind](one) for name, one in vocabulary.answers.items()}
    return Body.from_dict(dict(made), name="AnswersSchema")()


def _choice(answer: Answer) -> Strict:
    return Choice(answer.term.choices, _described(answer))


def _number(answer: Answer) -> Strict:
    return WholeNumber(answer.term.low, answer.term.high, _described(answer))


def _items(answer: Answer) -> Strict:
    item = WholeNumber(answer.term.low, answer.term.high)
    length = answer.length
    return Listed(item, length, _described(answer), least=length, gaps=True)


def _words(answer: Answer) -> Strict:
    return Listed(Text(LONGEST_WORD, least=1), MOST_WORDS, _described(answer))


FIELDS: Mapping[Kind, Callable[[Answer], Strict]] = {
    Kind.BOOLEAN: lambda answer: YesOrNo(_described(answer)),
    Kind.CHOICE: _choice,
    Kind.NUMBER: _number,
    Kind.DATE: lambda answer: Day(_described(answer)),
    Kind.LIST: _words,
    Kind.ITEMS: _items,
}
"""The field for each kind of answer."""


def _described(answer: Answer) -> dict[str, Any]:
    choices = "; ".join(f"{one}: {label}" for one, label in answer.term.labels.items())
    said = " ".join(part for part in (answer.question, answer.help, choices) if part)
    return {"title": answer.term.title, "description": said}
