"""A worse answer is never less urgent, and an answer not given never less urgent than the mildest.

Proved step by step: each answer about risk, each step from one answer to a worse one, everything
else about the referral being the same and being anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce

from triage.diagram.forest import NO, YES, Node
from triage.diagram.walks import given_at, value_at
from triage.domain.conditions import Condition
from triage.domain.vocabulary import Answer
from triage.rulebook.files import FRONT_PAGE, VOCABULARY
from triage.verify.proofs.ground import Ground
from triage.verify.proofs.steps import ITEM9, Step, Worsened, worsened
from triage.verify.report import Finding, Proof, how_many

Broken = Sequence[tuple[Worsened, Node]]
"""Where worse answers are less urgent than a milder one, as functions of everything else."""


def worse_is_never_less_urgent(ground: Ground) -> Proof:
    """Monotone safety, with every exception that is named."""
    answers = _risk_like(ground)
    worse = [one for answer in answers for one in worsened(answer, ground)]
    exempt = _Exempt(ground)
    less = [(one, exempt.outside(one, _less_urgent(ground, one))) for one in worse]
    broken = [(one, node) for one, node in less if node != NO]
    steps = {(one.depth, milder, one.place) for one in worse for milder in one.steps}
    return Proof(
        "monotone",
        "A worse answer about risk is never less urgent, nor one not given than the mildest",
        ground.cells,
        (*_findings(ground, broken), *exempt.unused(), *_none_about_risk(answers)),
        against=_counted(ground, broken),
        said=(
            f"{', '.join(one.term.title for one in answers)}: {len(steps)} steps",
            *exempt.said(),
        ),
    )


def _none_about_risk(answers: Sequence[Answer]) -> Iterator[Finding]:
    """A vocabulary of which no answer gets worse makes this proof an empty one."""
    if not answers:
        problem = "no answer says in which direction it gets worse; say so of those about risk"
        yield Finding("monotone", VOCABULARY, problem)


def _risk_like(ground: Ground) -> list[Answer]:
    """Every answer that gets worse; item 9 last, for its classes are cut finer than it is."""
    answers = ground.rulebook.vocabulary.answers.values()
    found = [one for one in answers if one.worse is not None]
    return sorted(found, key=lambda one: one.name == ITEM9)


def _less_urgent(ground: Ground, one: Worsened) -> Node:
    """Where the worse answer is less urgent than a milder one, as a function of all else."""
    forest = ground.forest
    milder = (forest.fix(ground.rank, one.depth, place) for place in one.steps)
    soonest = reduce(lambda each, other: forest.join(min, each, other), milder)
    return forest.join(less_urgent, soonest, forest.fix(ground.rank, one.depth, one.place))


def less_urgent(before: int, after: int) -> bool:
    """Is the second rank the less urgent one?"""
    return after > before


def _counted(ground: Ground, broken: Broken) -> int:
    """How many referrals are less urgent than with a milder answer: each once, whichever it is."""
    forest, seen, found = ground.forest, NO, 0
    for answer in dict.fromkeys(one.answer for one, _ in broken):
        mine = [(one, less) for one, less in broken if one.answer == answer]
        for one, less in mine:
            before = forest.fix(seen, one.depth, one.place)
            found += _cells(ground, one, forest.both(less, forest.opposite(before)))
        seen = forest.some((seen, *(forest.both(less, _is(ground, one)) for one, less in mine)))
    return found


def _is(ground: Ground, one: Worsened) -> Node:
    """Where a referral has the worse answer."""
    places = range(ground.forest.sizes[one.depth])
    return ground.forest.node(one.depth, [int(place == one.place) for place in places])


def _cells(ground: Ground, one: Worsened, node: Node) -> int:
    """How many referrals with the worse answer a function of everything else is true of."""
    whole = sum(each.cells for each in ground.space.inputs[one.depth].classes)
    return ground.count(node) // whole * one.cells


def _findings(ground: Ground, broken: Broken) -> Iterator[Finding]:
    """One finding for each answer: the first step of it that fails."""
    seen: set[str] = set()
    for one, less in broken:
        if one.answer not in seen:
            seen.add(one.answer)
            yield _finding(ground, one, less)


def _finding(ground: Ground, one: Worsened, less: Node) -> Finding:
    rest = given_at(ground.space, ground.cell(less))
    shown = tuple(ground.shown({**rest, **end.given}) for end in _failing(ground, one, less))
    problem = (
        f"{one.answer}: a worse answer, or none, is less urgent; put the rules right or name it"
    )
    return Finding("monotone", VOCABULARY, problem, rule=one.answer, witnesses=shown)


def _failing(ground: Ground, one: Worsened, less: Node) -> Step:
    """The first step to the worse answer that fails, at the referral that shows it."""
    cell = ground.cell(less)

    def rank(place: int) -> int:
        there = (*cell[: one.depth], place, *cell[one.depth + 1 :])
        return int(value_at(ground.forest, ground.rank, there))

    return next(step for place, step in one.steps.items() if rank(place) < rank(one.place))


class _Exempt:
    """The exceptions that the rulebook names, and what each was needed for."""

    def __init__(self, ground: Ground) -> None:
        promises = ground.rulebook.promises
        self._ground = ground
        self._named = promises.exceptions if promises else ()
        self._cells = dict.fromkeys((one.id for one in self._named), 0)

    def outside(self, worse: Worsened, less: Node) -> Node:
        """What of it no exception names."""
        forest = self._ground.forest
        for one in self._named:
            if one.answer == worse.answer and less != NO:
                where = forest.fix(self._where(one.when), worse.depth, worse.place)
                self._cells[one.id] += _cells(self._ground, worse, forest.both(less, where))
                less = forest.both(less, forest.opposite(where))
        return less

    def _where(self, when: Condition | None) -> Node:
        return YES if when is None else self._ground.model.truth(when)[0]

    def said(self) -> Iterator[str]:
        for one in self._named:
            yield f"exception {one.id}: {one.title} ({how_many(self._cells[one.id])} referrals)"

    def unused(self) -> Iterator[Finding]:
        """An exception that is needed for nothing hides what comes after it."""
        for one in self._named:
            if not self._cells[one.id]:
                problem = "this exception is needed for nothing; take it out"
                yield Finding("monotone", FRONT_PAGE, problem, rule=one.id)
