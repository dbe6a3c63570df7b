"""Where a rule fires, or does not, because of one of its comparisons and nothing else."""

from __future__ import annotations

from typing import NamedTuple

from triage.diagram.forest import YES, Node
from triage.diagram.model import Model
from triage.domain.conditions import Condition
from triage.domain.rules import Rule
from triage.verify.packs.comparisons import FAILS, HOLDS, Comparison


class Turns(NamedTuple):
    """Where a rule fires by a comparison alone, and where it is silent by it alone."""

    fires: Node
    silent: Node


class Turner:
    """Finds where the rules of one model turn, as far as a decision shows it."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self._nothing_firm = self._no_firm_route()

    def seen(self, rule: Rule) -> Node:
        """Where a decision would tell that a rule fired: its route does not give way."""
        routes = self.model.rulebook.vocabulary.routes
        gives_way = any(one.kind == "route" and routes[one.target].gives_way for one in rule.then)
        return self._nothing_firm if gives_way else YES

    def shown(self, rule: Rule) -> Node:
        """Where a decision tells that a rule fired."""
        return self.model.forest.both(self.model.firing(rule), self.seen(rule))

    def turns(self, one: Comparison, when: Condition | None = None) -> Turns:
        """Where a comparison alone decides whether its rule, or one of another condition, fires."""
        forest, truth = self.model.forest, self.model.truth
        holds, fails = (truth(one.replaced(by, when), one.rule)[0] for by in (HOLDS, FAILS))
        decides = forest.choose(holds, forest.opposite(fails), fails)
        decides = forest.both(decides, self.seen(one.rule))
        fires = truth(when or one.when, one.rule)[0]
        return Turns(forest.both(decides, fires), forest.both(decides, forest.opposite(fires)))

    def _no_firm_route(self) -> Node:
        forest, routes = self.model.forest, self.model.rulebook.vocabulary.routes
        firm = (node for name, node in self.model.claimed.items() if not routes[name].gives_way)
        return forest.opposite(forest.some(firm))
