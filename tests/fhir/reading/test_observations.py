from __future__ import annotations

from typing import Any

import pytest

from tests.fhir.messages import Resource
from tests.fhir.reading.conftest import Sending
from tests.fhir.reading.sending import (
    DATA_ABSENT_REASONS,
    LOINC,
    PHQ9_ITEMS,
    SNOMED,
    an_observation,
    answers,
    concept,
    errors,
    loinc,
    notes,
    ours,
    own,
    told,
    warnings,
)

AT = "Bundle.entry[4].resource"


@pytest.mark.parametrize(
    ("system", "code", "answer"),
    [
        (LOINC, "44261-6", "phq9_total"),
        (SNOMED, "720433000", "phq9_total"),
        (LOINC, "70274-6", "gad7_total"),
        (SNOMED, "445455005", "gad7_total"),
        (LOINC, "75624-7", "audit_total"),
        (SNOMED, "443280005", "audit_total"),
        (LOINC, "44260-8", "phq9_item9"),
    ],
)
def test_a_score_is_read_by_its_code(sending: Sending, system: str, code: str, answer: str) -> None:
    read = sending(an_observation({"system": system, "code": code}, valueInteger=2))
    assert (answers(read), read.findings) == ({answer: 2}, ())
    assert read.places[f"answers.{answer}"] == f"{AT}.value"


@pytest.mark.parametrize(
    ("name", "value"),
    [("wsas_total", 25), ("problem_duration_days", 400), ("unhelpful_interventions", 3)],
)
def test_a_number_has_a_code_of_ours(sending: Sending, name: str, value: int) -> None:
    assert answers(sending(ours(name, valueInteger=value))) == {name: value}


def test_a_rating_is_read_by_factor_and_level(sending: Sending) -> None:
    rated = an_observation(
        own("factor", "complexity"), valueCodeableConcept={"coding": [own("level", "high")]}
    )
    read = sending(rated)
    assert (read.body["levels"], read.findings) == ({"complexity": "high"}, ())
    assert read.places["levels.complexity"] == f"{AT}.value"


def test_items_of_several_observations_are_joined(sending: Sending) -> None:
    read = sending(*(loinc(code, n % 4) for n, code in enumerate(PHQ9_ITEMS)))
    assert answers(read) == {"phq9_items": [0, 1, 2, 3, 0, 1, 2, 3, 0], "phq9_item9": 0}
    assert read.findings == ()
    assert read.places["answers.phq9_items.2"] == "Bundle.entry[6].resource.value"


def test_an_item_that_was_left_out_is_null(sending: Sending) -> None:
    read = sending(loinc("69725-0", 1), loinc("69736-7", 2))
    assert answers(read) == {"gad7_items": [1, None, None, None, None, None, 2]}


def test_item_nine_alone_makes_no_items(sending: Sending) -> None:
    assert answers(sending(loinc("44260-8", 2))) == {"phq9_item9": 2}


def test_an_item_by_our_own_code_is_that_item_alone(sending: Sending) -> None:
    read = sending(ours("phq9_items.9", valueInteger=2))
    assert answers(read) == {"phq9_items": [None] * 8 + [2]}


def test_components_are_read_by_their_own_codes(sending: Sending) -> None:
    parts = [{"code": concept(LOINC, code), "valueInteger": 1} for code in ("44250-9", "44255-8")]
    coded = {"code": concept(LOINC, "44260-8"), "valueCodeableConcept": concept(LOINC, "LA6569-3")}
    panel = an_observation({"system": LOINC, "code": "44249-1"}, component=[*parts, coded])
    read = sending(panel)
    assert answers(read) == {
        "phq9_items": [1, 1, None, None, None, None, None, None, 1],
        "phq9_item9": 1,
    }
    assert read.findings == ()
    assert read.places["answers.phq9_items.1"] == f"{AT}.component[1].value"


def test_a_panel_of_members_is_read_by_them(sending: Sending) -> None:
    panel = an_observation(
        {"system": LOINC, "code": "69737-5"}, hasMember=[{"reference": "Observation/1"}]
    )
    read = sending(panel, loinc("69725-0", 3, id="1"))
    assert answers(read) == {"gad7_items": [3, None, None, None, None, None, None]}
    assert read.findings == ()


def test_components_of_an_unknown_whole_are_read(sending: Sending) -> None:
    part = {"code": concept(LOINC, "44261-6"), "valueInteger": 7}
    read = sending(an_observation({"system": LOINC, "code": "1234-5"}, component=[part]))
    assert (answers(read), read.findings) == ({"phq9_total": 7}, ())


