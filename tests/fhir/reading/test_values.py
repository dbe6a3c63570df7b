from __future__ import annotations

from typing import Any

import pytest

from tests.fhir.messages import Resource
from tests.fhir.reading.conftest import Sending
from tests.fhir.reading.sending import (
    LOINC,
    a_choice,
    an_observation,
    answers,
    concept,
    errors,
    ours,
    own,
)

AT = "Bundle.entry[4].resource"


def test_choices_yes_or_no_days_and_lists_have_codes_of_ours(sending: Sending) -> None:
    read = sending(
        a_choice("thoughts_of_harm", "regular"),
        ours("veteran", valueBoolean=False),
        ours("monitoring_review_on", valueDateTime="2026-12-01"),
        ours("long_term_conditions", valueString="asthma"),
        ours("adjustments", valueCodeableConcept={"coding": [own("adjustments", "evening")]}),
    )
    assert read.findings == ()
    assert answers(read) == {
        "thoughts_of_harm": "regular",
        "veteran": False,
        "monitoring_review_on": "2026-12-01",
        "long_term_conditions": ["asthma"],
        "adjustments": ["evening"],
    }


def test_the_day_of_a_moment_is_that_in_the_united_kingdom(sending: Sending) -> None:
    read = sending(ours("monitoring_review_on", valueDateTime="2026-06-30T23:30:00Z"))
    assert answers(read) == {"monitoring_review_on": "2026-07-01"}


@pytest.mark.parametrize(
    ("value", "read_as"),
    [
        ({"valueInteger": 3}, 3),
        ({"valueQuantity": {"value": 3, "unit": "{score}"}}, 3),
        ({"valueCodeableConcept": concept(LOINC, "LA6571-9")}, 3),
        ({"valueInteger": 0}, 0),
        ({"valueInteger": 99}, 99),
        ({"valueInteger": 2.5}, 2.5),
    ],
)
def test_a_number_stays_as_it_was_sent(sending: Sending, value: Resource, read_as: Any) -> None:
    read = sending(an_observation({"system": LOINC, "code": "44260-8"}, **value))
    assert (answers(read), read.findings) == ({"phq9_item9": read_as}, ())


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("44260-8", {"valueString": "2"}),
        ("44260-8", {"valueInteger": "2"}),
        ("44260-8", {"valueInteger": True}),
        ("44260-8", {"valueBoolean": True}),
        ("44260-8", {"valueQuantity": {"value": 2, "comparator": "<"}}),
        ("44260-8", {"valueQuantity": {"unit": "{score}"}}),
        ("44260-8", {"valueCodeableConcept": concept(LOINC, "LA33-6")}),
        ("44260-8", {"valueCodeableConcept": {"text": "Several days"}}),
        ("44260-8", {"valueInteger": 2, "valueString": "2"}),
        ("69725-0", {"valueDateTime": "2026-11-20"}),
    ],
)
def test_what_is_no_value_of_the_answer_is_an_error(
    sending: Sending, code: str, value: Resource
) -> None:
    read = sending(an_observation({"system": LOINC, "code": code}, **value))
    assert (answers(read), errors(read)) == ({}, [f"{AT}.value"])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("veteran", {"valueInteger": 1}),
        ("veteran", {"valueBoolean": "true"}),
        ("plan", {"valueString": "active"}),
        ("plan", {"valueCodeableConcept": concept("urn:theirs", "active")}),
        ("monitoring_review_on", {"valueDateTime": "2026-12"}),
        ("adjustments", {"valueBoolean": True}),
        ("adjustments", {"valueCodeableConcept": concept("urn:theirs", "x")}),
    ],
)
def test_each_kind_of_answer_has_values_of_its_own(
    sending: Sending, name: str, value: Resource
) -> None:
    read = sending(ours(name, **value))
    assert (answers(read), errors(read)) == ({}, [f"{AT}.value"])


def test_a_choice_of_ours_stays_as_it_was_sent(sending: Sending) -> None:
    read = sending(a_choice("plan", "perhaps"))
    assert (answers(read), read.findings) == ({"plan": "perhaps"}, ())


@pytest.mark.parametrize(
    ("quantity", "days"),
    [
        ({"value": 30, "code": "d", "unit": "days"}, 30),
        ({"value": 30}, 30),
        ({"value": 30, "code": "wk"}, None),
        ({"value": 30, "unit": "months"}, None),
    ],
)
def test_days_are_never_read_of_weeks_or_months(
    sending: Sending, quantity: Resource, days: int | None
) -> None:
    read = sending(ours("problem_duration_days", valueQuantity=quantity))
    assert answers(read).get("problem_duration_days") == days
    assert errors(read) == ([] if days else [f"{AT}.value"])
