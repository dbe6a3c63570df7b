"""What the plain reader concludes of a whole referral: the second witness to the decision itself.

Levels: the highest. Routes: the first in order leads, less those another takes the place of.
Talking therapies only where nothing else is concluded. Urgency: the most urgent of all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.plain_reader import Content, Facts, PlainReader

LEVELS = ("unknown", "low", "medium", "high")
Rule = dict[str, Any]
Settled = tuple[Mapping[str, str], Mapping[str, Any]]


@dataclass(frozen=True)
class Concluded:
    """The rules that fired, the levels, the routes that stand (lead first) and the urgency."""

    fired: frozenset[str]
    levels: Mapping[str, str]
    routes: tuple[str, ...]
    urgency_class: int


class PlainDecider:
    """Concludes from facts by reading the rule files plainly, one kind of conclusion at a time."""

    def __init__(self, content: Content) -> None:
        self._reader = PlainReader(content)
        words = content["vocabulary.yaml"]
        self._factors = [one["name"] for one in words["factors"]]
        self._routes = {one["name"]: one for one in words["routes"]}
        self._ranks = {name: one["rank"] for name, one in words["urgencies"].items()}
        self._unrated = {rule["id"] for rule in self._reader.rules if not _reads_a_rating(rule)}
        sorts: list[list[Rule]] = [[], [], [], []]
        for rule in self._reader.rules:
            sorts[self._sort(rule)].append(rule)
        self._layers = [*_in_order(sorts[0]), *sorts[1:]]

    def conclude(self, facts: Facts) -> Concluded:
        """Layer by layer: levels and flags, routes, talking therapies, and all the rest."""
        known, fired = dict(facts), list[Rule]()
        levels: Mapping[str, str] = {}
        *early, routes, giving_way, rest = range(len(self._layers))
        for layer in early:
            fired += self._firing(layer, known)
            levels, settled = self._settled(fired, known)
            known |= settled
        fired += self._firing(routes, known)
        if not any(_of(fired, "route")):
            fired += self._firing(giving_way, known) or [self._reader.otherwise]
        claimed = [one["to"] for one in _of(fired, "route")]
        known["routes"] = self._standing(claimed)
        known["route"] = known["routes"][0]
        fired += self._firing(rest, known)
        names = frozenset(rule["id"] for rule in fired)
        return Concluded(names, levels, known["routes"], self._urgency(fired))

    def _settled(self, fired: Sequence[Rule], facts: Facts) -> Settled:
        """The levels once these have fired, and what is then known: these, and the flags."""
        levels = self._levels(fired, facts)
        found: dict[str, Any] = {f"{factor}_level": level for factor, level in levels.items()}
        found["ratings_that_differ"] = self._differing(fired, facts, levels)
        for name, value in (pair for one in _of(fired, "flag") for pair in one.items()):
            found[name] = value or found.get(name, False)
        return levels, found

    def _sort(self, rule: Rule) -> int:
        kinds = {kind for one in rule["then"] for kind in one}
        if kinds & {"level", "flag"}:
            return 0
        routes = [one["route"]["to"] for one in rule["then"] if "route" in one]
        if routes:
            return 2 if self._routes[routes[0]].get("gives_way") else 1
        return 3

    def _firing(self, layer: int, facts: Facts) -> list[Rule]:
        return [rule for rule in self._layers[layer] if self._reader.holds(rule["when"], facts)]

    def _levels(self, fired: Iterable[Rule], facts: Facts) -> dict[str, str]:
        found = dict.fromkeys(self._factors, "unknown")
        for factor, level in (pair for one in _of(fired, "level") for pair in one.items()):
            named = facts[level["from"]] if isinstance(level, dict) else level
            found[factor] = max(found[factor], named, key=LEVELS.index)
        return found

    def _differing(
        self, fired: Iterable[Rule], facts: Facts, levels: Mapping[str, str]
    ) -> tuple[str, ...]:
        """The factors whose rating is not what the answers say, where they say anything."""
        answered = self._levels([one for one in fired if one["id"] in self._unrated], facts)
        rated = [name for name in self._factors if facts.get(f"rated_{name}") is not None]
        beside = {
            name: answered[name] if answered[name] != "unknown" else levels[name] for name in rated
        }
        return tuple(
            name for name in rated if beside[name] not in ("unknown", facts[f"rated_{name}"])
        )

    def _standing(self, claimed: list[str]) -> tuple[str, ...]:
        replaced = {other for name in claimed for other in self._routes[name].get("replaces", ())}
        return tuple(name for name in self._routes if name in claimed and name not in replaced)

    def _urgency(self, fired: list[Rule]) -> int:
        named = [one["urgency"] for one in _of(fired, "route")]
        found: int = min(self._ranks[name] for name in (*named, *_of(fired, "urgency")))
        return found


def _reads_a_rating(rule: Rule) -> bool:
    return "rated_" in repr(rule["when"])


def _in_order(rules: list[Rule]) -> list[list[Rule]]:
    """Rules of levels and flags in layers: each reads only what layers before it have settled.

    The first is empty: what no rule concludes is settled before any has fired.
    """
    layers, waiting = [list[Rule]()], rules
    while waiting:
        open_still = {fact for rule in waiting for fact in _made(rule)}
        ready = [rule for rule in waiting if open_still.isdisjoint(_words(rule["when"]))] or waiting
        layers.append(ready)
        waiting = [rule for rule in waiting if rule not in ready]
    return layers


def _made(rule: Rule) -> Iterator[str]:
    """The facts that a rule takes part in concluding."""
    for flag in _of([rule], "flag"):
        yield from flag
    for level in _of([rule], "level"):
        yield from (f"{factor}_level" for factor in level)
        yield "ratings_that_differ"


def _words(written: Any) -> Iterator[str]:
    """Every word of a condition that may name a fact."""
    if isinstance(written, list):
        for each in written:
            yield from _words(each)
    elif isinstance(written, dict):
        for word, each in written.items():
            yield word
            yield from _words(each)


def _of(fired: Iterable[Rule], kind: str) -> Iterator[Any]:
    """What the rules that fired conclude of one kind."""
    return (one[kind] for rule in fired for one in rule["then"] if kind in one)
