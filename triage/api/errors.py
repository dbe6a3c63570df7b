"""Turns every error into a problem. Nothing of a patient and nothing of our insides gets out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from triage import metrics
from triage.access.refusals import AccessError
from triage.api.fhir.answering import is_fhir
from triage.api.fhir.outcomes import findings_of_problem, outcome_response
from triage.api.lax_json import readings
from triage.api.problem import DETAILS, MEDIA_TYPE, Problem
from triage.api.requests import request_id
from triage.api.responses import json_response
from triage.api.strict_json import BodyError
from triage.danger import Danger, DangerFinder
from triage.errors import (
    ConflictError,
    EngineError,
    Fault,
    LogError,
    LogUnavailableError,
    NotReadyError,
    NotRecordedError,
    ReferralError,
    TriageError,
)
from triage.fhir.findings import Finding, FindingsError
from triage.logs import logger, of_error

LOG = logger("triage.errors")

SERVER_ERRORS = HTTPStatus.INTERNAL_SERVER_ERROR
"""From this status on an error is ours, and what the rules would say is not to be relied on."""

RETRY_AFTER_SECONDS = "5"
"""When a caller may try again after an answer of 503."""


NOT_RECORDED = (
    "Nothing can be recorded or read now: no decision is acknowledged. Have a clinician look at the"
    " referral now; then send it again, with the same Idempotency-Key."
)


AsPage = Callable[[Problem], Response | None]
"""Makes a page of an error, where a person asked for one."""

BodyReader = Callable[[Any], Any]
"""Makes of what was posted to an endpoint, any JSON value, the body of a referral."""


class Problems:
    """Answers errors: with the safety-net sentence always, and with danger where there is any.

    ``decides`` are the endpoints to which referrals are posted, each with how such a body is read:
    an error there must not hide danger. ``as_page`` answers people.
    """

    def __init__(
        self,
        safety_net: str,
        danger: DangerFinder,
        decides: Mapping[str, BodyReader],
        as_page: AsPage,
    ) -> None:
        self._safety_net, self._danger, self._decides = safety_net, danger, decides
        self._as_page = as_page

    def register(self, app: Flask) -> None:
        """Answer every error of an app."""
        app.register_error_handler(AccessError, self.of_access)
        app.register_error_handler(BodyError, self.of_body)
        app.register_error_handler(ReferralError, self.of_referral)
        app.register_error_handler(FindingsError, self.of_findings)
        app.register_error_handler(EngineError, self.of_engine)
        app.register_error_handler(NotReadyError, self.of_not_ready)
        app.register_error_handler(LogUnavailableError, self.of_log)
        app.register_error_handler(LogError, self.of_log)
        app.register_error_handler(ConflictError, self.of_conflict)
        app.register_error_handler(NotRecordedError, self.of_not_recorded)
        app.register_error_handler(HTTPException, self.of_http)
        app.register_error_handler(Exception, self.of_anything_else)

    def of_access(self, error: AccessError) -> Response:
        """The answer to who may not call. A referral that came with it is still read for danger."""
        refusal = error.refusal
        LOG.info("refused", request_id=request_id(), why=error.why, status=refusal.status.value)
        if refusal.status is HTTPStatus.SERVICE_UNAVAILABLE:
            return self._unavailable(refusal.detail)
        answer = self._answer(refusal.status, refusal.detail)
        if refusal.challenge:
            answer.headers["WWW-Authenticate"] = refusal.challenge
        return answer

    def of_body(self, error: BodyError) -> Response:
        """The answer to a body that is not to be read."""
        return self._answer(error.status, error.detail, error.faults)

    def of_referral(self, error: ReferralError) -> Response:
        """The answer to a referral with faults."""
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return self._answer(status, DETAILS[status], error.faults)

    def of_findings(self, error: FindingsError) -> Response:
        """The answer to a FHIR resource that is refused."""
        return self._outcome(error.status, error.findings)

    def of_engine(self, error: EngineError) -> Response:
        """The answer where the rules could not be run: nobody was routed, so a person must look."""
        LOG.error("no_decision", request_id=request_id(), **of_error(error))
        return self._unavailable(DETAILS[HTTPStatus.SERVICE_UNAVAILABLE])

    def of_not_ready(self, error: NotReadyError) -> Response:
        """The answer of a service that is not ready: which checks failed, and nothing of why."""
        return self._come_again(f"Not ready: {', '.join(error.checks)}.")

    def of_log(self, error: LogUnavailableError | LogError) -> Response:
        """The answer where nothing can be recorded or read: what was decided does not stand."""
        LOG.error("log_unavailable", request_id=request_id(), **of_error(error))
        return self._unavailable(NOT_RECORDED)

    def of_conflict(self, error: ConflictError) -> Response:
        """The answer to what does not fit what is recorded."""
        return self._answer(HTTPStatus.CONFLICT, f"{_sentence(error)}.")

    def of_not_recorded(self, error: NotRecordedError) -> Response:
        """The answer to a question about what is not there."""
        return self._answer(HTTPStatus.NOT_FOUND, f"{_sentence(error)}.")

    def of_http(self, error: HTTPException) -> Response:
        """The answer to what the web framework refuses, with the headers it asks for."""
        status = HTTPStatus(error.code or HTTPStatus.INTERNAL_SERVER_ERROR)
        answer = self._answer(status, DETAILS.get(status, status.phrase))
        for name, value in error.get_headers():
            if name != "Content-Type":
                answer.headers[name] = value
        return answer

    def of_anything_else(self, error: Exception) -> Response:
        """The answer to an error nobody foresaw. Its text may quote a patient, so none is told."""
        LOG.error("unforeseen_error", request_id=request_id(), **of_error(error))
        status = HTTPStatus.INTERNAL_SERVER_ERROR
        return self._answer(status, DETAILS[status])

    def _unavailable(self, detail: str) -> Response:
        metrics.unavailable()
        return self._come_again(detail)

    def _come_again(self, detail: str) -> Response:
        answer = self._answer(HTTPStatus.SERVICE_UNAVAILABLE, detail)
        answer.headers["Retry-After"] = RETRY_AFTER_SECONDS
        return answer

    def _answer(self, status: HTTPStatus, detail: str, faults: tuple[Fault, ...] = ()) -> Response:
        if is_fhir(request.path):
            return self._outcome(status, findings_of_problem(status, detail, faults))
        danger = self._danger_told(status)
        problem = Problem(status, detail, self._safety_net, faults, danger, request_id())
        answer = self._as_page(problem) or json_response(problem.as_dict(), status, MEDIA_TYPE)
        answer.headers["Cache-Control"] = "no-store"
        return answer

    def _outcome(self, status: HTTPStatus, findings: Sequence[Finding]) -> Response:
        """The same under ``/fhir``."""
        return outcome_response(status, findings, self._safety_net, self._danger_told(status))

    def _danger_told(self, status: HTTPStatus) -> Danger | None:
        read = self._decides.get(request.endpoint or "")
        if read is None or request.method != "POST":
            return None
        try:
            bodies = map(read, readings(request.get_data()))
            found = self._danger.find(bodies, datetime.now(UTC))
        except HTTPException:  # it could not be read to its end
            return None
        except Exception:
            if status < SERVER_ERRORS:
                raise
            return None  # what failed once failed again: nothing is made up
        if found:
            metrics.danger_told()
        return found


def _sentence(error: TriageError) -> str:
    said = str(error)
    return said[:1].upper() + said[1:]
