"""Requests that nobody thought of, made from the OpenAPI document, sent to the running service.

All of the tool's checks are on: no 5xx, nothing undocumented, what the document allows is taken
and what it forbids is refused. A few rules cannot be written in JSON Schema, so what breaks them
alone is mended before it is sent: days lie in the past, and nothing is both answered and declined.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import schemathesis
from hypothesis import HealthCheck, settings

from tests.running import Service
from triage.app import create_app
from triage.config import Settings

A_DAY, A_MOMENT = "2024-02-29", "2024-02-29T12:00:00Z"

document = create_app(Settings()).test_client().get("/openapi.json").get_json()
schema = schemathesis.openapi.from_dict(document)


@schema.parametrize()
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_service_keeps_to_its_document(case: schemathesis.Case[Any], service: Service) -> None:
    if isinstance(case.body, dict):
        mend(case.body)
    case.call_and_validate(base_url=service.url)


def mend(body: dict[str, Any]) -> None:
    """Put valid days in the past, and take what was answered out of what was declined."""
    answers, patient = (part if isinstance(part, dict) else {} for part in map(body.get, _PARTS))
    for holder, name in ((patient, "birth_date"), *((answers, name) for name in _DAYS)):
        if is_written_as(date, holder.get(name)):
            holder[name] = A_DAY
    if is_written_as(datetime, body.get("received_at")):
        body["received_at"] = A_MOMENT
    if isinstance(body.get("declined"), list):
        body["declined"] = [one for one in body["declined"] if str(one) not in answers]


_PARTS = ("answers", "patient")
_DAYS = ("phq9_on", "gad7_on", "risk_asked_on", "monitoring_review_on")


def is_written_as(kind: type[date], value: object) -> bool:
    """Is a value a day, or a moment, as the standards write them?"""
    try:
        return isinstance(value, str) and bool(kind.fromisoformat(value))
    except ValueError:
        return False
