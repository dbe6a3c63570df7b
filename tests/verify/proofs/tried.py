"""A rulebook of few answers with everything that it may be given, tried one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from math import prod
from typing import Any

from tests.facts import facts_of
from tests.plain_conclusions import Concluded, PlainDecider
from tests.quick_reader import QuickDecider
from triage.diagram.walks import referral_of
from triage.rulebook import Rulebook

Place = tuple[int, ...]
"""Which value of each axis; 0 is that nothing is known."""

NOBODY = 1_000
"""The rank of no urgency at all."""

AXES: Mapping[str, Sequence[Any]] = {
    "emergency_now": (None, False, True),
    "thoughts_of_harm": (None, "none", "fleeting", "regular", "frequent"),
    "plan": (None, "none", "passive", "active"),
    "serious_harm_history": (None, False, True),
    "veteran": (None, False, True),
    "rated_risk": (None, "low", "medium", "high"),
}
"""Every answer to some questions, or rating: none, then from the mildest to the worst."""


@dataclass(frozen=True)
class Axis:
    """One thing that is asked, with the facts that come of each answer."""

    name: str
    facts: tuple[Mapping[str, Any], ...]


def answered(name: str) -> Axis:
    return Axis(name, tuple({} if one is None else {name: one} for one in AXES[name]))


def phq9(rulebook: Rulebook) -> Axis:
    """Every total beside every score of item 9, as they are stated."""
    found = []
    for total, nine in product((None, *range(28)), (None, *range(4))):
        both = {"answers.phq9_total": total, "answers.phq9_item9": nine}
        given = {path: value for path, value in both.items() if value is not None}
        facts = facts_of(referral_of(given), rulebook)
        wanted = ("phq9_total", "phq9_item9")
        found.append({name: facts[name] for name in wanted if name in facts})
    return Axis("phq9", tuple(found))


def ages() -> Axis:
    return Axis("age", ({}, *({"age": age} for age in range(131))))


class Tried:
    """What the plain reader concludes of everything that a rulebook may be given."""

    def __init__(self, rulebook: Rulebook, axes: Sequence[Axis]) -> None:
        self.rulebook, self.axes = rulebook, tuple(axes)

    @property
    def places(self) -> Iterator[Place]:
        """Everything it may be given, in order."""
        return product(*(range(len(axis.facts)) for axis in self.axes))

    @property
    def cells(self) -> int:
        """How many those are."""
        return prod(len(axis.facts) for axis in self.axes)

    def facts(self, place: Place) -> dict[str, Any]:
        """What is known at a place."""
        found: dict[str, Any] = {}
        for axis, at in zip(self.axes, place, strict=True):
            found |= axis.facts[at]
        return found

    @cached_property
    def concluded(self) -> Mapping[Place, Concluded | None]:
        """What the rules conclude; None where no route stands."""
        plain = QuickDecider(self.rulebook.content)
        return {place: _concluded(plain, self.facts(place)) for place in self.places}

    @cached_property
    def leads(self) -> Mapping[Place, str | None]:
        """The lead route."""
        found = self.concluded.items()
        return {place: one.routes[0] if one else None for place, one in found}

    @cached_property
    def ranks(self) -> Mapping[Place, int]:
        """How urgent it is."""
        found = self.concluded.items()
        return {place: one.urgency_class if one else NOBODY for place, one in found}

    def count(self, test: Callable[[Place], bool]) -> int:
        """Of how many a test is true."""
        return sum(map(test, self.places))

    def at(self, name: str) -> int:
        """Which axis is called so."""
        return next(at for at, axis in enumerate(self.axes) if axis.name == name)


def moved(place: Place, axis: int, value: int) -> Place:
    """The same, with another value of one axis."""
    return (*place[:axis], value, *place[axis + 1 :])


def _concluded(plain: PlainDecider, facts: Mapping[str, Any]) -> Concluded | None:
    try:
        return plain.conclude(facts)
    except IndexError:  # the plain reader takes the first of the routes that stand
        return None
