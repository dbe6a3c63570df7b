"""Lets recorded decisions, or the whole log, be taken away, written as they are read.

That somebody takes them is recorded before the first part is given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from triage.domain.caller import Caller
from triage.domain.search import Format, Search
from triage.searching.listing import csv_header, csv_lines
from triage.store.entries import Kind, NewEntry
from triage.store.export import log_lines
from triage.store.log import DecisionLog
from triage.store.search import Page, Way, find, find_all, last_entry

MOST_NAMED = 1000
"""How many decisions about a person are named in the entry that says they were taken away."""

Watcher = Callable[[int, int], object]
"""Told up to which entry the log was written, and which is the last to be."""


def nobody(_done: int, _last: int) -> None:
    """A watcher who does not watch."""


class Exporter:
    """Exports from one log, for somebody. Safe for many threads.

    What is recorded while parts are given is left out. Every call raises ``LogUnavailableError``,
    at once or while parts are read, and ``LogError`` where the log is damaged.
    """

    def __init__(self, log: DecisionLog, watcher: Watcher = nobody) -> None:
        self._log, self._watcher = log, watcher

    def decisions(self, search: Search, format_: Format, by: Caller) -> Iterator[bytes]:
        """The decisions that a search finds now, the oldest first, as parts of a file."""
        before = last_entry(self._log) + 1
        about = self._about(search, before) if search.nhs_number else {"person": False}
        filters = {"filters": search.without_person(), **about}
        self._note(by, "decisions", {"file_format": format_.value, **filters, "up_to": before - 1})
        pages = find_all(self._log, search, before)
        return self._written(pages, format_, before - 1)

    def whole_log(self, first: int, by: Caller) -> Iterator[bytes]:
        """The log from an entry on, up to the entry that says so, as lines that can be checked."""
        self._note(by, "log", {"from_sequence": first})
        return self.unrecorded_log(first)

    def unrecorded_log(self, first: int) -> Iterator[bytes]:
        """The same where nothing can be recorded any more, because the log is damaged."""
        for part in log_lines(self._log, first):
            yield part.lines
            self._watcher(part.done, part.last)

    def _note(self, by: Caller, what: str, parts: Mapping[str, Any]) -> None:
        self._log.append(NewEntry(Kind.EXPORT, by, {"what": what, **parts}))

    def _about(self, search: Search, before: int) -> dict[str, Any]:
        """Of a person the number is left out, and the decisions are named."""
        page = find(self._log, search, MOST_NAMED, Way(newest_first=False, before=before))
        found = [one.entry.id for one in page.found]
        return {"person": True, "found": found, "more": page.after is not None}

    def _written(self, pages: Iterator[Page], format_: Format, last: int) -> Iterator[bytes]:
        if format_ is Format.CSV:
            yield csv_header()
        for page in pages:
            yield csv_lines(page.found) if format_ is Format.CSV else _entries(page)
            self._watcher(last if page.after is None else page.after, last)


def _entries(page: Page) -> bytes:
    """The entries as they stand in the log, one a line."""
    return b"".join(one.entry.leaf + b"\n" for one in page.found)
