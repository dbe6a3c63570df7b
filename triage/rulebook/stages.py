"""Puts the rules into stages, so that a rule reads only what is already settled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from triage.domain.rules import LEAD_ROUTE, ROUTES, Rule, Stage
from triage.domain.vocabulary import Vocabulary


class Circular(Exception):  # noqa: N818 (internal: becomes a fault of the rule it names)
    """A rule reads, by way of others or directly, what it concludes itself."""

    def __init__(self, rule: Rule, fact: str) -> None:
        self.rule, self.fact = rule, fact
        super().__init__(f"reads {fact}, which it takes part in concluding; break the circle")


def stages(rules: Sequence[Rule], vocabulary: Vocabulary) -> tuple[Stage, ...]:
    """The rules in the fewest stages.

    A rule without a condition runs after all that set routes; one of the first whose conclusions
    no rule reads waits for the last, which spreads the work. Raises ``Circular``.
    """
    makers = _makers(rules)
    depths = _Depths(makers)
    placed = {rule: depths.of(rule) for rule in rules}
    last, read = max(placed.values()), {fact for rule in rules for fact in rule.reads}
    waits = [rule for rule in rules if placed[rule] == 0 and read.isdisjoint(rule.concludes)]
    placed |= dict.fromkeys(waits, last)
    last_route = max((placed[rule] for rule in makers.get(LEAD_ROUTE, ())), default=0)
    for rule in rules:
        if rule.when is None:
            placed[rule] = last_route
    settled = {
        fact: max((placed[rule] for rule in makers.get(fact, ())), default=0)
        for fact in (*vocabulary.concluded, *makers)
    }
    settled[LEAD_ROUTE] = settled[ROUTES] = last_route
    return tuple(_stage(number, placed, settled) for number in range(last + 1))


def _stage(number: int, placed: Mapping[Rule, int], settled: Mapping[str, int]) -> Stage:
    mine = [rule for rule, depth in placed.items() if depth == number]
    return Stage(
        number=number,
        rules=tuple(rule for rule in mine if rule.when is not None),
        settles=frozenset(fact for fact, depth in settled.items() if depth == number),
        otherwise=next((rule for rule in mine if rule.when is None), None),
    )


def _makers(rules: Sequence[Rule]) -> dict[str, list[Rule]]:
    makers: dict[str, list[Rule]] = {}
    for rule in rules:
        for fact in rule.concludes:
            makers.setdefault(fact, []).append(rule)
    return makers


class _Depths:
    """How many stages must have run before a rule can."""

    def __init__(self, makers: Mapping[str, Sequence[Rule]]) -> None:
        self._makers = makers
        self._known: dict[Rule, int] = {}
        self._open: set[Rule] = set()

    def of(self, rule: Rule) -> int:
        if rule not in self._known:
            self._open.add(rule)
            self._known[rule] = self._after(rule)
            self._open.discard(rule)
        return self._known[rule]

    def _after(self, rule: Rule) -> int:
        depth = 0
        for fact in sorted(rule.reads):
            for maker in self._makers.get(fact, ()):
                if maker in self._open:
                    raise Circular(rule, fact)
                depth = max(depth, self.of(maker) + 1)
        return depth
