"""What must be tried of each comparison: its boundaries, its choices, and that it alone decides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from triage.diagram.forest import NO, YES
from triage.diagram.walks import Cell, witness
from triage.domain.conditions import Condition
from triage.domain.rules import Rule
from triage.verify.packs.bodies import Draft
from triage.verify.packs.cells import Cells, Depths
from triage.verify.packs.comparisons import FAILS, HOLDS, Comparison, comparisons_of
from triage.verify.packs.shown import Shown
from triage.verify.packs.turning import Turner, Turns
from triage.verify.packs.values import Tried, Values

FIRES, SILENT, UNASKED = "fires", "does not fire", "does not fire, not known"

PAIRED = {
    FIRES: "fires, by {name} alone",
    SILENT: "does not fire, by {name} alone",
    UNASKED: "does not fire, for want of {name} alone",
}
"""What each of a pair shows, in words."""

ANY = Tried("", "", YES)
"""Whatever value there is."""

Ends = Mapping[str, Draft]
"""Referrals that differ only in what a comparison reads; the rule fires on the first alone."""


class ComparisonTests:
    """Finds what to try of the comparisons of the rules of one model.

    ``not_apart`` gathers the comparisons of which no referral can tell whether they hold.
    """

    def __init__(self, turner: Turner) -> None:
        self._turner, self._model, self._forest = turner, turner.model, turner.model.forest
        self._values = Values(turner.model)
        self._cells = Cells(turner.model.forest, turner.model.space)
        self.not_apart: list[str] = []

    def of(self, rule: Rule) -> Iterator[Shown]:
        """Everything to try of the comparisons of a rule."""
        every = comparisons_of(rule)
        for one in every:
            if one.one.fact in self._model.rulebook.switches:
                self._note(one, "the rulebook's own value settles it")
            else:
                yield from self._of(one, every)

    def _of(self, one: Comparison, every: Sequence[Comparison]) -> Iterator[Shown]:
        turns = self._turner.turns(one)
        ends = self._ends(one, turns)
        if SILENT not in ends and not self._is_one_sided(one, ends):
            self._note(one, self._why(one, every))
        base = ends[FIRES].cell if ends else self._some_cell(one)
        for value in self._values.of(one.one):
            draft = Draft(self._beside(base, value, one, turns), value.pin)
            yield _shown(one, value.label, value.words, draft)
        for label, draft in ends.items():
            yield _shown(one, label, PAIRED[label].format(name=one.name), draft)

    def _is_one_sided(self, one: Comparison, ends: Ends) -> bool:
        """Is it never true, or never false, and told apart from not known?"""
        return UNASKED in ends and NO in self._model.truth(one.one, one.rule)

    def _ends(self, one: Comparison, turns: Turns) -> Ends:
        """Referrals on which the comparison alone turns the rule, as many as can be at once."""
        true, false = self._model.truth(one.one, one.rule)
        decided = self._forest.either(true, false)
        fires = self._forest.both(turns.fires, decided)
        silent = self._forest.both(turns.silent, decided)
        unasked = self._forest.both(turns.silent, self._forest.opposite(decided))
        edges = (*self._values.edge(one.one), (ANY, ANY))
        for labels in ((SILENT, UNASKED), (SILENT,), (UNASKED,)):
            for (last, first), free in product(edges, self._frees(one)):
                others = {SILENT: self._forest.both(silent, first.where), UNASKED: unasked}
                wanted = [others[label] for label in labels]
                here = self._forest.both(fires, last.where)
                found = self._cells.together(here, wanted, free)
                if found:
                    pins = (last.pin, *(first.pin if each == SILENT else None for each in labels))
                    drafts = map(Draft, found, pins)
                    return dict(zip((FIRES, *labels), drafts, strict=True))
        return {}

    def _frees(self, one: Comparison) -> Sequence[Depths]:
        """What may differ between referrals: one input that is read, else all that are."""
        asked = self._cells.asked(*self._model.truth(one.one, one.rule))
        return [*({depth} for depth in sorted(asked)), asked] if len(asked) > 1 else [asked]

    def _beside(self, base: Cell, value: Tried, one: Comparison, turns: Turns) -> Cell:
        """The cell with a value that is most like another; one where it decides, if one is."""
        free = self._frees(one)[-1]
        decides = self._forest.either(turns.fires, turns.silent)
        ways = (self._forest.both(decides, value.where), value.where)
        found = (
            self._cells.nearest(where, base, free) or witness(self._forest, where) for where in ways
        )
        return next(filter(None, found))

    def _some_cell(self, one: Comparison) -> Cell:
        """A cell for a comparison that decides nothing: the rule fires by it, if it ever does."""
        true, shown = self._model.truth(one.one, one.rule)[0], self._turner.shown(one.rule)
        ways = (self._forest.both(shown, true), shown, true, YES)
        return next(filter(None, (witness(self._forest, where) for where in ways)))

    def _why(self, one: Comparison, every: Sequence[Comparison]) -> str:
        """Why no referral tells whether a comparison holds: because of another, where it is one."""
        if self._turner.shown(one.rule) == NO:
            return "the rule never fires"
        settled: tuple[Condition, ...] = (HOLDS, FAILS)
        for other, by in product(every, settled):
            if other is not one:
                turns = self._turner.turns(one, other.replaced(by))
                if SILENT in self._ends(one, turns):
                    return f"because of {other.name}"
        return "because of the others together"

    def _note(self, one: Comparison, why: str) -> None:
        self.not_apart.append(f"{one.rule.id}: {one.name}: {why}")


def _shown(one: Comparison, label: str, words: str, draft: Draft) -> Shown:
    return Shown(
        f"{one.rule.id}/{one.name}/{label}", one.rule.id, f"{one.rule.title}: {words}", draft
    )
