"""From milder answers to worse ones: each answer about risk, with all that it is worse than.

An answer that was not given is held to be worse than the mildest, and no worse than any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from triage.diagram.inputs import UNKNOWN, Input, Portion
from triage.diagram.model import routing_rules
from triage.diagram.questionnaires import PHQ9, PHQ9_PARTS, PHQ9_SCORES, item9_steps
from triage.diagram.space import comparisons
from triage.domain.vocabulary import Answer, Facts, Kind, Worse
from triage.rulebook import Rulebook
from triage.verify.proofs.ground import Ground

ITEM9 = PHQ9_SCORES[1]

Step = tuple[Portion, Portion]
"""The milder answer and the worse one, as portions of their input."""


class Worsened(NamedTuple):
    """Values in one class of an input that are worse than values of the same other classes.

    ``cells`` are how many values they are; ``steps`` lead to them, by the class they come from.
    """

    answer: str
    depth: int
    place: int
    cells: int
    steps: Mapping[int, Step]


def worsened(answer: Answer, ground: Ground) -> Iterator[Worsened]:
    """All that is worse than something milder and that some rule tells from it."""
    name = PHQ9 if answer.name == ITEM9 else answer.name
    depth = ground.space.depths.get(name)
    if depth is None:
        return
    one = ground.space.inputs[depth]
    facts = _facts_of_item9(ground.rulebook) if name == PHQ9 else (answer.name,)
    steps = _item9_steps(ground.rulebook, facts) if name == PHQ9 else _steps(answer, one)
    coming = _by_worse_end(one, facts, steps)
    for (place, _), (cells, found) in _alike(one, facts, coming).items():
        yield Worsened(answer.name, depth, place, cells, found)


# --- every step ---


def _steps(answer: Answer, one: Input) -> Iterator[Step]:
    """From the mildest answer to none; then to each answer from all milder ones, nearest first."""
    portions = _mildest_first(answer, one)
    yield portions[0], UNKNOWN
    for at, worse in enumerate(portions):
        for milder in reversed(portions[:at]):
            yield milder, worse


def _mildest_first(answer: Answer, one: Input) -> list[Portion]:
    known = [each for place in one.classes for each in place.portions if answer.name in each.facts]
    term = answer.term
    order: Sequence[object] = term.choices
    if term.kind is Kind.BOOLEAN:
        order = (False, True) if answer.worse is Worse.TRUE else (True, False)
    elif term.kind is Kind.NUMBER:
        order = range(term.low, term.high + 1)
    return sorted(known, key=lambda each: order.index(each.facts[answer.name]))


def _item9_steps(rulebook: Rulebook, facts: Sequence[str]) -> Iterable[Step]:
    """The same of PHQ-9 item 9, which may move the total with it."""
    may_miss = rulebook.vocabulary.answers["phq9_items"].may_miss
    return item9_steps(may_miss, in_full=facts == PHQ9_PARTS)


def _facts_of_item9(rulebook: Rulebook) -> tuple[str, ...]:
    """What of PHQ-9 the urgency, or an exception, may depend on: two scores, or everything."""
    read = {fact for rule in routing_rules(rulebook) for fact in rule.reads}
    for one in rulebook.promises.exceptions if rulebook.promises else ():
        read |= {each.fact for each in comparisons(one.when)} if one.when else set()
    return PHQ9_SCORES if read.isdisjoint(PHQ9_PARTS[2:]) else PHQ9_PARTS


# --- by where they lead ---

Key = tuple[object, ...]


def _key(facts: Facts, names: Sequence[str]) -> Key:
    """What tells portions apart by certain facts: of items it matters only that they are there."""
    return tuple(name in facts if name.endswith("_items") else facts.get(name) for name in names)


def _by_worse_end(
    one: Input, names: Sequence[str], steps: Iterable[Step]
) -> dict[Key, dict[int, Step]]:
    """For each worse end, the steps that lead there, by the class that they come from."""
    places = {
        _key(portion.facts, names): place
        for place, each in enumerate(one.classes)
        for portion in each.portions
    }
    found: dict[Key, dict[int, Step]] = {}
    for milder, worse in steps:
        came = found.setdefault(_key(worse.facts, names), {})
        came.setdefault(places[_key(milder.facts, names)], (milder, worse))
    return found


Alike = dict[tuple[int, frozenset[int]], tuple[int, Mapping[int, Step]]]


def _alike(one: Input, names: Sequence[str], coming: Mapping[Key, Mapping[int, Step]]) -> Alike:
    """Worse ends of one class to which steps lead from the same other classes, counted together."""
    found: Alike = {}
    for place, each in enumerate(one.classes):
        for portion in each.portions:
            steps = coming.get(_key(portion.facts, names), {})
            apart = {milder: step for milder, step in steps.items() if milder != place}
            if apart:
                cells, first = found.get((place, frozenset(apart)), (0, apart))
                found[place, frozenset(apart)] = cells + portion.cells, first
    return found
