"""A pack read plainly: its tests by what they show, and what decisions say in its names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from schemas.referral import ReferralReader
from tests.facts import facts_of
from triage.domain.referral import Referral
from triage.domain.vocabulary import Value
from triage.rulebook import Rulebook
from triage.verify.packs import Pack, Test

NOW = datetime(2030, 1, 1, tzinfo=UTC)
"""When a test reads a referral. Each says itself when it was received."""


class Shown:
    """The tests of a pack by what they show."""

    def __init__(self, pack: Pack, rulebook: Rulebook) -> None:
        self._rulebook = rulebook
        self._reader = ReferralReader(rulebook.vocabulary)
        self.by_name = {name: test for test in pack.tests for name in test.shows}

    def __getitem__(self, name: str) -> Test:
        return self.by_name[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.by_name)

    def referral(self, name: str) -> Referral:
        """The referral that shows something."""
        return self._reader.read(self.by_name[name].referral, NOW)

    def facts(self, name: str) -> dict[str, Value]:
        """The facts of that referral."""
        return {**self._rulebook.switches, **facts_of(self.referral(name), self._rulebook)}


def told(decision: Mapping[str, Any]) -> dict[str, Any]:
    """What a decision on the wire says of all that a test expects."""
    also = [(one["id"], one["urgency"], one["concurrent"]) for one in decision["also_indicated"]]
    return {
        "route": decision["route"]["id"],
        "fires": [one["rule"] for one in decision["reasoning"]],
        "also_indicated": [
            dict(zip(("id", "urgency", "concurrent"), one, strict=True)) for one in also
        ],
        "alerts": [one["id"] for one in decision["alerts"]],
        "actions": [{"id": one["id"], "due": one["due"]} for one in decision["actions"]],
        **{name: decision[name] for name in PLAIN},
    }


PLAIN = ("urgency", "booking_held", "levels", "caseness", "treatments", "measures", "supports")
"""What a test expects under the name and in the shape that decisions have it in."""
