"""Searching as one would write it down first: every entry is read, and every filter looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import select

from triage.domain.search import Search
from triage.store.log import DecisionLog
from triage.store.tables import ENTRIES, IDENTITIES


@dataclass(frozen=True)
class Plain:
    """A log in memory: what its entries say, and whom the identities beside them name."""

    entries: tuple[dict[str, Any], ...]
    numbers: dict[int, str | None]

    @classmethod
    def of(cls, log: DecisionLog) -> Plain:
        """The whole of a log."""
        with log.database.read() as connection:
            leaves = connection.execute(select(ENTRIES.c.leaf).order_by(ENTRIES.c.sequence))
            entries = tuple(orjson.loads(leaf) for leaf in leaves.scalars())
            rows = connection.execute(select(IDENTITIES.c.sequence, IDENTITIES.c.content)).all()
        contents = {row.sequence: orjson.loads(row.content) for row in rows}
        numbers = {
            sequence: content.get("patient", {}).get("nhs_number")
            for sequence, content in contents.items()
        }
        return cls(entries, numbers)

    @property
    def decisions(self) -> list[dict[str, Any]]:
        """The entries of decisions."""
        return [entry for entry in self.entries if entry["kind"] == "decision"]

    def overridden(self) -> set[str]:
        """The decisions of which an override came into force."""
        kinds = ("override", "override_confirmation")
        return {
            entry["about"]
            for entry in self.entries
            if entry["kind"] in kinds and not entry.get("lowers")
        }

    def found(self, search: Search) -> list[int]:
        """The numbers of the decisions that a search finds, the oldest first."""
        overridden = self.overridden()
        return [
            entry["sequence"] for entry in self.decisions if self._fits(entry, search, overridden)
        ]

    def _fits(self, entry: dict[str, Any], search: Search, overridden: set[str]) -> bool:
        decision, referral = entry["decision"], entry["referral"]
        rules = {reason["rule"] for reason in decision["reasoning"]}
        any_of = (
            (search.routes, decision["route"]["id"]),
            (search.urgencies, decision["urgency"]),
            (search.sources, referral["source"]),
            (search.ods_codes, referral["ods_code"]),
            (search.decision_ids, entry["id"]),
            ((search.rulebook,) if search.rulebook else (), decision["rulebook"]["digest"]),
        )
        return (
            all(value in values for values, value in any_of if values)
            and rules.issuperset(search.rules)
            and _in_time(entry["at"], search)
            and search.overridden in (None, entry["id"] in overridden)
            and search.nhs_number in (None, self.numbers.get(entry["sequence"]))
        )


def _in_time(at: str, search: Search) -> bool:
    moment = datetime.fromisoformat(at)
    if search.earliest and moment < search.earliest:
        return False
    return not (search.before and moment >= search.before)
