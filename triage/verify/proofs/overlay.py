"""A local rulebook is never less urgent than its base, save where a waiver names it."""

from __future__ import annotations

from collections.abc import Iterator

from triage.diagram.forest import NO, YES, Node
from triage.diagram.model import Model
from triage.diagram.space import space_of
from triage.domain.overlays import Waiver
from triage.rulebook import Rulebook
from triage.rulebook.files import OVERLAY
from triage.verify.proofs.ground import Ground
from triage.verify.proofs.monotone import less_urgent
from triage.verify.report import Finding, Proof, how_many

NAME = "overlay"


def no_less_urgent_than_the_base(ground: Ground) -> Proof | None:
    """Where the rulebook extends a base: no referral is less urgent here, waivers aside."""
    base = ground.rulebook.base
    if base is None:
        return None
    beside = _Beside(ground.rulebook, base)
    try:
        return beside.proof()
    finally:
        beside.close()


class _Beside:
    """A local rulebook and its base, over the same referrals."""

    def __init__(self, local: Rulebook, base: Rulebook) -> None:
        self._ground = Ground(local, space_of(local, None, base))
        self._below = Ground(base, self._ground.space)
        self._model = Model(base, self._ground.space, self._ground.forest)
        self._local, self._base = local, base

    def proof(self) -> Proof:
        forest, ground = self._ground.forest, self._ground
        less = forest.join(
            less_urgent, forest.map(ground.rank_of, self._model.urgency), ground.rank
        )
        waived = {one: forest.both(less, self._where(one)) for one in self._local.waivers}
        left = forest.both(less, forest.opposite(forest.some(waived.values())))
        findings = [*self._findings(left), *self._unused(waived)]
        return Proof(
            NAME,
            f"Never less urgent than {self._base.stamp.id} {self._base.stamp.version}",
            ground.cells,
            tuple(findings),
            against=ground.count(left),
            said=tuple(
                f"waived by {one.id}: {one.title} ({how_many(ground.count(node))} referrals)"
                for one, node in waived.items()
            ),
        )

    def _where(self, waiver: Waiver) -> Node:
        """Of whom a waiver speaks: its condition, and the two urgencies."""
        forest, model = self._ground.forest, self._ground.model
        who = YES if waiver.when is None else model.truth(waiver.when)[0]
        before = forest.map(_Is(waiver.before), self._model.urgency)
        after = forest.map(_Is(waiver.after), model.urgency)
        return forest.every((who, before, after))

    def _findings(self, left: Node) -> Iterator[Finding]:
        if left == NO:
            return
        cell = self._ground.cell(left)
        here, there = self._ground.witness(cell), self._below.witness(cell)
        problem = (
            f"less urgent than the base: {there.urgency} there, {here.urgency} here;"
            " put it right, or name it in a waiver and have that signed"
        )
        yield Finding(NAME, OVERLAY, problem, witnesses=(here, there))

    def _unused(self, waived: dict[Waiver, Node]) -> Iterator[Finding]:
        for one, node in waived.items():
            if node == NO:
                yield Finding(NAME, OVERLAY, "this waiver waives nothing; take it out", rule=one.id)

    def close(self) -> None:
        self._ground.close()
        self._below.close()


class _Is:
    """Is an urgency this one?"""

    def __init__(self, urgency: str) -> None:
        self._urgency = urgency

    def __call__(self, urgency: str | None) -> bool:
        return urgency == self._urgency
