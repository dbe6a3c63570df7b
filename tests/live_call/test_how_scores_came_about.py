"""Scores that answers to come may still move, and rules that route by how they came about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from random import Random
from typing import Any

import pytest

from tests.builders import ReferralBuilder, referral_builder
from tests.diagram.scored import FACTS, routing_by, scored
from tests.facts import facts_of
from tests.live_call.calls import answered
from tests.live_call.completing import Completer
from tests.random_things import Drawer
from tests.verify.proofs.edited import Edited, a_rule, both, to
from triage.decide import Decider
from triage.domain.decision import Decision
from triage.domain.referral import Referral
from triage.live_call import LiveCall
from triage.rulebook import Rulebook

REFERRALS, COMPLETED = 120, 6

INCOMPLETE: Mapping[str, Any] = {"scores_incomplete": {"is": True}}

FEW = (0, *(None,) * 8)
"""One item of nine: too few for a total."""

ITEMS = {"phq9_items": "phq9_total", "gad7_items": "gad7_total"}
"""By which items a total can be given."""


@pytest.fixture(scope="module")
def soon_if_incomplete(rulebook: Rulebook) -> Iterator[Decider]:
    """Rules by which a questionnaire with too few items makes it more urgent."""
    with closing(Decider(routing_by(rulebook, INCOMPLETE))) as made:
        yield made


def live_of(decider: Decider) -> LiveCall:
    return LiveCall(decider.rulebook, decider.diagram)


def outcome(decision: Decision) -> tuple[str, str]:
    return decision.route.route.id, decision.urgency.id


def open_but_for(builder: ReferralBuilder, rulebook: Rulebook, *names: str) -> Referral:
    """Everything but these was answered or declined."""
    every = set(rulebook.vocabulary.answers) - set(builder.answers) - set(names)
    return builder.declining(*every).build()


@pytest.mark.parametrize("names", [("phq9_items",), ("phq9_items", "phq9_total", "phq9_item9")])
def test_a_questionnaire_that_may_still_come_by_its_items_is_not_routed(
    soon_if_incomplete: Decider, names: tuple[str, ...]
) -> None:
    ptsd = referral_builder(presenting_problem="ptsd").without("phq9_total", "phq9_item9")
    referral = open_but_for(ptsd, soon_if_incomplete.rulebook, *names)
    before = soon_if_incomplete.decide(referral)
    assert outcome(before) == ("iapt_step_3", "routine")
    assert before.status.value == "provisional"
    live = live_of(soon_if_incomplete).live(soon_if_incomplete.known(referral))
    assert live.worst_possible == "soon"
    assert live.next_question is not None
    assert live.next_question.answer in names
    after = soon_if_incomplete.decide(answered(referral, "phq9_items", FEW))
    assert outcome(after) == ("iapt_step_3", "soon")


@pytest.mark.parametrize("fact", FACTS)
def test_whatever_is_answered_stays_within_what_is_possible(rulebook: Rulebook, fact: str) -> None:
    wanted = {"known": True} if fact.endswith("_items") else {"is": True}
    with closing(Decider(routing_by(rulebook, {fact: wanted}))) as decider:
        live_call, random = live_of(decider), Random(fact)
        completing = ByItems(decider.rulebook)
        for _ in range(REFERRALS):
            partial = scored(random, completing.drawer)
            before, live = decider.decide(partial), live_call.live(decider.known(partial))
            worst = decider.rulebook.vocabulary.urgencies[live.worst_possible]
            for _ in range(COMPLETED):
                after = decider.decide(completing.completed(partial, random))
                assert after.route.route.id in live.possible_routes, partial
                assert not after.urgency.sooner_than(worst), partial
                moved = outcome(after) != outcome(before)
                assert not (moved and before.status.value == "routed"), partial


class ByItems:
    """Completes referrals, by the items too where a total is open and was declined."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.drawer = Drawer(rulebook)
        self._completer = Completer(rulebook, self.drawer)
        self._rulebook = rulebook

    def completed(self, partial: Referral, random: Random) -> Referral:
        known = facts_of(partial, self._rulebook)
        for items, total in ITEMS.items():
            settled = {items, total} & {*known, *partial.answers} or items in partial.declined
            if not settled and random.random() < 0.5:
                value = self._completer.value(items, random)
                partial = answered(answered(partial, total, None), items, value)
        return self._completer.completed(partial, random)


def test_of_few_items_a_question_that_can_only_calm_says_so(rulebook: Rulebook) -> None:
    """What comes of it now is not what would come of it with nothing known of the questionnaire."""
    edited = Edited(rulebook)
    few = both(INCOMPLETE, {"phq9_total": {"known": False}}, {"gad7_total": {"known": True}})
    edited.add(a_rule("few", few, to("crisis", "very_urgent")))
    referral = referral_builder(phq9_items=FEW).without("phq9_total").build()
    with closing(Decider(edited.rulebook())) as decider:
        assert decider.decide(referral).route.route.id == "crisis"
        asked = live_of(decider).live(decider.known(referral)).next_question
        assert asked is not None
        assert (asked.answer, asked.why) == (
            "phq9_total",
            "could still lead away from: Crisis team",
        )


# --- the shipped rules ---


@pytest.mark.parametrize(
    "items", [(1, 2, 3, 2, 2, 0, 1, 2, None), (2, 2, 2, 2, 2, 2, None, None, None)], ids=str
)
def test_a_total_that_item_9_may_still_move_to_another_step_is_not_routed(
    decider: Decider, live_call: LiveCall, items: tuple[int | None, ...]
) -> None:
    builder = referral_builder(phq9_items=items, phq9_total=12).without("phq9_item9")
    before = decider.decide(builder.build())
    assert (before.route.route.id, before.status.value) == ("iapt_step_2", "provisional")
    assert before.missing[0].answer == "phq9_item9"
    asked = live_call.live(decider.known(builder.build())).next_question
    assert asked is not None
    assert asked.answer == "phq9_item9"
    after = decider.decide(builder.answering(phq9_item9=3).build())
    assert after.route.route.id == "iapt_step_3"
    declined = decider.decide(builder.declining("phq9_item9").build())
    assert (declined.route.route.id, declined.status.value) == ("iapt_step_2", "routed")


def test_routed_is_exact_however_much_of_the_questionnaires_was_answered(
    decider: Decider, live_call: LiveCall, rulebook: Rulebook
) -> None:
    random, drawer, seen = Random(23), Drawer(rulebook), {"routed": 0, "provisional": 0}
    for _ in range(2_000):
        referral = scored(random, drawer)
        status = decider.decide(referral).status.value
        if status in seen:
            settled = live_call.live(decider.known(referral)).next_question is None
            assert settled is (status == "routed"), referral
            seen[status] += 1
    assert min(seen.values()) > 50
