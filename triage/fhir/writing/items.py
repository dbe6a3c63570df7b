"""Screening answers as items of a QuestionnaireResponse, in the groups of the questionnaire.

The ``linkId`` of an answer is its name, of one item of an instrument ``phq9_items.1``; beside them
stand ``source``, ``patient.age`` and ``levels.<factor>``, what a clinician rated.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from triage.domain.referral import SOURCE
from triage.domain.rules import LEVELS, NO_INDICATORS
from triage.domain.vocabulary import Answer, Kind, Vocabulary
from triage.fhir import systems
from triage.fhir.own import Own
from triage.fhir.questionnaires.items import item_text
from triage.fhir.writing.elements import Element, coding, plain

AGE, ABOUT, RATINGS = "patient.age", "about", "levels"

DECLINED: Element = {"url": systems.DATA_ABSENT, "valueCode": "asked-declined"}
MASKED: Element = {"extension": [{"url": systems.DATA_ABSENT, "valueCode": "masked"}]}
"""The answer that stands for words that were withheld."""

NOT_RATED = LEVELS[0]
RISK_AT_ITS_LOWEST = ("risk", LEVELS[1])


@dataclass(frozen=True, slots=True)
class Answered:
    """What a referral answers, its parts as a body has them (contract, section 1).

    What is null was not asked. A word of a list that is None was withheld.
    """

    answers: Mapping[str, Any] = field(default_factory=dict)
    declined: Collection[str] = ()
    levels: Mapping[str, str | None] = field(default_factory=dict)
    source: str | None = None
    age: int | None = None


class ItemWriter:
    """Writes answers in the words of one vocabulary; one that it does not know, by its type."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary, self._own = vocabulary, Own.of(vocabulary)
        self._groups = dict.fromkeys(one.group for one in vocabulary.answers.values())

    def answers_as_items(self, answered: Answered) -> list[Element]:
        """The items, in the groups and the order of the questionnaire; no group is empty."""
        grouped: dict[str, list[Element]] = {name: [] for name in self._groups}
        for name in self._asked(answered):
            known = self._vocabulary.answers.get(name)
            group = grouped.setdefault(known.group if known else ABOUT, [])
            group += self._answered(name, known, answered)
        about = [*self._about(answered), *grouped.pop(ABOUT, [])]
        parts = {**grouped, ABOUT: about, RATINGS: self._rated(answered.levels)}
        return [
            {"linkId": f"group.{name}", "item": items} for name, items in parts.items() if items
        ]

    def _asked(self, answered: Answered) -> list[str]:
        """The names of what was answered or declined, in the order of the vocabulary."""
        asked = dict.fromkeys((*answered.answers, *sorted(answered.declined)))
        return _in_order(asked, self._vocabulary.answers)

    def _answered(self, name: str, known: Answer | None, answered: Answered) -> list[Element]:
        value, question = answered.answers.get(name), known.question if known else None
        if value is None and name in answered.declined:
            return [{"extension": [DECLINED], **_asked(name, question)}]
        if value is None:
            return []
        if known and known.term.kind is Kind.ITEMS:
            return _scores(known, value)
        listed = value if isinstance(value, list | tuple) else [value]
        values = [self._value(name, known, each) for each in listed] or [self._none_of(name)]
        return [_item(name, question, values)]

    def _none_of(self, name: str) -> Element:
        """The answer that there is nothing to list."""
        return {"valueCoding": coding(self._own.system(name), "none", "None")}

    def _value(self, name: str, known: Answer | None, value: Any) -> Element:
        if value is None:
            return MASKED
        if isinstance(value, bool):
            return {"valueBoolean": value}
        if isinstance(value, int | float):
            return {"valueInteger": int(value)}
        if known and value in known.term.choices:
            label = known.term.labels.get(value)
            return {"valueCoding": coding(self._own.system(name), value, label)}
        is_day = known is not None and known.term.kind is Kind.DATE
        return {"valueDate": value} if is_day else {"valueString": plain(value)}

    def _about(self, answered: Answered) -> Iterable[Element]:
        if answered.source is not None:
            known = self._vocabulary.sources_of_referral.get(answered.source)
            title = known.title if known else None
            value = coding(self._own.system(SOURCE), answered.source, title)
            yield _item(SOURCE, None, [{"valueCoding": value}])
        if answered.age is not None:
            yield _item(AGE, None, [{"valueInteger": int(answered.age)}])

    def _rated(self, levels: Mapping[str, str | None]) -> list[Element]:
        """What a clinician rated; the lowest level of risk never reads as a prediction."""
        rated = {name: one for name, one in levels.items() if one not in (None, NOT_RATED)}
        return [
            _item(f"{RATINGS}.{name}", None, [{"valueCoding": self._level(name, rated[name])}])
            for name in _in_order(rated, self._vocabulary.factors)
        ]

    def _level(self, factor: str, level: Any) -> Element:
        said = NO_INDICATORS if (factor, level) == RISK_AT_ITS_LOWEST else level
        return coding(self._own.system("level"), level, said[:1].upper() + said[1:])


def _in_order(names: Mapping[str, Any], words: Mapping[str, Any]) -> list[str]:
    """Names in the order in which the vocabulary has them; what it does not know comes last."""
    return [*(one for one in words if one in names), *(one for one in names if one not in words)]


def _scores(answer: Answer, scores: Collection[int | None]) -> list[Element]:
    """The items of an instrument that were answered, counted from 1, in their group."""
    items = [
        _item(f"{answer.name}.{place}", item_text(answer, place), [{"valueInteger": int(score)}])
        for place, score in enumerate(scores, 1)
        if score is not None
    ]
    return [{"linkId": answer.name, "item": items}] if items else []


def _item(link: str, text: str | None, answer: list[Element]) -> Element:
    return {**_asked(link, text), "answer": answer}


def _asked(link: str, text: str | None) -> Element:
    return {"linkId": link, "text": text} if text else {"linkId": link}
