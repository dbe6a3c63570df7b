"""How many questions a call takes at best: every order of asking is tried on a small rulebook.

By the product's own assumption: a question stays unanswered as often as ``UNANSWERED`` says, and
all answers to it that make a difference are alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import prod

from tests.live_call.calls import Order, known
from tests.live_call.cut_down import CutDown, Partial, Possible
from triage.diagram.prospects import UNANSWERED


class SmallCalls:
    """Every call under a small rulebook, from the first question on."""

    def __init__(self, cut_down: CutDown) -> None:
        self._cut_down = cut_down
        self._axes = [place for place, axis in enumerate(cut_down.axes) if axis.questions]
        self._nothing = Partial((0,) * len(cut_down.axes), frozenset())
        self._start = cut_down.still_possible(self._nothing, self._axes)
        self._answers: list[list[int]] = []
        for axis in range(len(self._axes)):
            self._start, answers = _told_apart(self._start, axis)
            self._answers.append(answers)

    def best(self, *, danger_first: bool) -> float:
        """The mean number of questions in the best order, or the best that asks danger first."""
        return self._best(self._start, {}, danger_first=danger_first)

    def _best(
        self, possible: Possible, found: dict[Possible, float], *, danger_first: bool
    ) -> float:
        if possible not in found:
            axes = self._worth_asking(possible, danger_first=danger_first)
            ways = (
                1
                + sum(
                    weight * self._best(after, found, danger_first=danger_first)
                    for weight, after in zip(
                        _weights(possible.sizes[axis]), _after(possible, axis), strict=True
                    )
                )
                for axis in axes
            )
            found[possible] = min(ways, default=0.0)
        return found[possible]

    def _worth_asking(self, possible: Possible, *, danger_first: bool) -> list[int]:
        matter = _matter(possible)
        pressing = _matter(possible.seen(self._cut_down.danger)) if danger_first else []
        return pressing or matter

    def of(self, order: Order) -> float:
        """The mean number of questions in an order of asking."""
        return self._of(order, self._nothing, {})

    def _of(self, order: Order, partial: Partial, found: dict[Partial, float]) -> float:
        if partial not in found:
            name = order(known(self._cut_down.referral(partial), self._cut_down.rulebook))
            found[partial] = 0.0
            if name is not None:
                after = list(self._answered(partial, name))
                chances = zip(_weights(len(after)), after, strict=True)
                found[partial] = 1 + sum(
                    weight * self._of(order, each, found) for weight, each in chances
                )
        return found[partial]

    def _answered(self, partial: Partial, name: str) -> Iterator[Partial]:
        """A partial referral after each answer to a question; the first declines."""
        yield replace(partial, declined=partial.declined | {name})
        for place, answers in zip(self._axes, self._answers, strict=True):
            if name in self._cut_down.axes[place].questions:
                for at in answers[1:]:
                    cell = (*partial.cell[:place], at, *partial.cell[place + 1 :])
                    yield replace(partial, cell=cell)


def _weights(answers: int) -> tuple[float, ...]:
    """How likely each answer is; the first is none."""
    return (UNANSWERED, *((1 - UNANSWERED) / (answers - 1) for _ in range(answers - 1)))


def _matter(possible: Possible) -> list[int]:
    return [axis for axis in range(len(possible.sizes)) if possible.depends_on(axis)]


def _after(possible: Possible, axis: int) -> Iterator[Possible]:
    """What may still come of it, after each answer to one of the questions."""
    size, block = possible.sizes[axis], prod(possible.sizes[axis + 1 :])
    sizes = (*possible.sizes[:axis], *possible.sizes[axis + 1 :])
    starts = range(0, len(possible.outcomes), block)
    parts = [possible.outcomes[at : at + block] for at in starts]
    for step in range(size):
        yield Possible(b"".join(parts[step::size]), sizes)


def _told_apart(possible: Possible, axis: int) -> tuple[Possible, list[int]]:
    """The same with one answer for all those that are alike, and which answers are left."""
    kept: dict[tuple[bool, bytes], int] = {}
    for place, after in enumerate(_after(possible, axis)):
        kept.setdefault((place == 0, after.outcomes), place)
    size, block = possible.sizes[axis], prod(possible.sizes[axis + 1 :])
    parts = (
        possible.outcomes[start + at * block : start + (at + 1) * block]
        for start in range(0, len(possible.outcomes), size * block)
        for at in kept.values()
    )
    sizes = (*possible.sizes[:axis], len(kept), *possible.sizes[axis + 1 :])
    return Possible(b"".join(parts), sizes), list(kept.values())