def test_a_number_under_the_code_of_a_panel_is_its_total_with_a_warning(sending: Sending) -> None:
    read = sending(loinc("69737-5", 12))
    assert (answers(read), warnings(read)) == ({"gad7_total": 12}, [f"{AT}.value"])


def test_an_answer_to_an_item_is_no_total(sending: Sending) -> None:
    value = {"valueCodeableConcept": concept(LOINC, "LA6571-9")}
    read = sending(an_observation({"system": LOINC, "code": "69737-5"}, **value))
    assert (answers(read), errors(read)) == ({}, [f"{AT}.value"])


def coded_twice(coding: Resource, code: str, value: int) -> Resource:
    """An observation by a code of LOINC and by another coding."""
    made = loinc(code, value)
    return {**made, "code": {"coding": [*made["code"]["coding"], coding]}}


def test_the_code_of_a_total_beside_that_of_the_panel_is_a_total(sending: Sending) -> None:
    read = sending(coded_twice({"system": LOINC, "code": "44249-1"}, "44261-6", 12))
    assert (answers(read), read.findings) == ({"phq9_total": 12}, ())


def test_codes_of_two_answers_are_an_error(sending: Sending) -> None:
    read = sending(coded_twice({"system": LOINC, "code": "70274-6"}, "44261-6", 12))
    assert (answers(read), errors(read)) == ({}, [f"{AT}.code"])


def test_our_own_code_wins_over_others(sending: Sending) -> None:
    read = sending(coded_twice(own("answer", "phq9_items.9"), "44260-8", 2))
    assert answers(read) == {"phq9_items": [None] * 8 + [2]}


@pytest.mark.parametrize("code", ["75626-2", "82667-7", "69722-7"])
def test_an_instrument_that_is_not_known_is_named_and_passed_over(
    sending: Sending, code: str
) -> None:
    read = sending(loinc(code, 7))
    assert (answers(read), notes(read)) == ({}, [f"{AT}.code"])
    assert f"code {code} of {LOINC}" in told(read)


@pytest.mark.parametrize("code", ["9990000026", "felt low since May", "x" * 80])
def test_a_code_that_could_be_something_of_a_patient_is_not_repeated(
    sending: Sending, code: str
) -> None:
    read = sending(loinc(code, 7))
    assert notes(read) == [f"{AT}.code"]
    assert code not in told(read)


@pytest.mark.parametrize("status", ["entered-in-error", "cancelled"])
def test_what_was_entered_in_error_or_cancelled_is_passed_over(
    sending: Sending, status: str
) -> None:
    read = sending(loinc("44261-6", 12, status=status))
    assert (answers(read), notes(read)) == ({}, [f"{AT}.status"])


def without_value(reason: str) -> Resource:
    made = ours("substance_use", dataAbsentReason=concept(DATA_ABSENT_REASONS, reason))
    return {**made, "value": None}


def test_what_was_asked_and_declined_is_declined(sending: Sending) -> None:
    read = sending(without_value("asked-declined"))
    assert (read.body["declined"], read.findings) == (["substance_use"], ())
    assert read.places["declined.0"] == AT


@pytest.mark.parametrize("reason", ["unknown", "not-asked", "masked", "error"])
def test_what_is_absent_for_another_reason_was_not_asked(sending: Sending, reason: str) -> None:
    read = sending(without_value(reason))
    assert "declined" not in read.body
    assert notes(read) == [f"{AT}.dataAbsentReason"]


def test_a_value_counts_beside_a_reason_why_there_is_none(sending: Sending) -> None:
    absent = concept(DATA_ABSENT_REASONS, "asked-declined")
    read = sending(ours("emergency_now", valueBoolean=True, dataAbsentReason=absent))
    assert (answers(read), "declined" in read.body) == ({"emergency_now": True}, False)
    assert (warnings(read), errors(read)) == ([f"{AT}.dataAbsentReason"], [])


@pytest.mark.parametrize("system", ["answer", "answers", "plan", "factor"])
def test_a_code_in_a_system_of_ours_that_names_nothing_is_an_error(
    sending: Sending, system: str
) -> None:
    read = sending(an_observation(own(system, "thoughts_of_harmm"), valueBoolean=True))
    assert (answers(read), errors(read)) == ({}, [f"{AT}.code"])
    assert "did you mean thoughts_of_harm?" in told(read)


def test_a_component_with_such_a_code_is_an_error(sending: Sending) -> None:
    part = {"code": {"coding": [own("answer", "emergency_nov")]}, "valueBoolean": True}
    read = sending(an_observation({"system": LOINC, "code": "1234-5"}, component=[part]))
    assert errors(read) == [f"{AT}.component[0].code"]


