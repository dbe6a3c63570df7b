"""What every proof stands on: one rulebook as diagrams, counted, with the live engine beside it."""

from __future__ import annotations

from functools import cached_property

from triage.decide import Decider
from triage.diagram import Diagram
from triage.diagram.forest import Forest, Node
from triage.diagram.inputs import Given
from triage.diagram.model import Model
from triage.diagram.space import Space, space_of
from triage.diagram.walks import Cell, Counts, Test, given_at, referral_of, said, witness
from triage.domain.decision import Decision
from triage.domain.rules import Rule
from triage.domain.vocabulary import EVALUATORS_DISAGREE
from triage.errors import EngineError
from triage.rulebook import Rulebook
from triage.verify.places import finding
from triage.verify.report import Finding, Witness

LEAST_URGENT = 1_000
"""The rank of no urgency at all, below every other."""


class Ground:
    """A rulebook over everything that its rules can read."""

    def __init__(self, rulebook: Rulebook, space: Space | None = None) -> None:
        self.rulebook = rulebook
        self.space = space or space_of(rulebook)
        self.model = Model(rulebook, self.space)
        self.forest: Forest = self.model.forest
        self._counts = Counts(self.forest, self.space)

    @property
    def cells(self) -> int:
        """How many referrals there are that differ in something rules can read."""
        return self.space.cells

    @cached_property
    def rank(self) -> Node:
        """The rank of the urgency: a lower one is more urgent."""
        return self.forest.map(self.rank_of, self.model.urgency)

    def rank_of(self, urgency: str | None) -> int:
        """The rank of an urgency, or of none."""
        if urgency is None:
            return LEAST_URGENT
        return self.rulebook.vocabulary.urgencies[urgency].rank

    def count(self, node: Node, test: Test = bool) -> int:
        """How many referrals have a value that passes the test."""
        return self._counts.of(node, test)

    def cell(self, node: Node, test: Test = bool) -> Cell:
        """A referral whose value passes the test, with as little known as can be; there is one."""
        found = witness(self.forest, node, test)
        if found is None:
            raise LookupError("no referral has such a value")
        return found

    def decided(self, given: Given) -> Decision | None:
        """What the live engine makes of a referral; None where it gives no route."""
        try:
            return self._decider.decide(referral_of(given))
        except EngineError:
            return None

    def witness(self, cell: Cell) -> Witness:
        """The referral of a cell, decided by the live engine."""
        return self.shown(given_at(self.space, cell))

    def shown(self, given: Given) -> Witness:
        """A referral, decided by the live engine."""
        decision = self.decided(given)
        if decision is None:
            return Witness(said(given), None, None)
        agreed = all(alert.id != EVALUATORS_DISAGREE for alert in decision.alerts)
        return Witness(said(given), decision.route.route.id, decision.urgency.id, agreed)

    def found(self, check: str, rule: Rule, problem: str, *cells: Cell) -> Finding:
        """A finding about a rule, shown by referrals."""
        shown = tuple(self.witness(cell) for cell in cells)
        return finding(check, rule, problem, witnesses=shown)

    @property
    def diagram(self) -> Diagram:
        """The diagram that live decisions are held against."""
        return self._decider.diagram

    @cached_property
    def _decider(self) -> Decider:
        return Decider(self.rulebook)

    def close(self) -> None:
        """Give back what the engine holds."""
        if "_decider" in self.__dict__:
            self._decider.close()
