from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.fhir.messages import Resource, a_message, a_response
from tests.fhir.reading.sending import (
    ICD10,
    PERSON,
    SNOMED,
    answers,
    concept,
    errors,
    notes,
    own,
    warnings,
)
from triage.fhir.reading import MessageReader, Placed, Read

AT = "Bundle.entry[4].resource"
REQUEST = "Bundle.entry[1].resource"
DEPRESSION = concept(ICD10, "F32.1")
DIABETES = concept(ICD10, "E11")


def a_condition(code: Resource, **more: Any) -> Resource:
    return {"resourceType": "Condition", "subject": PERSON, "code": code, **more}


def read_of(reader: MessageReader, *conditions: Resource, **request: Any) -> Read:
    return reader.message(a_message({}, *conditions, request=request)).read


def problem(read: Read) -> Any:
    return answers(read).get("presenting_problem")


@pytest.mark.parametrize(
    ("system", "code", "meant"),
    [
        (ICD10, "F32", "depression"),
        (ICD10, "F32.1", "depression"),
        (ICD10, "F33.9", "depression"),
        (ICD10, "F41.1", "gad"),
        (ICD10, "F411", "gad"),
        (ICD10, "F41.2", "mixed_anxiety_depression"),
        (ICD10, "F42X", "ocd"),
        (ICD10, "f43.1", "ptsd"),
        (SNOMED, "83482000", "bdd"),
        ("https://referral-triage.example/fhir/CodeSystem/presenting_problem", "anger", "anger"),
    ],
)
def test_a_condition_names_the_problem(
    reader: MessageReader, system: str, code: str, meant: str
) -> None:
    read = read_of(reader, a_condition(concept(system, code)))
    assert (problem(read), read.findings) == (meant, ())
    assert read.places["answers.presenting_problem"] == f"{AT}.code"


@pytest.mark.parametrize("code", ["F41", "F41.9", "F3", "F", "E11"])
def test_what_stands_above_or_beside_a_code_is_another_problem(
    reader: MessageReader, code: str
) -> None:
    read = read_of(reader, a_condition(concept(ICD10, code)))
    assert (problem(read), notes(read)) == (None, [f"{AT}.code"])


@pytest.mark.parametrize(
    "status",
    [
        {"clinicalStatus": concept("urn:x", "resolved")},
        {"clinicalStatus": concept("urn:x", "inactive")},
        {"verificationStatus": concept("urn:x", "refuted")},
        {"verificationStatus": concept("urn:x", "entered-in-error")},
    ],
)
def test_what_is_there_no_more_or_never_was_is_passed_over(
    reader: MessageReader, status: Resource
) -> None:
    read = read_of(reader, a_condition(DEPRESSION, **status))
    assert (problem(read), notes(read)) == (None, [AT])


@pytest.mark.parametrize("status", ["active", "recurrence", "relapse"])
def test_what_is_there_now_is_read(reader: MessageReader, status: str) -> None:
    condition = a_condition(DEPRESSION, clinicalStatus=concept("urn:x", status))
    assert problem(read_of(reader, condition)) == "depression"


def test_of_several_conditions_none_is_read_unless_the_request_names_one(
    reader: MessageReader,
) -> None:
    several = (a_condition(DIABETES), a_condition(DEPRESSION, id="low"))
    read = read_of(reader, *several)
    assert (problem(read), notes(read)) == (None, [AT, "Bundle.entry[5].resource"])
    named = read_of(reader, *several, reasonReference=[{"reference": "Condition/low"}])
    assert (problem(named), notes(named)) == ("depression", [AT])


def test_a_reason_that_was_not_sent_is_told(reader: MessageReader) -> None:
    read = read_of(reader, reasonReference=[{"reference": "Condition/9"}])
    assert warnings(read) == [f"{REQUEST}.reasonReference[0]"]


def test_the_code_of_a_reason_names_the_problem(reader: MessageReader) -> None:
    read = read_of(reader, reasonCode=[DEPRESSION])
    assert (problem(read), read.findings) == ("depression", ())
    assert read.places["answers.presenting_problem"] == f"{REQUEST}.reasonCode[0]"


def test_two_reasons_for_one_problem_are_one(reader: MessageReader) -> None:
    read = read_of(reader, a_condition(DEPRESSION), reasonCode=[concept(ICD10, "F32")])
    assert (problem(read), read.findings) == ("depression", ())


def test_of_reasons_for_two_problems_neither_is_made_the_main_one(reader: MessageReader) -> None:
    read = read_of(reader, reasonCode=[DEPRESSION, concept(ICD10, "F42")])
    assert problem(read) is None
    assert (errors(read), warnings(read)) == ([], [f"{REQUEST}.reasonCode[1]"])


