"""What those who run the service ask of it."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus

from flask import Response

from schemas.rulebook import HealthSchema, ReadySchema
from triage.api.calls import Calls
from triage.api.openapi import answers_with
from triage.api.responses import json_response
from triage.decide import Decider
from triage.domain.referral import Referral


def operations_blueprint(decider: Decider) -> Calls:
    """``GET /healthz`` and ``/readyz``."""
    calls = Calls("operations", __name__, description="For those who run the service.")
    stamp = decider.rulebook.stamp

    @calls.call("GET", "/healthz", answers_with(HealthSchema, "The process is up."))
    def healthz() -> Response:
        """Is the process up?"""
        return json_response({"status": "ok"})

    @calls.call(
        "GET", "/readyz", answers_with(ReadySchema, "It is.", HTTPStatus.SERVICE_UNAVAILABLE)
    )
    def readyz() -> Response:
        """Is a decision really made when one is asked for?"""
        decider.decide(Referral(received_at=datetime.now(UTC)))
        names = {"id": stamp.id, "version": stamp.version, "digest": stamp.digest}
        return json_response({"status": "ready", "rulebook": names})

    return calls
