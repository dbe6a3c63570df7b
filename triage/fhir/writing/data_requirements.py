"""What is still to be asked, as R4 says which data would be needed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from triage.domain.referral import BIRTH_DATE, SOURCE
from triage.domain.vocabulary import Answer
from triage.fhir.writing.elements import Element, coding
from triage.fhir.writing.terms import Terms

ELSEWHERE: Mapping[str, tuple[str, str]] = {
    BIRTH_DATE: ("Patient", "birthDate"),
    SOURCE: ("ServiceRequest", "requester"),
}
"""What is missing and is no answer: the resource and the element that would say it."""


def data_requirement(missing: Mapping[str, Any], terms: Terms) -> Element:
    """The data that a missing answer is, as an entry of ``missing`` in a decision names it."""
    why = {"url": terms.own.extension("why"), "valueString": missing["why"]}
    if missing["answer"] not in ELSEWHERE:
        codes = [{"path": "code", "code": _codes(missing, terms)}]
        return {"extension": [why], "type": "Observation", "codeFilter": codes}
    type_, path = ELSEWHERE[missing["answer"]]
    question = {"url": terms.own.extension("question"), "valueString": missing["question"]}
    return {"extension": [question, why], "type": type_, "mustSupport": [path]}


def _codes(missing: Mapping[str, Any], terms: Terms) -> list[Element]:
    """What the missing answer is called: by us, and by the national systems that know it."""
    own = coding(terms.own.system("answer"), str(missing["answer"]), str(missing["question"]))
    known = terms.vocabulary.answers.get(str(missing["answer"]))
    return [own, *_national(known, terms)] if known else [own]


def _national(answer: Answer, terms: Terms) -> list[Element]:
    systems = terms.vocabulary.messages.systems
    return [coding(systems[name], code) for name, code in answer.codes.items()]
