"""Mends what JSON Schema cannot say of CDS Hooks calls, where nothing else is wrong with them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.cds_hooks.calls import SERVICES

A_MOMENT = "2024-02-29T12:00:00Z"


def service_of(body: Any, otherwise: str) -> str:
    """A service is called by its own hook: the service of the hook of a body, if it has one."""
    hook = body.get("hook") if isinstance(body, dict) else None
    return SERVICES.get(hook, otherwise) if isinstance(hook, str) else otherwise


def mend_call(body: dict[str, Any]) -> None:
    """Send the patient along, who is the one whose record is open; date feedback in our time."""
    context, prefetch = body.get("context"), body.get("prefetch")
    id_ = context.get("patientId") if isinstance(context, dict) else None
    if isinstance(id_, str) and isinstance(prefetch, dict | None):
        body["prefetch"] = {**(prefetch or {}), "patient": {"resourceType": "Patient", "id": id_}}
    outcomes = body.get("feedback")
    for one in outcomes if isinstance(outcomes, list) else ():
        if isinstance(one, dict) and _is_moment(one.get("outcomeTimestamp")):
            one["outcomeTimestamp"] = A_MOMENT


def _is_moment(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(datetime.fromisoformat(value))
    except ValueError:
        return False
