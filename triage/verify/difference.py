"""The difference between two rulebooks: exactly which referrals they decide otherwise, and how.

Both are modelled in one forest over one space, in which equal functions are one node. So what does
not differ is not looked at twice, a change without effect is seen to have none, and counts are of
every referral there can be. Each flow comes with a referral that shows it, which has been through
the live engine under both rulebooks before anybody sees it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from functools import cached_property
from typing import Any, NamedTuple

from triage.diagram.diagram import Outcome
from triage.diagram.forest import NO, Forest, Node
from triage.diagram.joint import joint_of
from triage.diagram.model import Model, routing_rules
from triage.diagram.space import space_of
from triage.diagram.walks import Cell, given_at, said, value_at
from triage.domain.pseudonymised import Pseudonymised
from triage.rulebook import Rulebook
from triage.verify.comparison.edits import edits_between
from triage.verify.comparison.everybody import for_everybody
from triage.verify.comparison.found import Beside, Difference, Flow
from triage.verify.comparison.held import KINDS, Part, parts_of
from triage.verify.comparison.population import Functions, Recorded, Weigher
from triage.verify.comparison.tally import Tally
from triage.verify.comparison.twice import Twice

NO_URGENCY = 1_000
"""The rank of no urgency at all, below every other."""


def difference(
    before: Rulebook, after: Rulebook, population: Iterable[Pseudonymised] | None = None
) -> Difference:
    """What changes for whom, where one rulebook takes the place of another.

    A ``population`` of recorded referrals is counted through it. Raises ``RulebookError`` where the
    two ask too differently to be compared, and ``EngineError`` where the live engine does not show
    what was found.
    """
    with closing(_Comparison(before, after)) as comparison:
        return comparison.difference(population)


class _Comparison:
    """Two rulebooks in one forest."""

    def __init__(self, before: Rulebook, after: Rulebook) -> None:
        self._books = before, after
        self._joint = joint_of(self._books)
        self._space = space_of(before, None, after)
        self._forest = Forest(self._space.sizes)
        self._models = [Model(each, self._space, self._forest) for each in self._books]
        self._outcomes = [self._forest.map(_decided, model.outcome) for model in self._models]
        self._bearing = [_Bearing(model) for model in self._models]
        self._twice = Twice(before, after)

    def close(self) -> None:
        self._twice.close()

    def difference(self, population: Iterable[Pseudonymised] | None) -> Difference:
        moved = self._forest.join(_moved, *self._outcomes)
        beside = dict(self._beside())
        recorded = self._recorded(population, {MOVED: moved, **beside})
        before, after = self._books
        return Difference(
            before=before.stamp,
            after=after.stamp,
            referrals=self._space.cells,
            left_out=self._joint.left_out,
            flows=tuple(sorted(self._flows(moved, recorded), key=self._worst_first)),
            beside=tuple(self._shown(beside, recorded)),
            for_everybody=tuple(for_everybody(before, after)),
            edits=edits_between(before, after),
            words=self._joint.vocabulary,
            nodes=len(self._forest),
            walked=recorded.walked if recorded else None,
        )

    def _recorded(
        self, population: Iterable[Pseudonymised] | None, asked: Functions
    ) -> Recorded | None:
        if population is None:
            return None
        weigher = Weigher(self._forest, self._space, self._joint.vocabulary)
        return weigher.weigh(population, asked)

    def _flows(self, moved: Node, recorded: Recorded | None) -> Iterator[Flow]:
        tally = Tally(self._forest, self._space, moved)
        alike = Tally(self._forest, self._space, self._outcomes[0]).counts
        for pair, referrals in tally.counts.items():
            before, after = (Outcome(*each) for each in pair)
            cell = tally.witness(pair)
            given = given_at(self._space, cell)
            self._twice.check_flow(given, before, after)
            stopped, started = self._responsible(cell)
            yield Flow(
                before=before,
                after=after,
                less_urgent_by=self._rank(after, 1) - self._rank(before, 0),
                referrals=referrals,
                alike_before=alike[before],
                given=said(given),
                stopped=stopped,
                started=started,
                recorded=None if recorded is None else recorded.counts[MOVED, pair],
            )

    def _rank(self, outcome: Outcome, book: int) -> int:
        urgencies = self._books[book].vocabulary.urgencies
        return NO_URGENCY if outcome.urgency is None else urgencies[outcome.urgency].rank

    def _worst_first(self, flow: Flow) -> tuple[int, int, int]:
        """Less urgent ones first: by how many classes, then by how urgent they were."""
        if flow.is_less_urgent:
            return -flow.less_urgent_by, self._rank(flow.before, 0), -flow.referrals
        return 0, 0, -flow.referrals

    def _responsible(self, cell: Cell) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The rules that conclude something of a referral before and not after; and after only."""
        before, after = (each.at(cell) for each in self._bearing)
        return _only_in(before, after), _only_in(after, before)

    def _beside(self) -> Iterator[tuple[tuple[Part, bool], Node]]:
        """Where each part of decisions is newly there, and where no longer."""
        before, after = (parts_of(model) for model in self._models)
        parts = dict.fromkeys((*before, *after))
        for part in sorted(parts, key=lambda each: KINDS.index(each.kind)):
            one, other = before.get(part, NO), after.get(part, NO)
            for newly, here, there in ((True, other, one), (False, one, other)):
                node = self._forest.both(here, self._forest.opposite(there))
                if node != NO:
                    yield (part, newly), node

    def _shown(
        self, beside: Mapping[tuple[Part, bool], Node], recorded: Recorded | None
    ) -> Iterator[Beside]:
        for (part, newly), node in beside.items():
            tally = Tally(self._forest, self._space, node)
            given = given_at(self._space, tally.witness(value=True))
            self._twice.check_part(given, part, newly=newly)
            seen = None if recorded is None else recorded.counts[(part, newly), True]
            yield Beside(part, newly, tally.counts[True], said(given), seen)


MOVED = "moved"
"""The function that gives a referral its outcomes before and after, where these differ."""


def _decided(outcome: Any) -> Any:
    """An outcome as the engine gives it: without a route there is no decision, nor an urgency."""
    return (None, None) if outcome[0] is None else outcome


def _moved(one: Any, other: Any) -> Any:
    return None if one == other else (one, other)


class _Fires(NamedTuple):
    """A rule that fires on a referral: where else it does, and what it concludes."""

    rule: str
    node: Node
    then: object


class _Bearing:
    """The rules of a model that bear on route or urgency."""

    def __init__(self, model: Model) -> None:
        self._model, self._forest = model, model.forest

    @cached_property
    def _rules(self) -> Sequence[_Fires]:
        rules = routing_rules(self._model.rulebook)
        return [_Fires(rule.id, self._model.firing(rule), rule.then) for rule in rules]

    def at(self, cell: Cell) -> Sequence[_Fires]:
        """Those that fire on the referral of a cell."""
        return [one for one in self._rules if value_at(self._forest, one.node, cell)]


def _only_in(these: Sequence[_Fires], others: Sequence[_Fires]) -> tuple[str, ...]:
    """The rules that no other is the same as: by its id or by where it fires."""
    known = {(one.rule, one.then) for one in others} | {(one.node, one.then) for one in others}
    return tuple(
        one.rule
        for one in these
        if (one.rule, one.then) not in known and (one.node, one.then) not in known
    )
