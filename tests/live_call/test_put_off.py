"""Questions that are put off are asked after the rest, and nothing else depends on that."""

from __future__ import annotations

from dataclasses import replace

from tests.builders import MILD_ANSWERS, RISK_ANSWERS, nothing_asked
from tests.live_call.calls import answered, known
from triage.domain.referral import BIRTH_DATE, Referral
from triage.live_call import LiveCall
from triage.rulebook import Rulebook


def test_what_is_put_off_is_passed_over_and_changes_nothing_else(
    live_call: LiveCall, rulebook: Rulebook
) -> None:
    referral = known(nothing_asked().build(), rulebook)
    plain = live_call.live(referral)
    put_off = live_call.live(referral, {"emergency_now", "thoughts_of_harm"})
    assert plain.next_question
    assert plain.next_question.answer == "emergency_now"
    assert put_off.next_question
    assert put_off.next_question.answer == "intent"
    assert replace(put_off, next_question=plain.next_question) == plain
    assert live_call.live(referral, {"veteran"}) == plain


def test_where_everything_is_put_off_it_is_asked_all_the_same(
    live_call: LiveCall, rulebook: Rulebook
) -> None:
    referral = known(nothing_asked().build(), rulebook)
    every = {*rulebook.vocabulary.answers, BIRTH_DATE, "source"}
    assert live_call.live(referral, every) == live_call.live(referral)


def test_a_call_in_which_safety_is_put_off_ends_with_safety(
    live_call: LiveCall, rulebook: Rulebook
) -> None:
    referral = nothing_asked().build()
    asked = list[str]()
    while question := live_call.live(known(referral, rulebook), RISK_ANSWERS.keys()).next_question:
        asked.append(question.answer)
        referral = _answered(referral, question.answer)
    assert set(asked[-len(RISK_ANSWERS) :]) == set(RISK_ANSWERS)
    settled = live_call.live(known(referral, rulebook))
    assert (settled.possible_routes, settled.worst_possible) == (("iapt_step_2",), "routine")


def _answered(referral: Referral, name: str) -> Referral:
    return answered(referral, name, MILD_ANSWERS[name])
