"""``routed`` means it: no answer still missing changes the lead route or the urgency."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import MILD_ANSWERS, ReferralBuilder, nothing_asked, referral_builder
from tests.decide.risk_reading import CLASS_OF_URGENCY
from tests.random_things import Drawer
from triage.decide import Decider
from triage.domain.decision import Decision
from triage.domain.referral import Patient, Referral
from triage.live_call import LiveCall
from triage.rulebook import Rulebook

BATCHES, BATCH = 60, 40
COMPLETIONS = 12


@pytest.fixture(scope="module")
def drawer(rulebook: Rulebook) -> Drawer:
    return Drawer(rulebook)


@settings(max_examples=BATCHES)
@given(seed=st.integers(min_value=0, max_value=2**32))
def test_no_completion_of_a_routed_referral_changes_its_route_or_urgency(
    decider: Decider, quick_decider: Decider, drawer: Drawer, seed: int
) -> None:
    random = Random(seed)
    for _ in range(BATCH):
        partial = a_partial_referral(drawer, random)
        before = decider.decide(partial)
        if before.status.value != "routed":
            continue
        for whole in completions(drawer, partial, random):
            after = quick_decider.decide(whole)
            assert lead_and_class(after) == lead_and_class(before), (partial, whole)


@settings(max_examples=BATCHES)
@given(seed=st.integers(min_value=0, max_value=2**32))
def test_an_answer_that_alone_changes_route_or_urgency_is_asked_for(
    decider: Decider, quick_decider: Decider, drawer: Drawer, seed: int
) -> None:
    random = Random(seed)
    for _ in range(BATCH):
        partial = a_partial_referral(drawer, random)
        before = decider.decide(partial)
        name, answer = random.choice(list(drawer.questions()))
        if not open_still(name, partial):
            continue
        answers = {**partial.answers, name: drawer.answer(answer, random)}
        after = quick_decider.decide(replace(partial, answers=answers))
        same = lead_and_class(after) == lead_and_class(before)
        assert same or name in [one.answer for one in before.missing], (name, partial)


def test_many_partial_referrals_are_routed_so_that_the_promise_is_tried(
    decider: Decider, drawer: Drawer
) -> None:
    random = Random(11)
    drawn = [decider.decide(a_partial_referral(drawer, random)) for _ in range(400)]
    routed = [decision for decision in drawn if decision.status.value == "routed"]
    leads = {decision.route.route.id for decision in routed}
    assert len(routed) > 60
    assert len(leads) >= 6


def test_a_worse_answer_of_the_same_class_never_gives_a_later_clock(decider: Decider) -> None:
    """Urgent and same day are one class, yet each has a clock of its own: the sooner counts."""
    builder = referral_builder(thoughts_of_harm="regular", specialist_indicator="psychosis")
    before = decider.decide(builder.answering(perinatal=False).build())
    after = decider.decide(builder.answering(perinatal=True).build())
    assert before.urgency.id == after.urgency.id == "same_day"
    assert after.route.respond_by <= before.route.respond_by


def test_for_a_child_the_service_that_takes_over_is_as_urgent_as_what_it_replaces(
    decider: Decider,
) -> None:
    builder = referral_builder(specialist_indicator="psychosis", plan="active")
    child = builder.of_patient(age=15, birth_date=None).build()
    (young,) = decider.decide(child).also_indicated
    assert (young.route.id, young.urgency.id) == ("young_people", "soon")


def lead_and_class(decision: Decision) -> tuple[str, int]:
    """The lead route and the class of urgency, in which urgent and same day are one."""
    return decision.route.route.id, CLASS_OF_URGENCY[decision.urgency.id]


def a_partial_referral(drawer: Drawer, random: Random) -> Referral:
    """A random referral, or a mild whole one with a few answers changed and a few taken away."""
    if random.random() < 0.3:
        return one_way_of_asking(drawer.referral(random))
    changed, gaps, refused = (random.randint(0, most) for most in (4, 4, 1))
    other = drawer.referral(random)
    answers = dict(MILD_ANSWERS)
    if random.random() < 0.3:
        answers |= {"recent_trigger": "job_loss", "trigger_days_ago": 56}
    names = sorted(other.answers)
    answers |= {
        name: other.answers[name] for name in random.sample(names, min(changed, len(names)))
    }
    dropped = random.sample(sorted(answers), gaps + refused)
    kept = {name: value for name, value in answers.items() if name not in dropped}
    builder = ReferralBuilder(
        answers=kept,
        declined=frozenset(dropped[gaps:]),
        patient=random.choice((other.patient, Patient(birth_date=date(1990, 3, 14)))),
        source=other.source,
        levels=other.levels if random.random() < 0.2 else {},
    )
    return one_way_of_asking(builder.build())


def one_way_of_asking(referral: Referral) -> Referral:
    """A questionnaire is asked by its total or by its items: one answer or refusal is both."""
    answers, declined = dict(referral.answers), set(referral.declined)
    for name in ("phq9", "gad7"):
        total, items = f"{name}_total", f"{name}_items"
        if total in answers or items in answers:
            declined -= {total, items}
        elif {total, items} & declined:
            declined |= {total, items}
    if "phq9_items" in declined and "phq9_item9" not in answers:
        declined.add("phq9_item9")
    return replace(referral, answers=answers, declined=frozenset(declined))


def completions(drawer: Drawer, partial: Referral, random: Random) -> Iterator[Referral]:
    """The referral with everything that was neither answered nor declined answered at random."""
    for _ in range(COMPLETIONS):
        share = random.choice((0.3, 1.0))
        answers = dict(partial.answers)
        for name, answer in drawer.questions():
            if open_still(name, partial) and random.random() < share:
                answers[name] = drawer.answer(answer, random, mild=random.random() < 0.3)
        patient, source = partial.patient, partial.source
        if patient.birth_date is None and patient.age is None:
            patient = replace(patient, birth_date=date(random.choice((1980, 2012)), 1, 1))
        if source is None:
            source = random.choice(("A1", "B1"))
        yield replace(partial, answers=answers, patient=patient, source=source)


def open_still(name: str, partial: Referral) -> bool:
    """May a question still be answered? Items are not asked for where the total is known."""
    if name in partial.answers or name in partial.declined:
        return False
    stem = name.removesuffix("_items").removesuffix("_total").removesuffix("_item9")
    if name.endswith("_items"):
        return False
    return not (name.endswith(("_total", "_item9")) and f"{stem}_items" in partial.answers)


def test_a_crisis_that_no_answer_can_change_is_routed_whatever_else_is_missing(
    decider: Decider,
) -> None:
    """An active plan with nobody in danger this moment is a crisis, whoever it is."""
    found = decider.decide(nothing_asked().answering(plan="active", emergency_now=False).build())
    assert (found.route.route.id, found.status.value) == ("crisis", "routed")
    found = decider.decide(nothing_asked().answering(plan="active").build())
    assert (found.route.route.id, found.status.value) == ("crisis", "provisional")


def test_provisional_is_exact_too(decider: Decider, rulebook: Rulebook, drawer: Drawer) -> None:
    """Where a decision is provisional, something that has not been asked can really change it."""
    live, random = LiveCall(rulebook, decider.diagram), Random(21)
    seen = {"routed": 0, "provisional": 0}
    for _ in range(500):
        referral = a_partial_referral(drawer, random)
        status = decider.decide(referral).status.value
        if status in seen:
            settled = live.live(decider.known(referral)).next_question is None
            assert settled is (status == "routed"), referral
            seen[status] += 1
    assert min(seen.values()) > 50


def test_nothing_that_is_asked_of_a_routed_referral_is_said_to_move_it(
    decider: Decider, drawer: Drawer
) -> None:
    random, routed = Random(22), 0
    for _ in range(600):
        decision = decider.decide(a_partial_referral(drawer, random))
        if decision.status.value == "routed":
            routed += 1
            for one in decision.missing:
                assert "lead away" not in one.why
                assert "more urgent" not in one.why
    assert routed > 50
