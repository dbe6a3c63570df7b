"""What is looked for among recorded decisions: every filter that is given must fit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

DEFAULT_LIMIT, LARGEST_LIMIT = 20, 100
"""How many decisions a page holds."""


@dataclass(frozen=True, slots=True)
class Search:
    """Filters by which recorded decisions are found; None or nothing leaves a filter out.

    ``earliest`` and ``before`` bound the time at which a decision was recorded; they carry their
    time zones. Of routes, urgencies, sources, ODS codes and ids one must fit; of rules, every one
    must have fired. ``overridden``: did an override of it come into force?
    """

    earliest: datetime | None = None
    before: datetime | None = None
    routes: tuple[str, ...] = ()
    urgencies: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    ods_codes: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    rulebook: str | None = None
    overridden: bool | None = None
    decision_ids: tuple[str, ...] = ()
    nhs_number: str | None = None

    def without_person(self) -> dict[str, Any]:
        """The filters in the names that callers give them, but for the person they name.

        So they stand in the log, and on what a cursor is good for.
        """
        told = {
            "from": logged(self.earliest) if self.earliest else None,
            "to": logged(self.before) if self.before else None,
            "route": list(self.routes),
            "urgency": list(self.urgencies),
            "source": list(self.sources),
            "ods_code": list(self.ods_codes),
            "rule": list(self.rules),
            "rulebook": self.rulebook,
            "overridden": self.overridden,
            "decision_ids": list(self.decision_ids),
        }
        return {name: value for name, value in told.items() if value not in (None, [])}


@dataclass(frozen=True, slots=True)
class Asked:
    """A search with how it is to be answered.

    ``cursor`` is where the page before this one ended. ``count``: say also how many there are.
    """

    search: Search
    newest_first: bool = True
    limit: int = DEFAULT_LIMIT
    cursor: str | None = None
    count: bool = False


AGE_BANDS = ("<18", "18-25", "26-64", "65+")
"""The bands of age, in completed years, of the national figures."""


def age_band(age: int | None) -> str | None:
    """The band of an age."""
    if age is None:
        return None
    return AGE_BANDS[sum(age >= first for first in (18, 26, 65))]


class Format(StrEnum):
    """How decisions are written that somebody takes away."""

    NDJSON = "ndjson"
    CSV = "csv"


def logged(moment: datetime) -> str:
    """A moment as entries have their time: in UTC, with milliseconds, of which none is too early.

    So a time of an entry is before this text where it is before the moment, and only there.
    """
    begun = timedelta(microseconds=-moment.microsecond % 1000)
    return f"{(moment.astimezone(UTC) + begun).isoformat(timespec='milliseconds')[:23]}Z"
