from __future__ import annotations

from http import HTTPStatus
from typing import Any

import pytest
from fhir.resources.R4B.operationoutcome import OperationOutcome
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.campaigns import share
from triage.fhir.findings import Finding, Severity
from triage.fhir.outcome import SAFETY, operation_outcome
from triage.fhir.r4 import faults_of
from triage.fhir.r4.definitions import DEFINITIONS
from triage.fhir.r4.held import Codes
from triage.fhir.systems import ERROR_CODES

MISSING = Finding(Severity.ERROR, "required", "Bundle.entry[3].resource.status", "is needed")
WARNING = Finding(Severity.WARNING, "value", "", "The NHS number fails its check digit.")
DANGER = {"route": "crisis", "urgency": "very_urgent", "because": "There is an active plan."}
SAFETY_NET = "If there is danger now, call 999."


def issues(*findings: Finding, **others: Any) -> list[dict[str, Any]]:
    """The issues of an outcome, which is R4 by our schema and by other models."""
    outcome = operation_outcome(findings, **others)
    assert faults_of(outcome, "OperationOutcome") == []
    OperationOutcome.model_validate(outcome)
    told: list[dict[str, Any]] = outcome["issue"]
    return told


def codes(issue: dict[str, Any]) -> list[str]:
    """The codes that an issue has by BaRS."""
    coded = issue["details"].get("coding", [])
    assert {one["system"] for one in coded} <= {ERROR_CODES}
    return [one["code"] for one in coded]


def test_a_finding_is_told_with_where_it_is() -> None:
    (issue,) = issues(MISSING, status=HTTPStatus.BAD_REQUEST)
    assert issue == {
        "severity": "error",
        "code": "required",
        "details": {
            "coding": [{"system": ERROR_CODES, "code": "REC_BAD_REQUEST"}],
            "text": "Bundle.entry[3].resource.status: is needed",
        },
        "diagnostics": "Bundle.entry[3].resource.status: is needed",
        "expression": ["Bundle.entry[3].resource.status"],
    }


def test_a_finding_of_no_one_place_has_no_expression() -> None:
    (issue,) = issues(WARNING)
    assert issue["diagnostics"] == WARNING.says
    assert "expression" not in issue


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, "REC_BAD_REQUEST"),
        (401, "REC_UNAUTHORIZED"),
        (403, "REC_FORBIDDEN"),
        (404, "REC_NOT_FOUND"),
        (405, "REC_METHOD_NOT_ALLOWED"),
        (406, "REC_NOT_ACCEPTABLE"),
        (408, "REC_TIMEOUT"),
        (409, "REC_CONFLICT"),
        (413, "REC_BAD_REQUEST"),
        (415, "REC_BAD_REQUEST"),
        (422, "REC_UNPROCESSABLE_ENTITY"),
        (425, "REC_TOO_EARLY"),
        (429, "REC_TOO_MANY_REQUESTS"),
        (500, "REC_SERVER_ERROR"),
        (501, "REC_NOT_IMPLEMENTED"),
        (503, "REC_SERVICE_UNAVAILABLE"),
        (507, "REC_SERVER_ERROR"),
    ],
)
def test_an_error_has_the_code_that_bars_publishes_for_its_status(status: int, code: str) -> None:
    error, warning = issues(MISSING, WARNING, status=HTTPStatus(status))
    assert codes(error) == [code]
    assert codes(warning) == []


@pytest.mark.parametrize("status", [None, HTTPStatus.OK, HTTPStatus.CREATED])
def test_an_answer_that_is_no_error_has_no_code_of_one(status: HTTPStatus | None) -> None:
    (issue,) = issues(MISSING, status=status)
    assert codes(issue) == []


def test_danger_is_told_first_and_as_an_error() -> None:
    first, second = issues(MISSING, status=HTTPStatus.BAD_REQUEST, danger=DANGER)
    assert (first["severity"], first["code"]) == ("error", "business-rule")
    assert first["diagnostics"] == (
        "The answers that could be read conclude danger: route crisis, urgency very_urgent."
        " There is an active plan."
    )
    assert codes(first) == codes(second) == ["REC_BAD_REQUEST"]
    assert second["code"] == "required"


def test_danger_is_told_to_systems_by_its_parts() -> None:
    outcome = operation_outcome([MISSING], danger=DANGER)
    assert outcome["extension"] == [
        {
            "url": SAFETY,
            "extension": [
                {"url": "route", "valueCode": "crisis"},
                {"url": "urgency", "valueCode": "very_urgent"},
                {"url": "because", "valueString": "There is an active plan."},
            ],
        }
    ]


def test_without_danger_nothing_is_said_of_it() -> None:
    assert "extension" not in operation_outcome([MISSING])


def test_what_to_do_in_danger_is_told_last_and_as_information() -> None:
    *_, last = issues(MISSING, status=HTTPStatus.BAD_REQUEST, safety_net=SAFETY_NET, danger=DANGER)
    assert last == {
        "severity": "information",
        "code": "informational",
        "details": {"text": SAFETY_NET},
        "diagnostics": SAFETY_NET,
    }


def test_there_is_always_an_issue() -> None:
    (fine,) = issues()
    assert (fine["severity"], fine["code"]) == ("information", "informational")
    (error,) = issues(status=HTTPStatus.SERVICE_UNAVAILABLE)
    assert (error["severity"], error["diagnostics"]) == ("error", "503 Service Unavailable")
    assert codes(error) == ["REC_SERVICE_UNAVAILABLE"]


def test_an_outcome_may_have_an_id() -> None:
    assert operation_outcome([], id_="a-1")["id"] == "a-1"
    assert "id" not in operation_outcome([])


ISSUE_TYPES = DEFINITIONS["OperationOutcome_Issue"].elements["code"].held
assert isinstance(ISSUE_TYPES, Codes)

TEXTS = st.text().map("There is a fault: {}".format)

FINDINGS = st.builds(
    Finding,
    st.sampled_from(Severity),
    st.sampled_from(ISSUE_TYPES.codes),
    st.sampled_from(["", "Patient.name[0]"]),
    TEXTS,
)


@given(
    st.lists(FINDINGS, max_size=5),
    st.none() | st.sampled_from(HTTPStatus),
    st.none() | TEXTS,
    st.none() | st.just(DANGER) | st.just({**DANGER, "because": ""}),
)
@settings(max_examples=share(1000), deadline=None)
def test_whatever_was_found_makes_an_outcome_of_r4(
    findings: list[Finding],
    status: HTTPStatus | None,
    safety_net: str | None,
    danger: dict[str, str] | None,
) -> None:
    told = issues(*findings, status=status, safety_net=safety_net, danger=danger)
    assert len(told) >= max(len(findings), 1)
