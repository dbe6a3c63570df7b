"""What those who run the service ask of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus

from flask import Response

from schemas.rulebook import HealthSchema, ReadySchema
from triage.api.calls import Calls
from triage.api.openapi import Doc, answers_with, problems
from triage.api.responses import json_response
from triage.errors import NotReadyError
from triage.logs import logger, of_error
from triage.metrics import MEDIA_TYPE, exposition
from triage.rulebook import Rulebook

LOG = logger("triage.operations")

Checks = Mapping[str, Callable[[], object]]
"""What must hold for the service to be ready, by name: each raises an error where it does not."""


def operations_blueprint(rulebook: Rulebook, checks: Checks) -> Calls:
    """``GET /healthz``, ``/readyz`` and ``/metrics``."""
    calls = Calls("operations", __name__, description="For those who run the service.")
    stamp = rulebook.stamp
    names = {"id": stamp.id, "version": stamp.version, "digest": stamp.digest}
    ready = {"status": "ready", "rulebook": names, "checks": dict.fromkeys(checks, "ok")}

    @calls.call("GET", "/healthz", answers_with(HealthSchema, "The process is up."))
    def healthz() -> Response:
        """Is the process up?"""
        return json_response({"status": "ok"})

    @calls.call(
        "GET", "/readyz", answers_with(ReadySchema, "It is.", HTTPStatus.SERVICE_UNAVAILABLE)
    )
    def readyz() -> Response:
        """Can all be done that is asked of the service? Each check is really made."""
        failed = [name for name, check in checks.items() if not _holds(name, check)]
        if failed:
            raise NotReadyError(failed)
        return json_response(ready)

    @calls.call("GET", "/metrics", _FIGURES)
    def metrics() -> Response:
        """Figures, in the form that Prometheus reads."""
        return Response(exposition(), content_type=MEDIA_TYPE)

    return calls


def _holds(name: str, check: Callable[[], object]) -> bool:
    try:
        check()
    except Exception as error:  # noqa: BLE001 (whatever it is, the service is not ready)
        LOG.warning("check_failed", check=name, **of_error(error))
        return False
    return True


_TEXT = {"content": {"text/plain": {"schema": {"type": "string"}}}}

_FIGURES: Doc = {"responses": {"200": {"description": "The figures.", **_TEXT}, **problems()}}
