"""Published examples, sent to every address there is: the right reply, or a precise outcome."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.fhir.api.desk import PROCESS, Desk
from tests.fhir.api.test_what_if import TRIAGE
from tests.fhir.messages import of_type

NAMES = (
    "bars_operationoutcome_409_duplicate",
    "bars_operationoutcome_422",
    "bars_servicerequest_get",
    "bars_validationrequest_httpresponse",
    "bars_validationrequest_message",
    "bars_validationresponse_message",
    "ers_servicerequest_search_referral",
    "iops_questionnaireresponse_diabetesrisk",
    "iops_servicerequest_dpp",
    "iops_task_dpp_accepted",
    "iops_task_dpp_request",
    "sdc_phq9_questionnaireresponse_r4",
)

ADDRESSES = (
    PROCESS,
    TRIAGE,
    "/v1/triage",
    "/v1/referrals",
    "/v1/decisions/search",
    "/cds-services/triage-order-select",
    "/cds-services/triage-order-sign",
    "/cds-services/triage-patient-view",
    "/cds-services/triage-patient-view/feedback",
    "/fhir/ServiceRequest/_search",
    "/fhir/GuidanceResponse/_search",
)

TAKEN = {
    ("bars_validationrequest_message", PROCESS),
    ("bars_validationrequest_httpresponse", PROCESS),
    ("iops_questionnaireresponse_diabetesrisk", TRIAGE),
    ("sdc_phq9_questionnaireresponse_r4", TRIAGE),
}
"""What is answered with a decision; everything else is refused."""


def test_these_are_all_of_them(payloads: Path) -> None:
    assert {one.stem for one in payloads.glob("*.json")} == set(NAMES)


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("name", NAMES)
def test_an_example_gets_a_reply_that_fits(
    desk: Desk, payloads: Path, name: str, address: str
) -> None:
    sent = (payloads / f"{name}.json").read_bytes()
    kind = "application/fhir+json" if address.startswith("/fhir") else "application/json"
    answer = desk.client.post(address, data=sent, content_type=kind)
    if (name, address) in TAKEN:
        assert answer.status_code == 200
        return
    assert 400 <= answer.status_code < 500
    told = answer.get_json(force=True)
    is_outcome = told.get("resourceType") == "OperationOutcome"
    assert is_outcome == address.startswith("/fhir")
    assert told["issue"] if is_outcome else told["detail"]


def outcome_of(desk: Desk, payloads: Path, name: str) -> tuple[int, Any]:
    """How an example is answered as a message."""
    answer = desk.sends((payloads / f"{name}.json").read_bytes())
    return answer.status_code, answer.get_json(force=True)


def test_the_published_referral_is_decided_in_spite_of_its_number(
    desk: Desk, payloads: Path
) -> None:
    status, answered = outcome_of(desk, payloads, "bars_validationrequest_message")
    assert status == 200
    (guidance,), (outcome,) = (
        of_type(answered, "GuidanceResponse"),
        of_type(answered, "OperationOutcome"),
    )
    assert guidance["status"] == "data-required"
    number = next(one for one in outcome["issue"] if "check digit" in one["diagnostics"])
    assert number["severity"] == "warning"
    assert number["expression"] == ["Bundle.entry[5].resource.identifier[0].value"]
    assert (
        answered["entry"][0]["resource"]["response"]["identifier"]
        == json.loads((payloads / "bars_validationrequest_message.json").read_bytes())["id"]
    )


@pytest.mark.parametrize(
    ("name", "status", "code", "expression"),
    [
        (
            "bars_validationresponse_message",
            422,
            "not-supported",
            "Bundle.entry[0].resource.response",
        ),
        ("bars_servicerequest_get", 400, "structure", "ServiceRequest.basedOn"),
        ("ers_servicerequest_search_referral", 422, None, "Bundle.type"),
        ("iops_task_dpp_request", 422, "structure", None),
    ],
)
def test_what_is_no_referral_is_refused_at_its_place(  # noqa: PLR0913, PLR0917
    desk: Desk, payloads: Path, name: str, status: int, code: str | None, expression: str | None
) -> None:
    found, outcome = outcome_of(desk, payloads, name)
    assert found == status
    issues = [one for one in outcome["issue"] if one["severity"] == "error"]
    if code:
        assert code in {one["code"] for one in issues}
    if expression:
        assert expression in {each for one in issues for each in one.get("expression", ())}
