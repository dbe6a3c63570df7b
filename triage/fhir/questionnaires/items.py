"""Answers of the vocabulary as items of a questionnaire."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from schemas.answers import LONGEST_WORD
from triage.domain.vocabulary import Answer, AskedWhen, Kind, Term, Vocabulary
from triage.fhir.own import Own
from triage.fhir.questionnaires.heading import Resource

MIN_VALUE = "http://hl7.org/fhir/StructureDefinition/minValue"
MAX_VALUE = "http://hl7.org/fhir/StructureDefinition/maxValue"
ITEM_CONTROL = "http://hl7.org/fhir/StructureDefinition/questionnaire-itemControl"
ITEM_CONTROLS = "http://hl7.org/fhir/questionnaire-item-control"


class Items:
    """Makes items of the answers of one vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary, self._own = vocabulary, Own.of(vocabulary)
        self._kinds: Mapping[Kind, Callable[[Answer], Resource]] = {
            Kind.BOOLEAN: lambda _: {"type": "boolean"},
            Kind.CHOICE: lambda one: {"type": "choice", **self._options(one)},
            Kind.NUMBER: lambda one: {"type": "integer", **within(one.term)},
            Kind.DATE: lambda _: {"type": "date"},
            Kind.LIST: self._list,
            Kind.ITEMS: self._group_of_items,
        }

    def of(self, answer: Answer) -> Resource:
        """The item of an answer; its ``linkId`` is the name of the answer."""
        made = self._kinds[answer.term.kind](answer)
        parts = [*_help(answer), *made.pop("item", ())]
        return in_order(
            {
                "linkId": answer.name,
                "code": self.codes(answer),
                "text": answer.question,
                **made,
                **self._enabled(answer),
                **({"item": parts} if parts else {}),
            }
        )

    def codes(self, answer: Answer) -> list[Resource]:
        """The codes of an answer: our own, and then those that others know it by."""
        return [
            {**self._code(answer.name), "display": answer.term.title},
            *({"system": self.uri(system), "code": code} for system, code in answer.codes.items()),
        ]

    def codes_of_item(self, answer: Answer, number: int) -> list[Resource]:
        """The codes of one item of an instrument, counted from 1."""
        others = answer.item_codes.items()
        return [
            self._code(f"{answer.name}.{number}"),
            *({"system": self.uri(name), "code": codes[number - 1]} for name, codes in others),
        ]

    def uri(self, system: str) -> str:
        """The URI of a national code system, by the name that the vocabulary gives it."""
        return self._vocabulary.messages.systems[system]

    def _code(self, name: str) -> Resource:
        return {"system": self._own.system("answer"), "code": name}

    def _options(self, answer: Answer) -> Resource:
        return {
            "answerOption": [
                {"valueCoding": self._coding(answer, choice)} for choice in answer.term.choices
            ]
        }

    def _coding(self, answer: Answer, choice: str) -> Resource:
        display = answer.term.labels[choice]
        return {"system": self._own.system(answer.name), "code": choice, "display": display}

    def _list(self, answer: Answer) -> Resource:
        if answer.term.choices:
            return {"type": "open-choice", "repeats": True, **self._options(answer)}
        return {"type": "string", "repeats": True, "maxLength": LONGEST_WORD}

    def _group_of_items(self, answer: Answer) -> Resource:
        """An instrument's items by number: their wording is published elsewhere."""
        items = [
            {
                **within(answer.term),
                "linkId": f"{answer.name}.{number}",
                "code": self.codes_of_item(answer, number),
                "text": item_text(answer, number),
                "type": "integer",
            }
            for number in range(1, answer.length + 1)
        ]
        return {"type": "group", "item": items}

    def _enabled(self, answer: Answer) -> Resource:
        """Hidden only where every answer that it follows is known and says otherwise.

        R4 has ``!=`` hold where no answer equals the value, so also where there is none; others
        take a comparison with nothing as false, which would hide the question for want of an
        answer. So each comparison stands beside ``exists`` false, and any of them shows the
        question: unknown and declined show it whichever way a form reads ``!=``. ``=`` needs the
        same company. The operators of order are not used: R4 says the opposite of what they mean.
        """
        if not answer.asked_when:
            return {}
        after = [part for one in answer.asked_when for part in self._shown_by(one)]
        return {"enableWhen": after, "enableBehavior": "any"}

    def _shown_by(self, one: AskedWhen) -> list[Resource]:
        other = self._vocabulary.answers[one.answer]
        named = {"question": one.answer}
        value: Resource = (
            {"answerBoolean": one.value}
            if isinstance(one.value, bool)
            else {"answerCoding": self._coding(other, one.value)}
        )
        return [
            {**named, "operator": "exists", "answerBoolean": False},
            {**named, "operator": "!=" if one.is_not else "=", **value},
        ]


PARTS = (
    "extension",
    "linkId",
    "code",
    "text",
    "type",
    "enableWhen",
    "enableBehavior",
    "repeats",
    "maxLength",
    "answerOption",
    "item",
)
"""The parts of an item in the order in which R4 lists them."""


def in_order(item: Resource) -> Resource:
    """An item with its parts in the order of R4."""
    return {name: item[name] for name in PARTS if name in item}


def within(term: Term) -> Resource:
    """The range of a whole number, ends included."""
    ends = ((MIN_VALUE, term.low), (MAX_VALUE, term.high))
    return {"extension": [{"url": url, "valueInteger": end} for url, end in ends]}


def item_text(answer: Answer, number: int) -> str:
    """What is put for an item of an instrument, whose own words are not repeated here."""
    return f"{answer.term.title.removesuffix('s')} {number}. Use the published wording."


def _help(answer: Answer) -> list[Resource]:
    """What helps to ask; of items it says how they are listed, which a form need not know."""
    if not answer.help or answer.term.kind is Kind.ITEMS:
        return []
    coding = {"system": ITEM_CONTROLS, "code": "help"}
    control = {"url": ITEM_CONTROL, "valueCodeableConcept": {"coding": [coding]}}
    return [
        {
            "extension": [control],
            "linkId": f"{answer.name}.help",
            "text": answer.help,
            "type": "display",
        }
    ]
