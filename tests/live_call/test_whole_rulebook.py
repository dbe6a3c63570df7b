"""The live call under the shipped rulebook, held against what the engine decides."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest

from tests.campaigns import share
from tests.live_call.calls import answered, as_live_calls_go, called
from tests.live_call.completing import Completer
from tests.live_call.mix import callers
from tests.random_things import Drawer
from triage.decide import Decider
from triage.domain.decision import Decision
from triage.domain.referral import Referral
from triage.live_call import Live, LiveCall
from triage.outlook import QUESTIONS
from triage.rulebook import Rulebook

ROUNDS = 10
REFERRALS = 20_000
COMPLETED = 5
"""So many ways of answering all or some of what is open are tried of each referral."""


@pytest.fixture(scope="module")
def decider(quick_decider: Decider) -> Decider:
    """Nothing here reads what a decision says is missing."""
    return quick_decider


@pytest.fixture(scope="module")
def drawer(rulebook: Rulebook) -> Drawer:
    return Drawer(rulebook)


@pytest.fixture(scope="module")
def completer(rulebook: Rulebook, drawer: Drawer) -> Completer:
    return Completer(rulebook, drawer)


def partials(drawer: Drawer, seed: int, full: int = REFERRALS) -> Iterator[tuple[Referral, Random]]:
    """Partial referrals, and what is drawn after each."""
    for number in range(seed, share(full), ROUNDS):
        random = Random(number)
        yield drawer.referral(random), random


@pytest.mark.parametrize("seed", range(ROUNDS), ids="round_{}".format)
def test_whatever_is_answered_stays_within_what_is_possible(
    live_call: LiveCall, decider: Decider, drawer: Drawer, completer: Completer, seed: int
) -> None:
    for partial, random in partials(drawer, seed):
        live = live_call.live(decider.known(partial))
        for _ in range(COMPLETED):
            referral = completer.completed(partial, random)
            assert is_within(decider.decide(referral), live, decider.rulebook), referral


def is_within(decision: Decision, live: Live, rulebook: Rulebook) -> bool:
    """Was this possible, and no more urgent than the worst?"""
    worst = rulebook.vocabulary.urgencies[live.worst_possible]
    possible = decision.route.route.id in live.possible_routes
    return possible and not decision.urgency.sooner_than(worst)


@pytest.mark.parametrize("seed", range(ROUNDS), ids="round_{}".format)
def test_an_answer_on_which_danger_depends_is_asked_for_first(
    live_call: LiveCall, decider: Decider, drawer: Drawer, completer: Completer, seed: int
) -> None:
    order, seen = [*decider.rulebook.vocabulary.answers, *QUESTIONS], 0
    for partial, random in partials(drawer, seed, REFERRALS // 10):
        asked = live_call.live(decider.known(partial)).next_question
        for one, other, name in completer.differing_in_one(partial, random):
            if danger(decider.decide(one)) != danger(decider.decide(other)):
                assert asked is not None, (partial, name)
                assert order.index(asked.answer) <= order.index(name), (partial, name)
                assert asked.why.startswith("could still lead"), (partial, name)
                seen += 1
    assert seen


def danger(decision: Decision) -> str | None:
    """The route of an emergency or a crisis; None where there is none."""
    return decision.route.route.id if decision.urgency.rank <= 1 else None


@pytest.mark.parametrize("seed", range(ROUNDS), ids="round_{}".format)
def test_every_answer_to_the_next_question_leaves_less_and_the_question_does_not_come_again(
    live_call: LiveCall, decider: Decider, drawer: Drawer, completer: Completer, seed: int
) -> None:
    for partial, random in partials(drawer, seed):
        live = live_call.live(decider.known(partial))
        if live.next_question is not None:
            name = live.next_question.answer
            assert name not in {*partial.answers, *partial.declined}
            for value in (None, completer.value(name, random), completer.value(name, random)):
                after = live_call.live(decider.known(answered(partial, name, value)))
                assert set(after.possible_routes) <= set(live.possible_routes), (partial, name)
                assert after.next_question is None or after.next_question.answer != name


def test_every_call_ends_with_what_the_engine_decides(
    live_call: LiveCall, decider: Decider
) -> None:
    order = as_live_calls_go(live_call)
    for caller in callers(share(3_000)):
        referral, _ = called(caller, order, decider.rulebook)
        live, decision = live_call.live(decider.known(referral)), decider.decide(referral)
        assert live.possible_routes == (decision.route.route.id,)
        assert live.worst_possible == decision.urgency.id
