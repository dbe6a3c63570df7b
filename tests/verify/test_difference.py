from __future__ import annotations

import json

import pytest

from tests.verify.refactors import refactors
from tests.verify.rewritten import (
    STEP_2,
    STEP_3,
    Change,
    Content,
    districts_in,
    rule_in,
    set_value,
    written,
)
from triage.decide import Decider
from triage.diagram import Diagram, Outcome
from triage.errors import EngineError
from triage.rulebook import Rulebook
from triage.verify.comparison import twice
from triage.verify.comparison.edits import Changed
from triage.verify.comparison.found import Difference
from triage.verify.comparison.held import Part
from triage.verify.difference import difference


@pytest.fixture(scope="module")
def one_threshold(rulebook: Rulebook) -> Difference:
    """More severe depression from a PHQ-9 of 17, where it was 16."""
    return difference(rulebook, written(rulebook, set_value("phq9_more_severe", 17)))


@pytest.fixture(scope="module")
def less_urgent(rulebook: Rulebook) -> Difference:
    """A crisis is seen the same day, where it was within four hours."""

    def change(content: Content) -> None:
        rule_in(content, "crisis")["then"][0]["route"]["urgency"] = "same_day"
        rule_in(content, "specialist-indicator")["then"][0]["route"]["urgency"] = "urgent"

    return difference(rulebook, written(rulebook, change))


def test_a_rulebook_does_not_differ_from_itself(rulebook: Rulebook) -> None:
    found = difference(rulebook, rulebook)
    assert found.empty
    assert (found.moved, found.edits.say_otherwise, found.edits.words) == (0, False, ())


def test_a_threshold_moves_who_stands_on_it(one_threshold: Difference) -> None:
    assert not one_threshold.empty
    assert {(one.before, one.after) for one in one_threshold.flows} == {
        (STEP_3, STEP_2),
        (STEP_3, Outcome("active_monitoring", "routine")),
        (Outcome("iapt_step_3", "same_day"), Outcome("iapt_step_2", "same_day")),
    }
    assert all(one.given["answers.phq9_total"] == 16 for one in one_threshold.flows)
    assert one_threshold.edits.shared == (Changed("named value phq9_more_severe", "16", "17"),)


def test_the_rules_responsible_are_named(one_threshold: Difference) -> None:
    (flow,) = (one for one in one_threshold.flows if (one.before, one.after) == (STEP_3, STEP_2))
    assert flow.stopped == ("step-3-more-severe-depression",)
    assert flow.started == ("step-2",)


def test_what_a_decision_holds_beside_the_route_is_told(one_threshold: Difference) -> None:
    newly = {one.part for one in one_threshold.beside if one.newly}
    no_longer = {one.part for one in one_threshold.beside if not one.newly}
    assert Part("treatment", "guided_self_help") in newly
    assert Part("action", "active_monitoring_review", "14") in newly
    assert Part("action", "active_monitoring_review", "monitoring_review_on") in newly
    assert Part("also_indicated", "active_monitoring", "routine") in newly
    assert Part("treatment", "cbt") in no_longer


def test_less_urgent_referrals_come_first_and_the_worst_of_them_before_the_rest(
    less_urgent: Difference,
) -> None:
    worse = [one.less_urgent_by for one in less_urgent.flows if one.is_less_urgent]
    first = less_urgent.flows[: len(worse)]
    assert worse == sorted(worse, reverse=True) == [one.less_urgent_by for one in first]
    assert first[0].before == Outcome("crisis", "very_urgent")
    assert any(one.after == Outcome("cmht", "urgent") for one in less_urgent.flows)


def test_counts_add_up(less_urgent: Difference) -> None:
    assert less_urgent.moved == sum(one.referrals for one in less_urgent.flows)
    assert all(0 < one.referrals <= one.alike_before for one in less_urgent.flows)


def test_a_rule_that_only_speaks_otherwise_is_told_as_words(rulebook: Rulebook) -> None:
    def change(content: Content) -> None:
        rule_in(content, "crisis")["because"] = "It was found so."
        rule_in(content, "emergency")["title"] = "Another title"

    found = difference(rulebook, written(rulebook, change))
    assert found.empty
    assert found.edits.words == ("emergency", "crisis")
    assert not found.edits.say_otherwise


def test_a_renamed_rule_is_told_as_renamed(rulebook: Rulebook) -> None:
    found = difference(
        rulebook, written(rulebook, lambda content: rule_in(content, "crisis").update(id="danger"))
    )
    assert found.empty
    assert found.edits.renamed == (Changed("rule", "crisis", "danger"),)
    assert (found.edits.added, found.edits.dropped) == ((), ())


def test_rules_added_dropped_and_changed_are_named(rulebook: Rulebook) -> None:
    def change(content: Content) -> None:
        rules = content["eligibility.yaml"]["rules"]
        added = {**rule_in(content, "young-people"), "id": "very-young"}
        added["when"] = {"age": {"below": 5}}
        content["eligibility.yaml"]["rules"] = [*rules[1:], added]
        rule_in(content, "crisis")["then"][0]["route"]["urgency"] = "emergency"

    edits = difference(rulebook, written(rulebook, change)).edits
    assert (edits.added, edits.dropped, edits.changed) == (
        ("very-young",),
        ("young-people",),
        ("crisis",),
    )


