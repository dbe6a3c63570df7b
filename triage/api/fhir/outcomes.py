"""Errors under ``/fhir``: each leaves as an ``OperationOutcome``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from flask import Response

from triage.api.fhir.answering import fhir_response
from triage.danger import Danger
from triage.errors import Fault
from triage.fhir.findings import Finding, Severity
from triage.fhir.outcome import operation_outcome

ISSUE_TYPES: Mapping[HTTPStatus, str] = {
    HTTPStatus.BAD_REQUEST: "structure",
    HTTPStatus.UNAUTHORIZED: "login",
    HTTPStatus.FORBIDDEN: "forbidden",
    HTTPStatus.NOT_FOUND: "not-found",
    HTTPStatus.METHOD_NOT_ALLOWED: "not-supported",
    HTTPStatus.NOT_ACCEPTABLE: "not-supported",
    HTTPStatus.CONFLICT: "duplicate",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "too-long",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "not-supported",
    HTTPStatus.UNPROCESSABLE_ENTITY: "processing",
    HTTPStatus.TOO_MANY_REQUESTS: "throttled",
    HTTPStatus.SERVICE_UNAVAILABLE: "transient",
}
"""The issue type (R4, IssueType) of each status; of any other it is ``exception``."""


def findings_of_problem(
    status: HTTPStatus, detail: str, faults: Sequence[Fault] = ()
) -> list[Finding]:
    """An error and its faults as findings of no one place in a resource."""
    code = ISSUE_TYPES.get(status, "exception")
    told = [detail] if not faults else [f"{one.field}: {one.problem}." for one in faults]
    return [Finding(Severity.ERROR, code, "", each) for each in told]


def outcome_response(
    status: HTTPStatus, findings: Sequence[Finding], safety_net: str, danger: Danger | None
) -> Response:
    """The answer to what is refused: every finding, any danger, and what to do in it."""
    outcome = operation_outcome(
        findings,
        status=status,
        safety_net=safety_net,
        danger=danger.as_dict() if danger else None,
    )
    answer = fhir_response(outcome, status)
    answer.headers["Cache-Control"] = "no-store"
    return answer
