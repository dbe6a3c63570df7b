"""A decision in a list: what was decided, and nothing that names the person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from triage.domain.search import age_band
from triage.spreadsheet import csv_of_rows
from triage.store.search import Found

COLUMNS = (
    "decision_id",
    "sequence",
    "at",
    "route",
    "urgency",
    "status",
    "source",
    "ods_code",
    "rulebook",
    "age_band",
    "place",
    "overridden",
    "booking_held",
    "alerts",
)
"""What is told of a decision in a list: by name in JSON, and in this order in CSV."""


def listed(found: Found) -> dict[str, Any]:
    """What is told of a decision in a list."""
    content = found.entry.content
    decision, referral = content["decision"], content["referral"]
    return {
        "decision_id": found.entry.id,
        "sequence": found.entry.sequence,
        "at": found.entry.at,
        "route": decision["route"]["id"],
        "urgency": decision["urgency"],
        "status": decision["status"],
        "source": referral["source"],
        "ods_code": referral["ods_code"],
        "rulebook": decision["rulebook"]["digest"],
        "age_band": age_band(referral["patient"]["age"]),
        "place": referral["patient"]["place"],
        "overridden": found.overridden,
        "booking_held": decision["booking_held"],
        "alerts": list(dict.fromkeys(alert["id"] for alert in decision["alerts"])),
    }


def csv_header() -> bytes:
    """The first line of a list in CSV."""
    return csv_of_rows([COLUMNS])


def csv_lines(found: Iterable[Found]) -> bytes:
    """Decisions as lines of CSV (RFC 4180): true and false in words, alerts apart by spaces.

    What is not known is left empty.
    """
    return csv_of_rows(map(_cell, listed(one).values()) for one in found)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    several = isinstance(value, Sequence) and not isinstance(value, str)
    return " ".join(value) if several else str(value)
