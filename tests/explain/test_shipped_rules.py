"""Reasons and changes under the shipped rules, held against decisions that the engine makes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import islice
from random import Random

import pytest

from tests.builders import RECEIVED
from tests.campaigns import share
from tests.explain.completions import completed, with_another_outcome
from tests.facts import facts_of
from tests.plain_reader import PlainReader
from tests.random_things import Drawer
from triage.decide import Decider
from triage.diagram import Outcome
from triage.domain.referral import Referral
from triage.domain.vocabulary import Kind, Term, Value
from triage.explain import Explainer, Known

REFERRALS, ROUNDS = 4_000, 10

rounds = pytest.mark.parametrize("number", range(ROUNDS), ids="round_{}".format)


def drawn(decider: Decider, number: int) -> Iterator[tuple[Referral, Outcome, Random]]:
    """The referrals of a round, decided, and what is drawn after each."""
    drawer = Drawer(decider.rulebook)
    for seed in range(number, share(REFERRALS), ROUNDS):
        random = Random(seed)
        referral = drawer.referral(random)
        yield referral, outcome_of(decider, referral), random


def outcome_of(decider: Decider, referral: Referral) -> Outcome:
    """What the engine decides."""
    decision = decider.decide(referral)
    assert "evaluators_disagree" not in [alert.id for alert in decision.alerts]
    return Outcome(decision.route.route.id, decision.urgency.id)


def same_is_known(decider: Decider, known: Sequence[Known], referral: Referral) -> bool:
    facts = facts_of(referral, decider.rulebook)
    return all(facts.get(one.answer) == one.value for one in known)


@rounds
def test_whoever_shares_the_reason_shares_the_outcome(
    decider: Decider, explainer: Explainer, number: int
) -> None:
    drawer = Drawer(decider.rulebook)
    for referral, outcome, random in drawn(decider, number):
        known = explainer.sufficient(decider.known(referral), outcome).answers
        for _ in range(3):
            other = completed(drawer.referral(random), known, random)
            assert outcome_of(decider, other) == outcome, (referral, other)


@rounds
def test_nothing_of_a_reason_can_be_spared(
    decider: Decider, explainer: Explainer, number: int
) -> None:
    for referral, outcome, _ in drawn(decider, number):
        known = explainer.sufficient(decider.known(referral), outcome).answers
        for spared in known:
            others = [one for one in known if one is not spared]
            other = with_another_outcome(decider.diagram, others, outcome)
            assert other is not None, (referral, spared)
            assert same_is_known(decider, others, other), (referral, spared, other)
            assert outcome_of(decider, other) != outcome, (referral, spared, other)


@rounds
def test_a_change_alters_the_route_as_it_says(
    decider: Decider, explainer: Explainer, number: int
) -> None:
    for referral, outcome, _ in drawn(decider, number):
        for change in explainer.changes(decider.known(referral), outcome):
            wanted = {one.answer: one.value for one in change.answers}
            otherwise = changed(decider, referral, wanted)
            assert outcome_of(decider, otherwise).lead == change.route.id, (referral, change)


SINGLY = 400
"""For so many referrals every answer is tried otherwise, one at a time."""


@rounds
def test_every_route_that_one_answer_leads_to_is_told_if_it_is_the_nearest(
    decider: Decider, explainer: Explainer, number: int
) -> None:
    for referral, outcome, _ in islice(drawn(decider, number), share(SINGLY // ROUNDS)):
        known = decider.known(referral)
        told = {
            each.route.id for each in explainer.changes(known, outcome) if len(each.answers) == 1
        }
        tried = {
            outcome_of(decider, changed(decider, referral, {name: value})).lead
            for name, value in every_single_answer(decider, referral)
        }
        assert told == tried - {outcome.lead}, referral


def every_single_answer(decider: Decider, referral: Referral) -> Iterator[tuple[str, Value]]:
    """Each answer that somebody could change, with what else it might be."""
    thresholds = PlainReader(decider.rulebook.content).thresholds()
    for name, answer in decider.rulebook.vocabulary.answers.items():
        if not answer.fixed and name not in referral.declined:
            for value in _values(answer.term, thresholds.get(name, ())):
                otherwise = changed(decider, referral, {name: value})
                if not (name.startswith("phq9") and impossible(decider, referral, otherwise)):
                    yield name, value


def impossible(decider: Decider, *referrals: Referral) -> bool:
    """Has one of them PHQ-9 scores that cannot stand beside one another?"""
    return any(facts_of(each, decider.rulebook)["phq9_impossible"] for each in referrals)


def _values(term: Term, thresholds: Iterable[int]) -> Iterable[Value]:
    """Every value that a rule might tell from others; of numbers, those about each threshold."""
    match term.kind:
        case Kind.BOOLEAN:
            return (False, True)
        case Kind.CHOICE:
            return term.choices
        case Kind.NUMBER:
            near = {each + step for each in thresholds for step in (-1, 0, 1)}
            return [each for each in sorted(near) if term.low <= each <= term.high]
        case Kind.DATE:
            return [(RECEIVED + timedelta(days=days)).date() for days in (-3, 3)]
        case _:
            return ()


def changed(decider: Decider, referral: Referral, wanted: Mapping[str, Value | None]) -> Referral:
    """The referral with other answers; a questionnaire's scores then stand without its items."""
    known = facts_of(referral, decider.rulebook)
    answers: dict[str, Value | None] = {**referral.answers, **wanted}
    for scores in (("phq9_total", "phq9_item9"), ("gad7_total",)):
        if not wanted.keys().isdisjoint(scores):
            answers |= {name: wanted.get(name, known.get(name)) for name in scores}
            answers[f"{scores[0].partition('_')[0]}_items"] = None
    kept = {name: value for name, value in answers.items() if value is not None}
    return replace(referral, answers=kept)