def test_such_a_code_beside_one_that_is_known_is_an_error_and_the_other_is_read(
    sending: Sending,
) -> None:
    read = sending(coded_twice(own("answer", "phq9_totl"), "44261-6", 12))
    assert (answers(read), errors(read)) == ({"phq9_total": 12}, [f"{AT}.code"])


@pytest.mark.parametrize(
    ("system", "code"),
    [
        ("https://loinc.org", "44261-6"),
        ("http://loinc.org/", "44261-6"),
        ("urn:oid:2.16.840.1.113883.6.1", "44261-6"),
        ("https://snomed.info/sct/", "720433000"),
        ("urn:oid:2.16.840.1.113883.6.96", "720433000"),
        ("http://referral-triage.example/fhir/CodeSystem/answer/", "phq9_total"),
    ],
)
def test_a_system_is_known_however_it_is_spelt(sending: Sending, system: str, code: str) -> None:
    read = sending(an_observation({"system": system, "code": code}, valueInteger=12))
    assert (answers(read), read.findings) == ({"phq9_total": 12}, ())


def test_so_is_the_system_of_a_value(sending: Sending) -> None:
    coded = concept("http://referral-triage.example/fhir/CodeSystem/plan/", "active")
    read = sending(ours("plan", valueCodeableConcept=coded))
    assert (answers(read), read.findings) == ({"plan": "active"}, ())
    scored = concept("urn:oid:2.16.840.1.113883.6.1", "LA6571-9")
    assert answers(sending(ours("phq9_item9", valueCodeableConcept=scored))) == {"phq9_item9": 3}


@pytest.mark.parametrize("code", ["44261-6", "720433000"])
def test_a_known_code_without_a_system_is_read_with_a_warning(sending: Sending, code: str) -> None:
    read = sending(an_observation({"code": code}, valueInteger=12))
    assert (answers(read), warnings(read)) == ({"phq9_total": 12}, [f"{AT}.code"])
    assert errors(read) == []


def test_a_known_code_of_a_value_without_a_system_is_read_with_a_warning(
    sending: Sending,
) -> None:
    coded = {"coding": [{"code": "LA6571-9"}]}
    read = sending(an_observation({"system": LOINC, "code": "44260-8"}, valueCodeableConcept=coded))
    assert answers(read)["phq9_item9"] == 3
    assert (warnings(read), errors(read)) == ([f"{AT}.value"], [])


def test_the_same_code_with_its_system_beside_needs_no_other(sending: Sending) -> None:
    read = sending(coded_twice({"code": "44261-6"}, "44261-6", 12))
    assert (answers(read), read.findings) == ({"phq9_total": 12}, ())


def test_an_observation_of_nothing_was_not_asked(sending: Sending) -> None:
    assert notes(sending(ours("substance_use"))) == [AT]


@pytest.mark.parametrize(
    ("effective", "day", "place"),
    [
        ({"effectiveDateTime": "2026-11-02"}, "2026-11-02", "effective"),
        ({"effectiveDateTime": "2026-11-02T23:59:00+00:00"}, "2026-11-02", "effective"),
        ({"effectiveInstant": "2026-06-02T23:30:00Z"}, "2026-06-03", "effective"),
        ({"effectivePeriod": {"start": "2026-11-01", "end": "2026-11-02"}}, "2026-11-02",
         "effective.end"),
        ({"effectivePeriod": {"start": "2026-11-01"}}, "2026-11-01", "effective.start"),
    ],
)  # fmt: skip
def test_a_score_is_of_the_day_on_which_it_was_taken(
    sending: Sending, effective: Resource, day: str, place: str
) -> None:
    read = sending(loinc("44261-6", 12, **effective))
    assert (answers(read), read.findings) == ({"phq9_total": 12, "phq9_on": day}, ())
    assert read.places["answers.phq9_on"] == f"{AT}.{place}"


@pytest.mark.parametrize("day", ["2026-11", "2026", "soon", "2026-02-30", 20261102])
def test_a_day_that_is_not_whole_dates_nothing_and_is_told(sending: Sending, day: Any) -> None:
    read = sending(loinc("70274-6", 12, effectiveDateTime=day))
    assert (answers(read), warnings(read)) == ({"gad7_total": 12}, [f"{AT}.effective"])


def test_a_whole_with_such_a_code_is_an_error_beside_its_components(sending: Sending) -> None:
    part = {"code": {"coding": [own("answer", "veteran")]}, "valueBoolean": True}
    read = sending(an_observation(own("answer", "emergency_nov"), component=[part]))
    assert (answers(read), errors(read)) == ({"veteran": True}, [f"{AT}.code"])
