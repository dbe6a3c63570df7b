"""Where PHQ-9 can move, held against every pair of scores that can stand beside one another."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import product

import pytest

from triage.decide import Decider
from triage.diagram.inputs import Input
from triage.domain.questionnaires import item_nine
from triage.domain.vocabulary import Value
from triage.explain.moves import ONE, Here, Movable

Scores = dict[str, Value]

TOTALS, ITEM9S = range(28), range(4)

OWN = [(None, None), (12, None), (None, 0), (None, 3), (12, 1), (25, 2), (20, 0), (0, 0)]


@pytest.fixture
def phq9(decider: Decider) -> Input:
    """PHQ-9 as the shipped rules read it."""
    inputs = decider.diagram.space.inputs
    return next(one for one in inputs if "phq9_total" in one.facts)


def scores(total: int | None, item9: int | None) -> Scores:
    found = {"phq9_total": total, "phq9_item9": item9}
    return {name: value for name, value in found.items() if value is not None}


def reachable(own: Scores) -> Iterator[Scores]:
    """Every pair of scores that can be, and takes back nothing that is known."""
    for total, item9 in product((None, *TOTALS), (None, *ITEM9S)):
        found = scores(total, item9)
        if own.keys() <= found.keys() and not item_nine(None, item9, total).impossible:
            yield found


@pytest.mark.parametrize(("total", "item9"), OWN)
def test_a_questionnaire_moves_by_the_fewest_scores_and_then_the_nearest(
    decider: Decider, phq9: Input, total: int | None, item9: int | None
) -> None:
    own = scores(total, item9)
    wanted: dict[int, int] = {}
    for other in reachable(own):
        place = phq9.place_of(other)
        many = sum(own.get(name) != value for name, value in other.items())
        wanted[place] = min(many, wanted.get(place, many))
    movable = Movable(phq9, decider.rulebook.vocabulary)
    moves = list(movable.moves(phq9.place_of(own), Here(own, frozenset(), timedelta())))
    del wanted[phq9.place_of(own)]
    assert {move.place: move.cost // ONE for move in moves} == wanted
    for move in moves:
        assert {**own, **move.changed} in list(reachable(own))
        assert phq9.place_of({**own, **move.changed}) == move.place
        assert len(move.changed) == wanted[move.place]


def test_a_score_moves_no_farther_than_it_must(decider: Decider, phq9: Input) -> None:
    movable, own = Movable(phq9, decider.rulebook.vocabulary), scores(12, 1)
    moves = movable.moves(phq9.place_of(own), Here(own, frozenset(), timedelta()))
    alone = [move.changed for move in moves if len(move.changed) == 1]
    assert alone == [
        {"phq9_item9": 0},
        {"phq9_total": 9},
        {"phq9_total": 16},
        {"phq9_total": 20},
    ]


def test_scores_that_were_declined_stay_unknown(decider: Decider, phq9: Input) -> None:
    movable, own = Movable(phq9, decider.rulebook.vocabulary), scores(None, 0)
    here = Here(own, frozenset({"phq9_total"}), timedelta())
    moves = list(movable.moves(phq9.place_of(own), here))
    assert [move.changed for move in moves] == [{"phq9_item9": 1}]
