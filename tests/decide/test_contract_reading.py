"""Random referrals go where the contract says, by a reading of it that shares nothing with us."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.decide.contract_reading import Read, Reading
from tests.decide.risk_reading import CLASS_OF_URGENCY
from tests.decide.test_routed_is_settled import a_partial_referral
from tests.facts import facts_of
from tests.random_things import Drawer
from triage.decide import Decider
from triage.domain.decision import Decision
from triage.domain.referral import Referral
from triage.rulebook import Rulebook

BATCHES, BATCH = 50, 200


@pytest.fixture(scope="module")
def drawer(rulebook: Rulebook) -> Drawer:
    return Drawer(rulebook)


@settings(max_examples=BATCHES)
@given(seed=st.integers(min_value=0, max_value=2**32))
def test_10000_random_referrals_go_where_the_contract_says(
    quick_decider: Decider, drawer: Drawer, seed: int
) -> None:
    random = Random(seed)
    for _ in range(BATCH):
        referral = without_empty_ratings(a_partial_referral(drawer, random))
        wanted = Reading(facts_of(referral, quick_decider.rulebook)).read()
        assert as_read(quick_decider.decide(referral)) == wanted, referral


def without_empty_ratings(referral: Referral) -> Referral:
    """Less the factors rated "unknown", of which ``test_ratings`` says what they mean."""
    levels = {name: level for name, level in referral.levels.items() if level != "unknown"}
    return replace(referral, levels=levels)


def as_read(decision: Decision) -> Read:
    return Read(
        {name: found.level for name, found in decision.levels.items()},
        tuple(each.route.id for each in (decision.route, *decision.also_indicated)),
        CLASS_OF_URGENCY[decision.urgency.id],
        decision.booking_held,
    )


def test_the_random_referrals_reach_every_route(quick_decider: Decider, drawer: Drawer) -> None:
    random = Random(4)
    drawn = [quick_decider.decide(a_partial_referral(drawer, random)) for _ in range(3_000)]
    reached = {decision.route.route.id for decision in drawn}
    assert reached == set(quick_decider.rulebook.vocabulary.routes)
