"""Reasons and changes on a cut-down rulebook, held against all 37,260 combinations of facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from random import Random

import pytest

from tests.campaigns import share
from tests.cut_down import CHANGEABLE, referral_of
from tests.explain.tabulated import Tabulated
from triage.domain.pseudonymised import Pseudonymised
from triage.domain.vocabulary import Value
from triage.explain import Explainer
from triage.explain.changes import HANDFUL

REFERRALS, ROUNDS = 10_000, 10

rounds = pytest.mark.parametrize("number", range(ROUNDS), ids="round_{}".format)


def drawn(tabulated: Tabulated, number: int) -> list[tuple[dict[str, Value], Pseudonymised]]:
    """The referrals of a round, with the facts they amount to; some questions were declined."""
    found = []
    for seed in range(number, share(REFERRALS), ROUNDS):
        random = Random(seed)
        facts = random.choice(tabulated.cells)
        absent = [name for name in CHANGEABLE if name not in facts]
        declined = frozenset(name for name in absent if random.random() < 0.3)
        found.append((facts, referral_of(facts, declined=declined)))
    return found


@rounds
def test_what_alone_decides_is_enough_and_none_of_it_can_be_spared(
    tabulated: Tabulated, of_small: Explainer, number: int
) -> None:
    for facts, referral in drawn(tabulated, number):
        outcome = tabulated.outcome(facts)
        known = of_small.sufficient(referral, outcome).answers
        assert all(one.value == facts.get(one.answer) for one in known), facts
        assert tabulated.force(known, outcome), facts
        for spared in known:
            others = [replace(one, same=None) for one in known if one is not spared]
            assert not tabulated.force(others, outcome), (facts, spared)


@rounds
def test_no_fewer_answers_would_alter_the_route(
    tabulated: Tabulated, of_small: Explainer, number: int
) -> None:
    for facts, referral in drawn(tabulated, number):
        changes = of_small.changes(referral, tabulated.outcome(facts))
        for change in changes:
            otherwise = {one.answer: one.value for one in change.answers if one.value is not None}
            assert tabulated.outcome({**facts, **otherwise}).lead == change.route.id, (
                facts,
                change,
            )
        told = [(change.route.id, len(change.answers)) for change in changes]
        wanted = tabulated.distances(facts, referral.declined)
        assert dict(told).items() <= wanted.items(), facts
        assert [many for _, many in told] == sorted(wanted.values())[: len(told)], facts
        assert {lead for lead, _ in told} >= nearest(wanted), facts
        assert len(told) >= min(HANDFUL, len(wanted)), facts


def nearest(distances: Mapping[str, int]) -> set[str]:
    """The routes that are nearest of all."""
    return {lead for lead, many in distances.items() if many == min(distances.values())}


def test_nearly_every_reason_is_as_short_as_any(tabulated: Tabulated, of_small: Explainer) -> None:
    """That no part can be spared is promised; that no other reason is shorter, is not."""
    every = [each for number in range(ROUNDS) for each in drawn(tabulated, number)]
    longer = 0
    for facts, referral in every:
        outcome = tabulated.outcome(facts)
        found = len(of_small.sufficient(referral, outcome).answers)
        longer += found > tabulated.shortest(facts, outcome)
    assert longer <= len(every) / 100
