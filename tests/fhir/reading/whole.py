"""A message with something of everything in it."""

from __future__ import annotations

from tests.fhir.messages import SAFE, Resource, a_message, a_response, an_item
from tests.fhir.reading.sending import (
    DATA_ABSENT_REASONS,
    DECLINED,
    ICD10,
    LOINC,
    PERSON,
    PHQ9_ITEMS,
    a_choice,
    an_observation,
    concept,
    loinc,
    other_form,
    ours,
    own,
)

NAME = "Zebedee"
"""Stands wherever a patient's own words or name may stand, and nowhere else."""

DAY = {"effectiveDateTime": "2026-11-10"}


def a_whole_message() -> Resource:
    """A message of a practitioner, with every sort of resource that is read."""
    requester = {"reference": "Practitioner/p"}
    request = {
        "requester": requester,
        "identifier": [{"system": "https://fhir.nhs.uk/Id/UBRN", "value": "000000070000"}],
        "category": [{"coding": [own("source", "A1")]}],
        "reasonCode": [concept(ICD10, "F32.1")],
        "reasonReference": [{"reference": "Condition/c"}],
        "replaces": [{"reference": "ServiceRequest/6f4d0c1e-9a0b-4a53-8d05-0c7f5e0f6a11"}],
        "note": [{"text": f"{NAME} is worried."}],
        "authoredOn": "2026-11-20T09:00:00Z",
    }
    patient = {
        "name": [{"family": NAME}],
        "deceasedBoolean": True,
        "extension": [
            {
                "url": "http://hl7.org/fhir/StructureDefinition/patient-interpreterRequired",
                "valueBoolean": True,
            },
            {
                "url": "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-EthnicCategory",
                "valueCodeableConcept": concept("urn:x", "A"),
            },
        ],
    }
    return a_message(SAFE, *_resources(), request=request, patient=patient)


def _resources() -> list[Resource]:
    return [
        {"resourceType": "Practitioner", "id": "p", "name": [{"family": NAME}]},
        {
            "resourceType": "PractitionerRole",
            "practitioner": {"reference": "Practitioner/p"},
            "organization": {"reference": "urn:uuid:00000000-0000-4000-8000-000000000003"},
        },
        *(loinc(code, n % 4, **DAY) for n, code in enumerate(PHQ9_ITEMS)),
        loinc("44261-6", 12, **DAY),
        loinc("44261-6", 20, effectiveDateTime="2026-10-01"),
        loinc("69737-5", 9, effectivePeriod={"start": "2026-11-01", "end": "2026-11-02"}),
        loinc("75626-2", 4),
        _panel(),
        a_choice("thoughts_of_harm", "fleeting", **DAY),
        ours("wsas_total", valueQuantity={"value": 12, "unit": "{score}"}),
        ours("intent", dataAbsentReason=concept(DATA_ABSENT_REASONS, "asked-declined")),
        an_observation(own("factor", "risk"), valueCodeableConcept=_concept("level", "medium")),
        other_form([an_item("/70274-6", 9), {"linkId": "x", "answer": [{"valueString": NAME}]}]),
        a_response([_conditions(), {"linkId": "plan", "extension": [DECLINED]}, _odd()]),
        {"resourceType": "Condition", "id": "c", "subject": PERSON, "onsetDateTime": "2026-01-01",
         "code": concept(ICD10, "F32.1")},
        {"resourceType": "Flag", "status": "active", "subject": PERSON,
         "code": _concept("answer", "safeguarding_concern")},
        {"resourceType": "Flag", "status": "active", "subject": PERSON, "code": {"text": NAME}},
        {"resourceType": "Consent", "status": "active", "patient": PERSON,
         "provision": {"type": "deny"}},
    ]  # fmt: skip


def _concept(system: str, code: str) -> Resource:
    return {"coding": [own(system, code)]}


def _panel() -> Resource:
    part = {"code": concept(LOINC, "69725-0"), "valueCodeableConcept": concept(LOINC, "LA6569-3")}
    return an_observation({"system": LOINC, "code": "69737-5"}, component=[part], **DAY)


def _conditions() -> Resource:
    words = [{"valueString": one} for one in (NAME, "asthma")]
    return {"linkId": "long_term_conditions", "answer": words}


def _odd() -> Resource:
    """A choice that has no such choice, and stands in an answer of another."""
    inner = {"linkId": "harm_towards", "answer": [{"valueString": NAME}]}
    return {"linkId": "veteran", "answer": [{"valueBoolean": True, "item": [inner]}]}
