"""Finds recorded decisions for people and systems, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from triage.domain.caller import Caller
from triage.domain.search import Asked, Search
from triage.searching.cursors import cursor, place_of
from triage.searching.listing import listed
from triage.store.entries import Kind, NewEntry
from triage.store.log import DecisionLog
from triage.store.search import Way, count, find


class Searcher:
    """Searches one log. Safe for many threads."""

    def __init__(self, log: DecisionLog) -> None:
        self._log = log

    def page(self, asked: Asked, by: Caller) -> dict[str, Any]:
        """A page of the decisions that are asked for.

        Where a person is looked for, that is recorded before anything is shown. Raises
        ``ReferralError`` for a wrong cursor, and ``LogUnavailableError``.
        """
        key, place = self._log.person_key, place_of(self._log.person_key, asked)
        page = find(self._log, asked.search, asked.limit, Way(asked.newest_first, place))
        counted = count(self._log, asked.search) if asked.count and place is None else None
        if asked.search.nhs_number or asked.search.decision_ids:
            found = [one.entry.id for one in page.found]
            note_search(self._log, asked.search, found, page.after, by)
        return {
            "decisions": [listed(one) for one in page.found],
            "next": cursor(key, asked, page.after) if page.after is not None else None,
            "count": asdict(counted) if counted else None,
        }


def note_search(
    log: DecisionLog, search: Search, found: Sequence[str], after: int | None, by: Caller
) -> None:
    """Record who looked for a person, or at decisions by their ids, and what was found.

    The number is not in the entry: which person it was, the decisions found tell.
    """
    parts = {
        "filters": search.without_person(),
        "person": search.nhs_number is not None,
        "found": list(found),
        "more": after is not None,
    }
    log.append(NewEntry(Kind.SEARCH, by, parts))