def test_an_answer_counts_before_a_reason(reader: MessageReader) -> None:
    answer = {"valueCoding": own("presenting_problem", "ocd")}
    response = a_response([{"linkId": "presenting_problem", "answer": [answer]}])
    read = read_of(reader, response, reasonCode=[DEPRESSION])
    assert (problem(read), errors(read)) == ("ocd", [])
    assert notes(read) == [f"{REQUEST}.reasonCode[0]"]


def test_a_problem_that_was_declined_is_not_made_up(reader: MessageReader) -> None:
    declined = {"linkId": "declined", "answer": [{"valueString": "presenting_problem"}]}
    read = read_of(reader, a_response([declined]), reasonCode=[DEPRESSION])
    assert (problem(read), read.body["declined"]) == (None, ["presenting_problem"])
    assert errors(read) == []


@pytest.mark.parametrize("onset", ["2026-08-12", "2026-08-12T10:00:00+01:00"])
def test_the_days_since_the_onset_are_counted_to_when_it_was_written(
    reader: MessageReader, onset: str
) -> None:
    condition = a_condition(DEPRESSION, onsetDateTime=onset)
    read = read_of(reader, condition, authoredOn="2026-11-20T09:00:00Z")
    assert answers(read)["problem_duration_days"] == 100
    assert read.places["answers.problem_duration_days"] == f"{AT}.onset"
    assert answers(read_of(reader, condition))["problem_duration_days"] == 100


def test_the_days_since_the_onset_are_counted_to_the_day_of_receipt(
    reader: MessageReader,
) -> None:
    placed = [Placed(a_condition(DEPRESSION, onsetDateTime="2026-08-12"), "prefetch.problem")]
    read = reader.resources(placed, date(2026, 11, 20))
    assert answers(read)["problem_duration_days"] == 100
    assert read.places["answers.problem_duration_days"] == "prefetch.problem.onset"
    assert "problem_duration_days" not in answers(reader.resources(placed))


@pytest.mark.parametrize("onset", ["2027-01-01", "1985-01-31", "1900-01-01"])
def test_an_onset_that_cannot_be_is_left_out_with_a_warning(
    reader: MessageReader, onset: str
) -> None:
    condition = a_condition(DEPRESSION, onsetDateTime=onset)
    read = read_of(reader, condition, authoredOn="2026-11-20T09:00:00Z")
    assert "problem_duration_days" not in answers(read)
    assert (warnings(read), errors(read)) == ([f"{AT}.onset"], [])


@pytest.mark.parametrize(
    ("onset", "days", "places"),
    [("1926-12-15", 36_500, []), ("1926-12-14", None, ["prefetch.problem.onset"])],
)
def test_an_onset_is_at_most_as_long_ago_as_can_be_answered(
    reader: MessageReader, onset: str, days: int | None, places: list[str]
) -> None:
    placed = [Placed(a_condition(DEPRESSION, onsetDateTime=onset), "prefetch.problem")]
    read = reader.resources(placed, date(2026, 11, 20))
    assert (answers(read).get("problem_duration_days"), warnings(read)) == (days, places)


def test_an_onset_on_the_day_of_birth_is_read(reader: MessageReader) -> None:
    condition = a_condition(DEPRESSION, onsetDateTime="1985-02-01")
    assert answers(read_of(reader, condition))["problem_duration_days"] > 365


@pytest.mark.parametrize("onset", ["2026", "2026-08", "long ago"])
def test_an_onset_that_is_no_whole_day_is_passed_over(reader: MessageReader, onset: str) -> None:
    read = read_of(reader, a_condition(DEPRESSION, onsetDateTime=onset))
    assert "problem_duration_days" not in answers(read)
    assert (notes(read), errors(read)) == ([f"{AT}.onset"], [])


def test_the_onset_of_another_illness_is_not_that_of_the_problem(reader: MessageReader) -> None:
    read = read_of(reader, a_condition(DIABETES, onsetDateTime="2001-01-01"))
    assert answers(read) == {}


def test_days_that_were_answered_count_before_an_onset(reader: MessageReader) -> None:
    item = {"linkId": "problem_duration_days", "answer": [{"valueInteger": 99}]}
    condition = a_condition(DEPRESSION, onsetDateTime="2026-08-12")
    read = read_of(reader, condition, a_response([item]))
    assert (answers(read)["problem_duration_days"], errors(read)) == (99, [])
    assert f"{AT}.onset" in notes(read)
