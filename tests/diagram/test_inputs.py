"""Everything a referral may hold falls into a class, and what stands for a class into that one."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from random import Random

import pytest

from tests.builders import alert_ids, referral_builder
from tests.facts import facts_of
from tests.random_things import Drawer
from tests.verify.proofs.edited import Edited, a_rule
from triage.decide import Decider
from triage.diagram import Diagram
from triage.diagram.inputs import Input
from triage.diagram.portions import MOMENT, MOST_WORDS
from triage.diagram.questionnaires import gad7_portions, phq9_portions
from triage.diagram.space import Space, space_of
from triage.diagram.walks import referral_of
from triage.domain.facts import facts as facts_known
from triage.domain.pseudonymised import pseudonymised
from triage.domain.referral import Referral
from triage.domain.vocabulary import EVALUATORS_DISAGREE, Facts, Value
from triage.errors import TangledError
from triage.rulebook import Rulebook, load_rulebook

SPACE = space_of(load_rulebook())
MAY_MISS_PHQ9, MAY_MISS_GAD7 = 2, 1


def known(referral: Referral, rulebook: Rulebook) -> dict[str, Value]:
    return facts_known(
        pseudonymised(referral, rulebook.vocabulary, rulebook.directory), rulebook.vocabulary
    )


@pytest.mark.parametrize("one", SPACE.inputs, ids=lambda one: one.name)
def test_what_stands_for_a_class_amounts_to_its_facts(one: Input, rulebook: Rulebook) -> None:
    for place, each in enumerate(one.classes):
        for portion in each.portions:
            for given in portion.ends:
                referral = referral_of(given)
                assert one.place(known(referral, rulebook), referral.answers) == place, given
            assert matching(known(referral_of(portion.given), rulebook), portion.facts), portion


def matching(facts: Facts, wanted: Facts) -> bool:
    """Do facts hold what is wanted? Of items it matters only that they are there."""
    return all(
        name in facts and (name.endswith("_items") or facts[name] == value)
        for name, value in wanted.items()
    )


def test_the_first_class_of_every_input_is_that_nothing_is_known(rulebook: Rulebook) -> None:
    nothing = known(Referral(MOMENT), rulebook)
    assert [one.place(nothing, {}) for one in SPACE.inputs] == [0] * len(SPACE.inputs)


def test_every_random_referral_falls_into_a_class_of_every_input(rulebook: Rulebook) -> None:
    drawer, random = Drawer(rulebook), Random(3)
    for _ in range(2_000):
        referral = drawer.referral(random)
        facts = facts_of(referral, rulebook)
        for one in SPACE.inputs:
            assert 0 <= one.place(facts, referral.answers) < len(one.classes)


def test_no_two_values_of_one_class_are_told_apart_by_a_rule(rulebook: Rulebook) -> None:
    """The class decides: facts replaced by others of their class fire the same rules."""
    random = Random(9)
    tried = 0
    for one in SPACE.inputs:
        for each in one.classes:
            for portion in each.portions[1:]:
                for rule in rulebook.rules:
                    if rule.reads.intersection(one.facts) and random.random() < 0.2:
                        for branch in rule.branches:
                            compared = [c for c in branch.comparisons if c.fact in one.facts]
                            here = [c.holds({**each.facts}) for c in compared]
                            assert here == [c.holds({**portion.facts}) for c in compared]
                            tried += 1
    assert tried > 100


def test_phq9_holds_every_combination_that_its_answers_can_come_to(rulebook: Rulebook) -> None:
    """The sums made in the diagram are those of the facts: all items, all stated scores."""
    found = {key(one.facts) for one in phq9_portions(MAY_MISS_PHQ9, in_full=True)}
    random = Random(1)
    for _ in range(30_000):
        answers: dict[str, Value] = {}
        if random.random() < 0.7:
            missing = random.choice((0.0, 0.1, 0.4))
            answers["phq9_items"] = tuple(
                None if random.random() < missing else random.randrange(4) for _ in range(9)
            )
        if random.random() < 0.6:
            answers["phq9_total"] = random.randrange(28)
        if random.random() < 0.6:
            answers["phq9_item9"] = random.randrange(4)
        facts = known(Referral(MOMENT, answers=answers), rulebook)
        assert key(facts) in found, answers


def test_gad7_holds_every_combination_that_its_answers_can_come_to(rulebook: Rulebook) -> None:
    found = {key(one.facts, GAD7) for one in gad7_portions(MAY_MISS_GAD7, in_full=True)}
    random = Random(2)
    for _ in range(10_000):
        answers: dict[str, Value] = {}
        if random.random() < 0.7:
            answers["gad7_items"] = tuple(random.choice((None, 0, 1, 2, 3)) for _ in range(7))
        if random.random() < 0.6:
            answers["gad7_total"] = random.randrange(22)
        facts = known(Referral(MOMENT, answers=answers), rulebook)
        assert key(facts, GAD7) in found, answers


PHQ9 = ("phq9_total", "phq9_item9", "phq9_impossible")
GAD7 = ("gad7_total",)
OF_BOTH = ("totals_differ", "scores_prorated", "scores_incomplete")


def key(facts: Facts, own: tuple[str, ...] = PHQ9) -> tuple[object, ...]:
    return tuple(facts.get(name) for name in (*own, *OF_BOTH))


def test_where_only_total_and_item_9_are_read_stated_scores_show_all_there_are() -> None:
    def pairs(*, in_full: bool) -> set[tuple[object, object]]:
        portions = phq9_portions(MAY_MISS_PHQ9, in_full=in_full)
        return {(one.facts.get("phq9_total"), one.facts.get("phq9_item9")) for one in portions}

    assert pairs(in_full=True) == pairs(in_full=False)
    assert (25, 0) not in pairs(in_full=True)
    assert (24, 0) in pairs(in_full=True)


def test_answers_about_risk_are_asked_first() -> None:
    names = [one.name for one in SPACE.inputs]
    assert names[:2] == ["emergency_now", "thoughts_of_harm"]
    assert names.index("levels.risk") < names.index("phq9")


def test_days_are_counted_back_from_the_moment_of_receipt(rulebook: Rulebook) -> None:
    (one,) = (each for each in SPACE.inputs if each.name == "phq9_on")
    day = (MOMENT - timedelta(days=15)).date()
    facts = known(Referral(MOMENT, answers={"phq9_on": day}), rulebook)
    assert one.classes[one.place(facts, {})].facts["phq9_age_days"] == 15


DAYS = {"phq9_on": "phq9_age_days", "gad7_on": "gad7_age_days", "risk_asked_on": "risk_age_days"}


@pytest.mark.parametrize(("day", "ago"), DAYS.items())
def test_days_may_lie_as_far_back_as_the_vocabulary_says(
    rulebook: Rulebook, day: str, ago: str
) -> None:
    edited = Edited(rulebook)
    edited.words("derived")[ago]["to"] = 50_000
    edited.add(a_rule("long-ago", {ago: {"above": 40_000}}, {"urgency": "soon"}))
    received = referral_builder().build().received_at.date()
    with closing(Decider(edited.rulebook())) as decider:
        for days, urgency in ((40_000, "routine"), (40_001, "soon"), (50_000, "soon")):
            answer = {day: received - timedelta(days=days)}
            decision = decider.decide(referral_builder(**answer).build())
            assert decision.urgency.id == urgency
            assert EVALUATORS_DISAGREE not in alert_ids(decision.alerts)
        one = decider.diagram.space.inputs[decider.diagram.space.depths[day]]
    assert [each.cells for each in one.classes] == [1, 40_001, 10_000]


def looking_for(rulebook: Rulebook, count: int) -> Rulebook:
    """Rules that look for so many words of a list, in several rules."""
    edited = Edited(rulebook)
    words = [{"long_term_conditions": {"includes": f"word {each}"}} for each in range(count)]
    for start in range(0, count, 4):
        edited.add(a_rule(f"words-{start}", {"any": words[start : start + 4]}, {"urgency": "soon"}))
    return edited.rulebook()


def test_rules_may_look_for_ten_words_of_one_list(rulebook: Rulebook) -> None:
    with closing(Decider(looking_for(rulebook, MOST_WORDS))) as decider:
        for words, urgency in ((("word 9", "asthma"), "soon"), (("word 10",), "routine")):
            decision = decider.decide(referral_builder(long_term_conditions=words).build())
            assert decision.urgency.id == urgency
            assert EVALUATORS_DISAGREE not in alert_ids(decision.alerts)


def test_rules_that_look_for_more_are_too_tangled(rulebook: Rulebook) -> None:
    with pytest.raises(TangledError, match="over 2,048 nodes"):
        Diagram.of(looking_for(rulebook, MOST_WORDS + 1))


def test_a_space_counts_what_its_classes_hold() -> None:
    (plan,) = (one for one in SPACE.inputs if one.name == "plan")
    (age,) = (one for one in SPACE.inputs if one.name == "patient.birth_date")
    assert Space((plan,)).cells == 4
    assert sum(each.cells for each in age.classes) == 1 + 2 * 131
