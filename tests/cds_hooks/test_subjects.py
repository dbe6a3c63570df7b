from __future__ import annotations

from typing import Any

import pytest

from triage.cds_hooks.subjects import Subject
from triage.fhir.reading.elements import Element

NHS = "https://fhir.nhs.uk/Id/nhs-number"
PATIENT = {"identifier": [{"system": NHS, "value": "9990000026"}]}
SUBJECT = Subject.of(Element(PATIENT, "prefetch.patient"), "1")


def owned(reference: Any, part: str = "subject") -> bool:
    return SUBJECT.owns(Element({"resourceType": "Observation", part: reference}, "x"))


@pytest.mark.parametrize(
    "reference",
    [
        {"reference": "Patient/1"},
        {"reference": "Patient/1/_history/3"},
        {"reference": "https://ehr.example.org/fhir/Patient/1"},
        {"reference": "urn:uuid:1"},
        {"reference": "1"},
        {"reference": "Patient/2", "identifier": {"system": NHS, "value": "999 000 0026"}},
        {"identifier": {"system": "urn:local", "value": "7"}},
        {"identifier": {"system": NHS, "value": "9990000026"}},
        {"display": "the person"},
        {},
    ],
)
def test_what_names_this_person_or_nobody_is_theirs(reference: dict[str, Any]) -> None:
    assert owned(reference)


@pytest.mark.parametrize("part", ["subject", "patient"])
@pytest.mark.parametrize(
    "reference",
    [
        {"reference": "Patient/2"},
        {"reference": "Patient/11"},
        {"reference": "Group/1"},
        {"reference": "11"},
        {"reference": "Patient?identifier=x|1"},
        {"reference": "https://ehr.example.org/fhir/Group/1"},
        {"reference": "Patient/1", "identifier": {"system": NHS, "value": "9990000034"}},
        {"identifier": {"system": NHS, "value": "999 000 0034"}},
        {"type": "Group", "display": "the ward"},
        {"reference": "https://ehr.example.org/fhir/Patient/2"},
        {"identifier": {"system": NHS, "value": "9990000034"}},
    ],
)
def test_what_names_somebody_else_is_not(reference: dict[str, Any], part: str) -> None:
    assert not owned(reference, part)


def test_a_resource_that_names_two_people_is_of_neither() -> None:
    both = {"subject": {"reference": "Patient/1"}, "patient": {"reference": "Patient/2"}}
    assert not SUBJECT.owns(Element(both, "x"))


SERVER = "https://ehr.example.org/fhir"


@pytest.mark.parametrize("written", [SERVER, f"{SERVER}/"])
def test_an_absolute_reference_is_this_person_only_below_the_server_of_who_calls(
    written: str,
) -> None:
    subject = Subject.of(Element(PATIENT, "prefetch.patient"), "1", written)

    def owns(to: str) -> bool:
        return subject.owns(Element({"subject": {"reference": to}}, "x"))

    assert owns(f"{SERVER}/Patient/1")
    assert owns(f"{SERVER}/Patient/1/_history/2")
    assert owns("Patient/1")
    assert not owns("https://other.example/fhir/Patient/1")
    assert not owns(f"{SERVER}/x/Patient/1")


def inside(held: dict[str, Any] | None) -> Element:
    """A resource about somebody who is described inside it."""
    contained = [{"resourceType": "Patient", "id": "p", **held}] if held is not None else []
    return Element({"subject": {"reference": "#p"}, "contained": contained}, "x")


def numbered(number: str) -> dict[str, Any]:
    return {"identifier": [{"system": NHS, "value": number}]}


@pytest.mark.parametrize("held", [None, {}, {"name": [{"text": "x"}]}, numbered("9990000026")])
def test_a_patient_inside_a_resource_with_the_same_number_or_none_is_this_person(
    held: dict[str, Any] | None,
) -> None:
    assert SUBJECT.owns(inside(held))
    told = SUBJECT.as_theirs(inside(held))
    assert told["subject"] == {"reference": "Patient/1"}
    assert told["contained"] == []


@pytest.mark.parametrize("held", [numbered("9990000034"), {"resourceType": "Group"}])
def test_a_patient_inside_a_resource_with_another_number_is_somebody_else(
    held: dict[str, Any],
) -> None:
    assert not SUBJECT.owns(inside(held))
