"""All that a decision shows, worked out from the rules as they are written and those that fired."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from tests.plain_conclusions import Concluded
from tests.verify.proofs.edited import Written

Observed = tuple[object, ...]


class Shows:
    """What certain rules make a decision show, where they fire."""

    def __init__(self, content: Mapping[str, Written], rules: Collection[Written]) -> None:
        words = content["vocabulary.yaml"]
        self._rules = rules
        self._replaces = {one["name"]: one.get("replaces", ()) for one in words["routes"]}
        self._order = {
            name: (one["rank"], one.get("within_hours", 0))
            for name, one in words["urgencies"].items()
        }

    def flags(self, concluded: Concluded) -> dict[str, bool]:
        """The flags that are set."""
        return _flags(self._fired(concluded))

    def _fired(self, concluded: Concluded) -> list[Written]:
        return [one for one in self._rules if one["id"] in concluded.fired]

    def __call__(self, concluded: Concluded) -> Observed:
        fired = self._fired(concluded)
        claims = self._claims(fired)
        replaced = {other for name in claims for other in self._replaces[name]}
        standing = frozenset(
            (name, self._raised(name, claims)) for name in claims if name not in replaced
        )
        overlays = [self._order[one] for one in _of(fired, "urgency")]
        return (
            frozenset(concluded.levels.items()),
            frozenset(_flags(fired).items()),
            standing,
            min((*claims.values(), *overlays)),
            frozenset(_others(fired)),
        )

    def _claims(self, fired: Collection[Written]) -> dict[str, tuple[int, int]]:
        found: dict[str, tuple[int, int]] = {}
        for one in _of(fired, "route"):
            order = self._order[one["urgency"]]
            found[one["to"]] = min(order, found.get(one["to"], order))
        return found

    def _raised(self, name: str, claims: Mapping[str, tuple[int, int]]) -> tuple[int, int]:
        taken = [claims[other] for other in self._replaces[name] if other in claims]
        return min((claims[name], *taken))


def _of(fired: Collection[Written], kind: str) -> Iterator[Any]:
    return (one[kind] for rule in fired for one in rule["then"] if kind in one)


def _flags(fired: Collection[Written]) -> dict[str, bool]:
    found: dict[str, bool] = {}
    for one in _of(fired, "flag"):
        for name, value in one.items():
            found[name] = value or found.get(name, False)
    return found


def _others(fired: Collection[Written]) -> Iterator[str]:
    for rule in fired:
        for one in rule["then"]:
            if not {"level", "flag", "route", "urgency"} & one.keys():
                yield json.dumps(one, sort_keys=True)
