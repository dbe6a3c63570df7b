"""Published instruments by number of item: PHQ-9 and GAD-7, coded as others code them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from triage.domain.vocabulary import Answer, Kind, Vocabulary
from triage.fhir.own import Own
from triage.fhir.questionnaires.heading import Resource, heading, notice
from triage.fhir.questionnaires.items import Items, item_text, within
from triage.rulebook import Rulebook

ITEMS, TOTAL = "_items", "_total"
"""How the answers of one instrument end, by which they belong together."""

CODED_BY = "loinc"
"""The code system by which items are known to others, and of which their links are made."""

ORDINAL = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
CALCULATED = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression"

PURPOSE = (
    "{title} by number of item: ask each by its published wording, which is not repeated here. The"
    " day it was completed is the day on which the response was authored."
)


def instruments_of(rulebook: Rulebook) -> Mapping[str, Resource]:
    """A questionnaire for each instrument whose items the vocabulary has and codes, by its id."""
    return {
        answer.name.removesuffix(ITEMS): _instrument(answer, rulebook)
        for answer in rulebook.vocabulary.answers.values()
        if answer.term.kind is Kind.ITEMS and {*answer.item_codes} & {*answer.value_codes}
    }


def _instrument(answer: Answer, rulebook: Rulebook) -> Resource:
    """Its links are LOINC codes of the items behind a slash, as US Core has them."""
    words, id_ = rulebook.vocabulary, answer.name.removesuffix(ITEMS)
    own, title = Own.of(words), answer.term.title.removesuffix(" items")
    panel = {"system": own.system("questionnaire"), "code": id_, "display": title}
    others = Items(words).codes(answer)[1:]
    return {
        **heading(id_, title, PURPOSE.format(title=title), rulebook),
        **notice((*answer.codes, *answer.item_codes)),
        "code": [panel, *others],
        "item": [*_items(answer, words), *_total(answer, words)],
    }


def _items(answer: Answer, words: Vocabulary) -> Iterator[Resource]:
    items = Items(words)
    for number, code in enumerate(answer.item_codes[CODED_BY], start=1):
        yield {
            "linkId": f"/{code}",
            "code": items.codes_of_item(answer, number),
            "text": item_text(answer, number),
            "type": "choice",
            "answerOption": list(_options(answer, items)),
        }


def _options(answer: Answer, items: Items) -> Iterator[Resource]:
    """The answers by code, each shown by its score; the words for them are the instrument's own."""
    for code, score in answer.value_codes[CODED_BY].items():
        coding = {"system": items.uri(CODED_BY), "code": code, "display": str(score)}
        scored = [{"url": ORDINAL, "valueDecimal": score}]
        yield {"valueCoding": {"extension": scored, **coding}}


def _total(answer: Answer, words: Vocabulary) -> Iterator[Resource]:
    total = words.answers.get(answer.name.removesuffix(ITEMS) + TOTAL)
    if total is None or CODED_BY not in total.codes:
        return
    expression = {"language": "text/fhirpath", "expression": _sum(answer, total)}
    extensions = within(total.term)["extension"]
    yield {
        "extension": [*extensions, {"url": CALCULATED, "valueExpression": expression}],
        "linkId": f"/{total.codes[CODED_BY]}",
        "code": Items(words).codes(total),
        "text": f"{total.term.title}, worked out from the items",
        "type": "integer",
        "readOnly": True,
    }


def _sum(answer: Answer, total: Answer) -> str:
    """The sum of the items as FHIRPath, once all are answered: a sum of some is no total."""
    given = f"%resource.item.where(linkId != '/{total.codes[CODED_BY]}').answer.value.code"
    scores = " + ".join(
        f"{given}.where($this = '{code}').count() * {score}"
        for code, score in answer.value_codes[CODED_BY].items()
        if score
    )
    return f"iif({given}.count() = {answer.length}, {scores})"
