"""What was found, as it is told to a system: an ``OperationOutcome`` with the codes of BaRS."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from triage.fhir.findings import Finding, Severity
from triage.fhir.systems import ERROR_CODES

REC_CODES: Mapping[HTTPStatus, str] = {
    HTTPStatus.BAD_REQUEST: "REC_BAD_REQUEST",
    HTTPStatus.UNAUTHORIZED: "REC_UNAUTHORIZED",
    HTTPStatus.FORBIDDEN: "REC_FORBIDDEN",
    HTTPStatus.NOT_FOUND: "REC_NOT_FOUND",
    HTTPStatus.METHOD_NOT_ALLOWED: "REC_METHOD_NOT_ALLOWED",
    HTTPStatus.NOT_ACCEPTABLE: "REC_NOT_ACCEPTABLE",
    HTTPStatus.REQUEST_TIMEOUT: "REC_TIMEOUT",
    HTTPStatus.CONFLICT: "REC_CONFLICT",
    HTTPStatus.UNPROCESSABLE_ENTITY: "REC_UNPROCESSABLE_ENTITY",
    HTTPStatus.TOO_EARLY: "REC_TOO_EARLY",
    HTTPStatus.TOO_MANY_REQUESTS: "REC_TOO_MANY_REQUESTS",
    HTTPStatus.INTERNAL_SERVER_ERROR: "REC_SERVER_ERROR",
    HTTPStatus.NOT_IMPLEMENTED: "REC_NOT_IMPLEMENTED",
    HTTPStatus.SERVICE_UNAVAILABLE: "REC_SERVICE_UNAVAILABLE",
}
"""The codes that BaRS publishes for a receiver (its pages on error handling, failure scenarios and
transactional integrity). It has none for 413, 415 and others: those go by their hundred."""

SAFETY = "urn:referral-triage:safety"
"""The extension of an outcome that says of danger what the readable answers conclude."""

Issue = dict[str, Any]


def operation_outcome(
    findings: Sequence[Finding],
    *,
    status: HTTPStatus | None = None,
    safety_net: str | None = None,
    danger: Mapping[str, str] | None = None,
    id_: str | None = None,
) -> dict[str, Any]:
    """The findings, each as an issue; danger before them, and what to do in danger after them.

    ``status`` is that of the answer: by it errors have their code of BaRS. ``danger`` has the parts
    ``route``, ``urgency`` and ``because`` (contract, section 4). There is always an issue.
    """
    coding = _coding(status)
    issues = [
        *([_danger(danger, coding)] if danger else []),
        *(_issue(one, coding) for one in findings or [_nothing_found(status)]),
        *([_issue(_information(safety_net), [])] if safety_net else []),
    ]
    outcome = {
        "resourceType": "OperationOutcome",
        "id": id_,
        "extension": [_safety(danger)] if danger else [],
        "issue": issues,
    }
    return _filled(outcome)


def _coding(status: HTTPStatus | None) -> list[dict[str, str]]:
    """What an error is called by BaRS; nothing where the answer is no error."""
    if status is None or status < HTTPStatus.BAD_REQUEST:
        return []
    server = status >= HTTPStatus.INTERNAL_SERVER_ERROR
    hundred = HTTPStatus.INTERNAL_SERVER_ERROR if server else HTTPStatus.BAD_REQUEST
    return [{"system": ERROR_CODES, "code": REC_CODES.get(status, REC_CODES[hundred])}]


def _issue(finding: Finding, coding: list[dict[str, str]]) -> Issue:
    says = f"{finding.expression}: {finding.says}" if finding.expression else finding.says
    return _filled(
        {
            "severity": finding.severity.value,
            "code": finding.code,
            "details": _filled({"coding": coding if finding.refuses else [], "text": says}),
            "diagnostics": says,
            "expression": [finding.expression] if finding.expression else [],
        }
    )


def _danger(danger: Mapping[str, str], coding: list[dict[str, str]]) -> Issue:
    """Danger as the first issue.

    An error, so that no system that shows errors alone drops it, and coded like the others, for
    some read the first issue only; a ``business-rule``, for it is no fault of what was sent: the
    rules conclude it, and that outranks the refusal.
    """
    concluded = f"route {danger['route']}, urgency {danger['urgency']}"
    says = f"The answers that could be read conclude danger: {concluded}. {danger['because']}"
    return _issue(Finding(Severity.ERROR, "business-rule", "", says.strip()), coding)


def _safety(danger: Mapping[str, str]) -> dict[str, Any]:
    kinds = {"route": "valueCode", "urgency": "valueCode", "because": "valueString"}
    parts = [{"url": part, kind: danger[part]} for part, kind in kinds.items() if danger[part]]
    return {"url": SAFETY, "extension": parts}


def _nothing_found(status: HTTPStatus | None) -> Finding:
    if status is None or status < HTTPStatus.BAD_REQUEST:
        return _information("Nothing was found wrong.")
    return Finding(Severity.ERROR, "processing", "", f"{status.value} {status.phrase}")


def _information(says: str) -> Finding:
    return Finding(Severity.INFORMATION, "informational", "", says)


def _filled(value: dict[str, Any]) -> dict[str, Any]:
    """Without what is empty, which R4 does not have."""
    return {name: inner for name, inner in value.items() if inner}
