"""Lets recorded decisions be taken away: all that a search finds, written as they are read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from triage.domain.caller import Caller
from triage.domain.search import Format, Search
from triage.searching.listing import csv_header, csv_lines
from triage.store.entries import Kind, NewEntry
from triage.store.log import DecisionLog
from triage.store.search import Found, Way, find, find_all, last_entry

MOST_NAMED = 1000
"""How many decisions about a person are named in the entry that says they were taken away."""


class Exporter:
    """Exports decisions from one log. Safe for many threads."""

    def __init__(self, log: DecisionLog) -> None:
        self._log = log

    def export(self, search: Search, format_: Format, by: Caller) -> Iterator[bytes]:
        """The decisions that a search finds now, the oldest first, as parts of a file.

        That they are taken away is recorded before the first part. Each part is read by itself when
        it is asked for; whatever is recorded meanwhile is left out. Raises
        ``LogUnavailableError``, then or while it is read.
        """
        before = last_entry(self._log) + 1
        self._note(search, format_, by, before)
        parts = find_all(self._log, search, before)
        if format_ is Format.CSV:
            return chain([csv_header()], map(csv_lines, parts))
        return map(_entries, parts)

    def _note(self, search: Search, format_: Format, by: Caller, before: int) -> None:
        """Record who takes what away. Of a person, the number is left out and decisions named."""
        parts = {
            "what": "decisions",
            "format": format_.value,
            "filters": search.without_person(),
            "person": search.nhs_number is not None,
            "up_to": before - 1,
            **(self._named(search, before) if search.nhs_number else {}),
        }
        self._log.append(NewEntry(Kind.EXPORT, by, parts))

    def _named(self, search: Search, before: int) -> Mapping[str, Any]:
        page = find(self._log, search, MOST_NAMED, Way(newest_first=False, before=before))
        return {"found": [one.entry.id for one in page.found], "more": page.after is not None}


def _entries(found: Sequence[Found]) -> bytes:
    """The entries as they stand in the log, one a line."""
    return b"".join(one.entry.leaf + b"\n" for one in found)
