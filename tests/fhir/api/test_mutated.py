"""Messages with fields dropped, doubled, retyped and reordered: each gets an answer."""

from __future__ import annotations

from http import HTTPStatus
from random import Random

import pytest

from tests.campaigns import share
from tests.fhir.api.desk import Desk
from tests.fhir.api.test_what_if import TRIAGE
from tests.fhir.messages import SAFE, Resource, a_message, a_response, a_score, an_item
from tests.fhir.r4.mutants import mutant
from triage.fhir.r4 import faults_of

ROUNDS = 20
IN_A_ROUND = 500

EXPECTED = {
    HTTPStatus.OK,
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.CONFLICT,
    HTTPStatus.UNPROCESSABLE_ENTITY,
}

LOINC = "http://loinc.org"

DANGEROUS = {**SAFE, "emergency_now": True, "plan": "active", "intent": "strong"}


def whole() -> Resource:
    """A message with something of everything in it."""
    condition = {
        "resourceType": "Condition",
        "clinicalStatus": {
            "coding": [
                {
                    "system": "http://terminology.hl7.org/CodeSystem/condition-clinical",
                    "code": "active",
                }
            ]
        },
        "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10", "code": "F32.1"}]},
        "subject": {"reference": "urn:uuid:00000000-0000-4000-8000-000000000002"},
        "onsetDateTime": "2026-01-10",
    }
    scores = [
        a_score(LOINC, code, 1, effectiveDateTime="2026-11-19")
        for code in ("44261-6", "70274-6", "44260-8")
    ]
    return a_message(DANGEROUS, *scores, condition, id_="55555555-0000-4000-8000-000000000001")


@pytest.mark.parametrize("seed", range(share(ROUNDS)), ids=lambda seed: f"round_{seed}")
def test_every_mutant_of_a_message_is_answered(desk: Desk, seed: int) -> None:
    random = Random(seed)
    for number in range(IN_A_ROUND):
        bundle = mutant(whole(), random)
        answer = desk.sends(bundle)
        assert answer.status_code in EXPECTED, (seed, number, answer.get_data(as_text=True))
        told = answer.get_json(force=True)
        assert faults_of(told, told["resourceType"]) == []


@pytest.mark.parametrize("seed", range(share(ROUNDS) // 2), ids=lambda seed: f"round_{seed}")
def test_every_mutant_of_a_response_is_answered(desk: Desk, seed: int) -> None:
    random = Random(seed)
    items = [an_item(name, value) for name, value in DANGEROUS.items()]
    for number in range(IN_A_ROUND):
        sent = mutant(a_response(items), random)
        answer = desk.client.post(TRIAGE, json=sent, content_type="application/fhir+json")
        assert answer.status_code in EXPECTED, (seed, number, answer.get_data(as_text=True))
