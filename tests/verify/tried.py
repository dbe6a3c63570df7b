"""What a rulebook makes of every referral to small rules, tried one by one by the plain reader."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.plain_conclusions import Concluded
from tests.plain_reader import Content, Facts
from tests.quick_reader import QuickDecider
from tests.verify.small_rules import SmallRules
from triage.verify.comparison.found import Difference

Part = tuple[str, str, str]
Told = tuple[tuple[str, str], frozenset[Part]]
"""The lead route with the urgency, and everything else that a decision holds."""


@dataclass(frozen=True)
class Tried:
    """How many referrals change: by outcomes, and by what else is newly there or no longer."""

    flows: Mapping[Any, int]
    beside: Mapping[Any, int]


def tried(small: SmallRules, before: Sequence[Told], content: Content) -> Tried:
    """What changes where the content of another rulebook takes the place."""
    flows, beside = Counter[Any](), Counter[Any]()
    after = told_of(small, content)
    for (_, weight), one, other in zip(small.cells, before, after, strict=True):
        if one != other:
            if one[0] != other[0]:
                flows[one[0], other[0]] += weight
            for part in other[1] - one[1]:
                beside[part, True] += weight
            for part in one[1] - other[1]:
                beside[part, False] += weight
    return Tried(dict(flows), dict(beside))


def as_tried(found: Difference) -> Tried:
    """What a difference says, in the same form."""
    return Tried(
        {(one.before, one.after): one.referrals for one in found.flows},
        {(one.part, one.newly): one.referrals for one in found.beside},
    )


def told_of(small: SmallRules, content: Content) -> list[Told]:
    """What a rulebook makes of every referral."""
    plain = Plain(content)
    return [plain.told(facts) for facts, _ in small.cells]


class Plain:
    """Tells what comes of a referral by reading a rulebook plainly."""

    def __init__(self, content: Content) -> None:
        values = content["rulebook.yaml"]["values"].items()
        self._switches = {name: one["value"] for name, one in values if "choices" in one}
        self._decider, self._telling = QuickDecider(content), _Telling(content)

    def told(self, facts: Facts) -> Told:
        known = {**self._switches, **facts}
        return self._telling.told(self._decider.conclude(known), known)


class _Telling:
    """Tells what a plain conclusion comes to, from the rules that fired and what is written."""

    def __init__(self, content: Content) -> None:
        front, words = content["rulebook.yaml"], content["vocabulary.yaml"]
        files = [content[f"{name}.yaml"] for name in front["rulesets"]]
        rules = [rule for one in files for rule in (*one["rules"], one.get("otherwise"))]
        self._then = {rule["id"]: rule["then"] for rule in rules if rule}
        self._routes = {one["name"]: one for one in words["routes"]}
        self._urgencies = words["urgencies"]
        self._values = {name: one["value"] for name, one in front["values"].items()}
        self._known: dict[Any, Told] = {}

    def told(self, found: Concluded, facts: Facts) -> Told:
        dated = "monitoring_review_on" in facts
        key = (found.fired, tuple(found.levels.items()), found.routes, dated)
        if key not in self._known:
            self._known[key] = self._told(found, facts)
        return self._known[key]

    def _told(self, found: Concluded, facts: Facts) -> Told:
        drawn = [each for name in found.fired for one in self._then[name] for each in one.items()]
        named = [one["urgency"] for kind, one in drawn if kind == "route"]
        named += [one for kind, one in drawn if kind == "urgency"]
        outcome = found.routes[0], self._soonest(named)
        return outcome, frozenset(
            (*self._parts(drawn, facts), *self._also(drawn, found.routes), *_levels(found))
        )

    def _soonest(self, names: Iterable[str]) -> str:
        def order(name: str) -> tuple[int, int]:
            one = self._urgencies[name]
            return one["rank"], one.get("within_hours", 0)

        return min(names, key=order)

    def _parts(self, drawn: Iterable[tuple[str, Any]], facts: Facts) -> Iterator[Part]:
        flags: dict[str, bool] = {}
        for kind, one in drawn:
            if kind in ("alert", "treatment", "measure", "support"):
                yield kind, one, ""
            elif kind == "hold_booking":
                yield kind, "booking", ""
            elif kind == "action":
                days = one["due_in_days"]
                days = self._values[days["value"]] if isinstance(days, dict) else days
                yield kind, one["id"], one["due_on"] if one.get("due_on") in facts else str(days)
            elif kind == "flag":
                ((name, value),) = one.items()
                flags[name] = value or flags.get(name, False)
        for measure in ("phq9", "gad7"):
            if f"{measure}_caseness" in flags:
                yield "caseness", measure, "yes" if flags[f"{measure}_caseness"] else "no"

    def _also(self, drawn: Iterable[tuple[str, Any]], routes: tuple[str, ...]) -> Iterator[Part]:
        asked = [(one["to"], one["urgency"]) for kind, one in drawn if kind == "route"]
        for name in routes[1:]:
            taken = {name, *self._routes[name].get("replaces", ())}
            yield "also_indicated", name, self._soonest(each for to, each in asked if to in taken)
            if set(self._routes[name].get("concurrent_with", ())) & {*routes}:
                yield "concurrent", name, ""


def _levels(found: Concluded) -> Iterator[Part]:
    for factor, level in found.levels.items():
        yield "level", factor, level
