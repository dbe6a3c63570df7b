"""What the published examples of FHIR messages are told."""

from __future__ import annotations

import pytest

from tests.fhir.r4.payloads import FOLDER, needs_payloads, payload
from triage.fhir.r4 import faults_of

TOLD: dict[str, tuple[str, ...]] = {
    "bars_operationoutcome_409_duplicate": (),
    "bars_operationoutcome_422": (),
    "bars_servicerequest_get": (
        "ServiceRequest.basedOn must be a list, even of one",
        (
            "ServiceRequest.PatientInstruction is not an element of ServiceRequest;"
            " take it out (did you mean patientInstruction?)"
        ),
    ),
    "bars_validationrequest_httpresponse": (),
    "bars_validationrequest_message": (),
    "bars_validationresponse_message": (),
    "ers_servicerequest_search_referral": (),
    "iops_questionnaireresponse_diabetesrisk": (),
    "iops_servicerequest_dpp": (),
    "iops_task_dpp_accepted": (),
    "iops_task_dpp_request": (),
    "sdc_phq9_questionnaireresponse_r4": (),
}


@needs_payloads
@pytest.mark.parametrize("name", TOLD)
def test_a_published_example_is_told_what_is_wrong_with_it_and_no_more(name: str) -> None:
    resource = payload(name)
    faults = faults_of(resource, resource["resourceType"])
    assert tuple(f"{one.expression} {one.says}" for one in faults) == TOLD[name]


@needs_payloads
def test_every_published_example_is_among_these() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == set(TOLD)
