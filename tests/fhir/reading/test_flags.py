from __future__ import annotations

from typing import Any

import pytest

from tests.fhir.messages import Resource
from tests.fhir.reading.conftest import Sending
from tests.fhir.reading.sending import PERSON, answers, concept, errors, notes, own

AT = "Bundle.entry[4].resource"


def a_flag(*codings: Resource, status: str = "active", **more: Any) -> Resource:
    made = {"resourceType": "Flag", "status": status, "code": {"coding": list(codings)}}
    return {**made, "subject": PERSON, **more}


@pytest.mark.parametrize("name", ["safeguarding_concern", "perinatal", "emergency_now"])
def test_a_flag_answers_yes(sending: Sending, name: str) -> None:
    read = sending(a_flag(own("answer", name)))
    assert (answers(read), read.findings) == ({name: True}, ())
    assert read.places[f"answers.{name}"] == f"{AT}.code"


def test_a_flag_names_adjustments(sending: Sending) -> None:
    read = sending(a_flag(own("adjustments", "interpreter")), a_flag(own("adjustments", "evening")))
    assert (answers(read), read.findings) == ({"adjustments": ["interpreter", "evening"]}, ())
    assert read.places["answers.adjustments.1"] == "Bundle.entry[5].resource.code"


@pytest.mark.parametrize(
    "flag",
    [
        a_flag(*concept("urn:theirs", "S")["coding"]),
        a_flag(code={"text": "A dog"}),
    ],
)
def test_another_flag_is_passed_over(sending: Sending, flag: Resource) -> None:
    read = sending(flag)
    assert (answers(read), notes(read)) == ({}, [AT])


@pytest.mark.parametrize("name", ["plan", "phq9_total", "levels.risk", "emergency_nov"])
def test_a_flag_of_ours_that_answers_no_question_of_yes_or_no_is_an_error(
    sending: Sending, name: str
) -> None:
    read = sending(a_flag(own("answer", name)))
    assert (answers(read), errors(read)) == ({}, [f"{AT}.code"])


@pytest.mark.parametrize("status", ["inactive", "entered-in-error"])
def test_a_flag_that_is_not_active_says_neither_yes_nor_no(sending: Sending, status: str) -> None:
    read = sending(a_flag(own("answer", "safeguarding_concern"), status=status))
    assert (answers(read), notes(read)) == ({}, [f"{AT}.status"])
