"""Everything that a referral may be, to one or more rulebooks: the inputs, in the order asked.

Answers about risk come first, and each clinician's rating stands by the answers it is about: so the
diagrams stay small, and what is most urgent is settled highest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import prod

from triage.diagram.inputs import Input
from triage.diagram.joint import joint_of
from triage.diagram.portions import InputMaker
from triage.domain.conditions import All, AnyOf, AtLeastOf, Compare, Condition, Not
from triage.domain.rules import DIFFERING, LEVELS, Rule, rated_fact
from triage.rulebook import Rulebook

SAFETY = "safety"
"""The group of answers that is asked first."""


@dataclass(frozen=True, slots=True)
class Space:
    """The inputs that rules read, in the order in which diagrams ask them."""

    inputs: tuple[Input, ...]
    depths_of: Mapping[str, tuple[int, ...]] = field(init=False, repr=False)
    """For each fact, the places of the inputs it is read from."""

    def __post_init__(self) -> None:
        found: dict[str, tuple[int, ...]] = {}
        for depth, one in enumerate(self.inputs):
            for fact in one.facts:
                found[fact] = (*found.get(fact, ()), depth)
        object.__setattr__(self, "depths_of", found)

    @property
    def sizes(self) -> tuple[int, ...]:
        """The numbers of classes of the inputs."""
        return tuple(len(one.classes) for one in self.inputs)

    @property
    def cells(self) -> int:
        """How many referrals there are that differ in something rules can read."""
        return prod(sum(each.cells for each in one.classes) for one in self.inputs)

    @property
    def depths(self) -> Mapping[str, int]:
        """The place of each input, by its name."""
        return {one.name: depth for depth, one in enumerate(self.inputs)}


def space_of(rulebook: Rulebook, rules: Iterable[Rule] | None = None, *others: Rulebook) -> Space:
    """The space in which the rules of a rulebook, or some of them, and of others can be compared.

    Values of an answer that not every rulebook knows are left out: no referral that holds one can
    be decided by all. Raises ``RulebookError`` where rulebooks ask too differently.
    """
    reading = list(rulebook.rules if rules is None else rules)
    reading += [rule for other in others for rule in other.rules]
    let_off = _let_off(rulebook, *others) if rules is None else ()
    vocabulary = joint_of((rulebook, *others)).vocabulary if others else rulebook.vocabulary
    inputs = InputMaker(vocabulary, asked_of(reading, let_off)).inputs()
    return Space(tuple(_in_order(inputs, vocabulary.answers, reading)))


def _let_off(*rulebooks: Rulebook) -> Iterator[Condition]:
    """Of whom waivers and exceptions speak: what they tell apart, the space must."""
    for rulebook in rulebooks:
        exceptions = rulebook.promises.exceptions if rulebook.promises else ()
        named = [*(one.when for one in rulebook.waivers), *(one.when for one in exceptions)]
        yield from (when for when in named if when is not None)


def asked_of(
    rules: Iterable[Rule], conditions: Iterable[Condition] = ()
) -> dict[str, list[Compare]]:
    """Every comparison that rules and conditions make, by the fact they make it of."""
    found: dict[str, dict[Compare, None]] = {}
    asked = [one for rule in rules for one in _asked_by(rule)]
    asked += [one for condition in conditions for one in _asked_in(condition)]
    for one in asked:
        found.setdefault(one.fact, {})[one] = None
    return {fact: list(ones) for fact, ones in found.items()}


def _asked_by(rule: Rule) -> Iterator[Compare]:
    """What a rule compares, and what it must know to conclude."""
    if rule.when:
        yield from _asked_in(rule.when)
    for each in rule.then:
        if each.taken_from:
            yield from _each_level(each.taken_from)
        if each.due and each.due.on:
            yield Compare(each.due.on, "known", wanted=True)


def _asked_in(condition: Condition) -> Iterator[Compare]:
    """What a condition compares, whatever it says of it."""
    for one in comparisons(condition):
        yield Compare(one.fact, one.operator, one.wanted)
        if one.fact == DIFFERING and one.operator == "includes":
            yield from _each_level(rated_fact(str(one.wanted)))


def _each_level(fact: str) -> Iterator[Compare]:
    for level in LEVELS[1:]:
        yield Compare(fact, "is", level)


def comparisons(condition: Condition) -> Iterator[Compare]:
    """Every comparison in a condition, in the order written."""
    match condition:
        case Compare():
            yield condition
        case Not(of=inner):
            yield from comparisons(inner)
        case All(of=of) | AnyOf(of=of) | AtLeastOf(of=of):
            for part in of:
                yield from comparisons(part)


def _in_order(
    inputs: Iterable[Input], answers: Mapping[str, object], rules: Sequence[Rule]
) -> list[Input]:
    """Safety first, and every rating after the last of the answers to its factor."""
    every = list(inputs)
    plain = [one for one in every if not one.name.startswith("levels.")]
    ordered = sorted(plain, key=lambda one: not _is_safety(one, answers))
    for one in every:
        if one.name.startswith("levels."):
            factor = one.name.removeprefix("levels.")
            read = _read_for(factor, rules)
            places = [at for at, each in enumerate(ordered) if read.intersection(each.facts)]
            ordered.insert(max(places, default=len(ordered) - 1) + 1, one)
    return ordered


def _is_safety(one: Input, answers: Mapping[str, object]) -> bool:
    answer = answers.get(one.name)
    return getattr(answer, "group", "") == SAFETY


def _read_for(factor: str, rules: Iterable[Rule]) -> set[str]:
    """The facts that decide the level of a factor, its rating aside."""
    found = {
        fact
        for rule in rules
        for one in rule.then
        if one.kind == "level" and one.target == factor
        for fact in rule.reads
    }
    return found - {rated_fact(factor)}
