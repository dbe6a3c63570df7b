"""The diagram and the engine agree: on every edge, on every boundary, on a million referrals."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest

from tests.campaigns import share
from tests.facts import facts_of
from tests.plain_conclusions import PlainDecider
from tests.random_things import Drawer
from triage.decide import Decider
from triage.diagram import Diagram, Outcome
from triage.diagram.forest import Forest, Node
from triage.diagram.inputs import Given
from triage.diagram.model import Model
from triage.diagram.space import space_of
from triage.diagram.walks import Cell, given_at, referral_of
from triage.domain.referral import Referral
from triage.rulebook import Rulebook

ROUNDS, A_ROUND = 100, 10_000
"""In full: 1,000,000 random referrals."""


@pytest.fixture(scope="module")
def diagram(rulebook: Rulebook) -> Diagram:
    return Diagram.of(rulebook)


@pytest.fixture(scope="module")
def drawer(rulebook: Rulebook) -> Drawer:
    return Drawer(rulebook)


def by_engine(decider: Decider, referral: Referral) -> Outcome:
    decision = decider.decide(referral)
    assert not [one for one in decision.alerts if one.id == "evaluators_disagree"]
    return Outcome(decision.route.route.id, decision.urgency.id)


def by_diagram(diagram: Diagram, referral: Referral, rulebook: Rulebook) -> Outcome:
    return diagram.outcome(facts_of(referral, rulebook), referral.answers)


@pytest.mark.parametrize("number", range(share(ROUNDS)), ids=lambda number: f"round_{number}")
def test_they_agree_on_random_referrals(
    quick_decider: Decider, diagram: Diagram, drawer: Drawer, rulebook: Rulebook, number: int
) -> None:
    random = Random(number)
    for _ in range(A_ROUND // 10):
        referral = drawer.referral(random)
        found = by_engine(quick_decider, referral)
        assert by_diagram(diagram, referral, rulebook) == found, referral
        for _ in range(9):
            other = neighbour(referral, drawer, random)
            assert by_diagram(diagram, other, rulebook) == by_engine(quick_decider, other), other


def neighbour(referral: Referral, drawer: Drawer, random: Random) -> Referral:
    """The same referral with one answer otherwise, or not asked."""
    name, answer = random.choice(list(drawer.questions()))
    answers = {**referral.answers, name: drawer.answer(answer, random)}
    if random.random() < 0.3:
        del answers[name]
    return Referral(
        received_at=referral.received_at,
        answers=answers,
        levels=referral.levels,
        patient=referral.patient,
        referrer=referral.referrer,
        source=referral.source,
    )


def edges(diagram: Diagram) -> Iterator[tuple[Cell, Outcome]]:
    """For every edge of the diagram a cell whose walk goes along it, and where that ends."""
    above: dict[Node, Cell] = {diagram.root: (0,) * diagram.bottom}
    for node in reversed(range(len(diagram))):
        if node not in above:
            continue
        depth = diagram.depths[node]
        for place, child in enumerate(diagram.children[node]):
            cell = (*above[node][:depth], place, *above[node][depth + 1 :])
            above.setdefault(child, cell)
            yield cell, end_of(diagram, cell)


def end_of(diagram: Diagram, cell: Cell) -> Outcome:
    node = diagram.root
    while diagram.outcomes[node] is None:
        node = diagram.children[node][cell[diagram.depths[node]]]
    found = diagram.outcomes[node]
    assert found is not None
    return found


def ends_of_classes(diagram: Diagram, cell: Cell) -> Iterator[Given]:
    """What referrals hold that stand for a cell: the first and the last value of each class."""
    whole = given_at(diagram.space, cell)
    yield whole
    for one, place in zip(diagram.space.inputs, cell, strict=True):
        for portion in one.classes[place].portions:
            for given in portion.ends:
                taken = {
                    path: value
                    for path, value in whole.items()
                    if path not in one.classes[place].given
                }
                yield {**taken, **given}


def test_they_agree_on_every_edge_and_both_ends_of_every_class(
    quick_decider: Decider, diagram: Diagram
) -> None:
    walked = tried = 0
    for cell, outcome in edges(diagram):
        walked += 1
        for given in ends_of_classes(diagram, cell) if walked % (11 - share(10)) == 0 else ():
            assert by_engine(quick_decider, referral_of(given)) == outcome, given
            tried += 1
        assert by_engine(quick_decider, referral_of(given_at(diagram.space, cell))) == outcome
    assert walked == sum(len(below) for below in diagram.children)
    assert tried > walked


def test_they_agree_at_every_boundary_and_one_to_either_side(
    quick_decider: Decider, diagram: Diagram, drawer: Drawer, rulebook: Rulebook
) -> None:
    """Each class's first and last value, and so each threshold and its neighbours, in company."""
    random, tried = Random(4), 0
    for one in diagram.space.inputs:
        for each in one.classes:
            for portion in each.portions:
                for given in portion.ends:
                    for _ in range(4):
                        referral = with_given(drawer.referral(random), given)
                        found = by_engine(quick_decider, referral)
                        assert by_diagram(diagram, referral, rulebook) == found, referral
                        tried += 1
    assert tried > 500


def with_given(referral: Referral, given: Given) -> Referral:
    own = referral_of(given)
    return Referral(
        received_at=own.received_at,
        answers={**referral.answers, **own.answers},
        levels={**referral.levels, **own.levels},
        patient=own.patient
        if given and next(iter(given)).startswith("patient")
        else referral.patient,
        source=own.source or referral.source,
    )


def test_every_rule_fires_where_its_diagram_says(rulebook: Rulebook, drawer: Drawer) -> None:
    """All rules, those about alerts and supports too, against the plain reader of the files."""
    space = space_of(rulebook)
    model = Model(rulebook, space)
    plain, random = PlainDecider(rulebook.content), Random(6)
    gives_way = {name for name, one in rulebook.vocabulary.routes.items() if one.gives_way}
    for _ in range(400):
        referral = drawer.referral(random)
        facts = facts_of(referral, rulebook)
        cell = tuple(one.place(facts, referral.answers) for one in space.inputs)
        concluded = plain.conclude(facts)
        for rule in rulebook.rules:
            if any(one.target in gives_way for one in rule.then if one.kind == "route"):
                continue
            fires = value_at(model.forest, model.firing(rule), cell)
            assert fires is (rule.id in concluded.fired), rule.id
        standing = [
            name for name, node in model.standing.items() if value_at(model.forest, node, cell)
        ]
        assert standing == list(concluded.routes)


def value_at(forest: Forest, node: Node, cell: Cell) -> object:
    while forest.depths[node] < forest.depth:
        node = forest.children[node][cell[forest.depths[node]]]
    return forest.values[node]