@pytest.mark.parametrize(
    ("change", "changed"),
    [
        (
            lambda content: content["vocabulary.yaml"]["urgencies"]["very_urgent"].update(
                within_hours=6
            ),
            Changed(
                "urgency very_urgent",
                "class 1, within 4 hours, said even of a referral that is refused",
                "class 1, within 6 hours, said even of a referral that is refused",
            ),
        ),
        (
            lambda content: content["safety.yaml"].update(safety_net="Call somebody."),
            None,
        ),
        (
            lambda content: content["vocabulary.yaml"]["routes"][1].update(title="Another title"),
            Changed("title of route crisis", "Crisis team", "Another title"),
        ),
        (
            lambda content: content["vocabulary.yaml"]["sources_of_referral"]["B2"].pop(
                "self_referral"
            ),
            Changed("source of referral B2", "self-referral always", "self-referral never"),
        ),
        (
            lambda content: content["service_directory.yaml"].update(default_place="rotherham"),
            Changed("place where no postcode is known", "doncaster", "rotherham"),
        ),
        (
            lambda content: districts_in(content, "rotherham").remove("S60"),
            Changed("postcode district S60", "rotherham", "doncaster"),
        ),
    ],
    ids=["a clock", "the safety net", "a title", "a way in", "a place", "a district"],
)
def test_what_changes_for_everybody_is_told(
    change: Change, changed: Changed | None, rulebook: Rulebook
) -> None:
    found = difference(rulebook, written(rulebook, change))
    assert not found.empty
    assert not found.flows
    if changed is not None:
        assert found.for_everybody == (changed,)


def test_another_team_is_told_by_the_ages_that_it_takes(rulebook: Rulebook) -> None:
    def change(content: Content) -> None:
        services = content["service_directory.yaml"]["services"]
        younger = {**services[1], "id": "young", "name": "A team for the young", "ages_below": 25}
        services.insert(1, younger)

    (changed,) = difference(rulebook, written(rulebook, change)).for_everybody
    assert changed.what == "team for crisis in doncaster, ages 0 to 24"
    assert changed.before.startswith("Doncaster crisis resolution")
    assert changed.after.startswith("A team for the young, ")


def test_a_referral_that_the_engine_decides_otherwise_is_never_shown(
    rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(twice, "Decider", lambda _rulebook: Decider(rulebook))
    with pytest.raises(EngineError, match=r"the witness .*phq9_total.* shows .* was stated"):
        difference(rulebook, written(rulebook, set_value("phq9_more_severe", 17)))


def test_a_part_that_the_engine_does_not_conclude_is_never_shown(
    rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    after = written(rulebook, lambda content: rule_in(content, "audit-high").update(then=HELD))
    monkeypatch.setattr(twice, "Decider", lambda _rulebook: Decider(rulebook))
    with pytest.raises(EngineError, match=r"the witness .*audit_total.* was stated"):
        difference(rulebook, after)


HELD = [{"hold_booking": True}]


def test_a_referral_on_which_two_evaluations_differ_is_never_shown(
    rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    after = written(rulebook, set_value("phq9_more_severe", 17))
    other = Diagram.of(after)
    monkeypatch.setattr(twice, "Decider", lambda each: Decider(each, other))
    with pytest.raises(EngineError, match=r"two evaluations of the rules differ on .*phq9_total"):
        difference(rulebook, after)


def test_a_referral_that_no_longer_has_a_route_is_the_worst_of_all(rulebook: Rulebook) -> None:
    def change(content: Content) -> None:
        emergency, crisis, *_ = content["vocabulary.yaml"]["routes"]
        emergency["replaces"], crisis["replaces"] = ["crisis"], ["emergency"]

    found = difference(rulebook, written(rulebook, change))
    assert found.flows[0].before == Outcome("emergency", "emergency")
    assert found.flows[0].after == Outcome(None, None)
    assert found.flows[0].is_less_urgent


def test_a_difference_is_told_to_machines_as_plain_data(one_threshold: Difference) -> None:
    told = json.loads(json.dumps(one_threshold.as_dict()))
    assert (told["empty"], told["moved"]) == (False, str(one_threshold.moved))
    assert told["flows"][0]["before"] == {"lead": "iapt_step_3", "urgency": "same_day"}
    assert told["edits"]["shared"][0]["after"] == "17"
    assert told["recorded"] is None


def test_every_kind_of_refactor_is_drawn(rulebook: Rulebook) -> None:
    wanted = set(KINDS_OF_REFACTOR)
    for said, _ in refactors(rulebook, 0, 60):
        wanted -= {kind for kind in wanted if kind in said}
        if not wanted:
            break
    assert wanted == set()


KINDS_OF_REFACTOR = (
    "rules of",
    "rulesets reordered",
    "renamed",
    "split",
    "words of",
    "an unused word",
    "denied twice",
    "turned round",
    "said twice",
    "by the next number",
    "a number by its name",
    "a name by its number",
    "with what it implies",
    "with a stricter one beside it",
)
