"""Days as FHIR writes them: a date, or the day in the United Kingdom at a moment."""

from __future__ import annotations

import re
from datetime import date, datetime

from triage.domain.clock import local_day
from triage.fhir.findings import Finding
from triage.fhir.reading.elements import Element
from triage.fhir.reading.said import Dated, warning

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})\Z"
)


def day_of(written: object) -> date | None:
    """The day of a whole date, or of a moment with its time zone; None of anything else."""
    if not isinstance(written, str):
        return None
    try:
        if _DATE.match(written):
            return date.fromisoformat(written)
        return local_day(datetime.fromisoformat(written)) if _MOMENT.match(written) else None
    except (OverflowError, ValueError):
        return None


def dated(element: Element, name: str, place: str) -> Dated | Finding | None:
    """The day that an element states under a name; a warning where it is no whole day."""
    if element.json.get(name) is None:
        return None
    day = day_of(element.json[name])
    return Dated(day, place) if day else warning("value", place, NOT_A_DAY)


NOT_A_DAY = "This is no whole day of the calendar, so nothing was dated by it; send YYYY-MM-DD."
