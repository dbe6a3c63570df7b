"""Is a rulebook right? Each fault that can be put into a good one is found, where it stands."""

from __future__ import annotations

import pytest

from tests.edited_rules import EditedRules
from triage.rulebook import Rulebook, load_rulebook
from triage.verify import Finding, check

MATRIX, WHEN = "referral_matrix.yaml", "when: {"


def found(edited: EditedRules, what: str) -> list[Finding]:
    """The faults that one check finds in edited rules."""
    report = check(load_rulebook(edited.directory))
    return [fault for fault in report.faults if fault.check == what]


def test_the_shipped_rulebook_has_no_fault(rulebook: Rulebook) -> None:
    assert [str(fault) for fault in check(rulebook).faults] == []


def test_every_local_choice_is_listed_for_signature_and_is_no_fault(rulebook: Rulebook) -> None:
    waiting = {one.rule for one in check(rulebook).to_sign_off}
    assert {"minimum_age", "medium_risk_destination", "review-risk-unknown"} <= waiting
    assert "phq9_caseness" not in waiting


def test_an_example_that_the_rules_do_not_keep_is_found_on_its_line(
    edited_rules: EditedRules,
) -> None:
    served, not_served = "given: {veteran: true}, fires: ", "given: {veteran: false}, fires: "
    line = edited_rules.replace("pathways.yaml", f"{served}true", f"{served}false")
    edited_rules.replace("pathways.yaml", f"{not_served}false", f"{not_served}true")
    first, second = found(edited_rules, "examples")
    assert (first.file, first.line, first.rule) == ("pathways.yaml", line, "veteran-priority")
    assert second.line == line + 1


def test_a_threshold_that_is_moved_away_from_its_examples_is_found(
    edited_rules: EditedRules,
) -> None:
    edited_rules.set_value("phq9_more_severe", 12)
    problems = {one.rule: one.problem for one in found(edited_rules, "boundaries")}
    wanted = "phq9_total has no example at 11 and 12; add one"
    assert problems["step-3-more-severe-depression"] == wanted


def test_an_example_on_one_side_of_a_threshold_only_is_found(edited_rules: EditedRules) -> None:
    edited_rules.replace(
        "safety.yaml",
        "score of nought, given: {phq9_item9: 0}, fires: false",
        "not asked, given: {}, fires: false",
    )
    problems = {one.rule: one.problem for one in found(edited_rules, "boundaries")}
    assert problems["item9-positive"] == "phq9_item9 has no example at 0; add one"


def test_a_word_that_a_rule_compares_without_an_example_is_found(
    edited_rules: EditedRules,
) -> None:
    mania = "{title: mania after a birth, given: {specialist_indicator: "
    edited_rules.replace("eligibility.yaml", f"{mania}mania", f"{mania}psychosis")
    problems = {one.rule: one.problem for one in found(edited_rules, "boundaries")}
    wanted = "specialist_indicator has no example at mania; add one"
    assert problems["perinatal-psychosis"] == wanted


def test_a_count_that_is_raised_past_its_examples_is_found(edited_rules: EditedRules) -> None:
    edited_rules.set_value("many_mediums", 5)
    problems = {one.rule: one.problem for one in found(edited_rules, "boundaries")}
    wanted = "has no example in which exactly 5 of its conditions hold; add one"
    assert problems["many-mediums"] == wanted


def test_a_named_value_that_nothing_asks_for_is_found(edited_rules: EditedRules) -> None:
    edited_rules.replace("eligibility.yaml", "{value: minimum_age}", "18")
    (fault,) = found(edited_rules, "words")
    assert (fault.file, fault.rule) == ("rulebook.yaml", "minimum_age")


IDLE_WORDS = {
    "idle_alert": ("vocabulary.yaml", "alerts", "idle_alert: Nothing says this"),
    "idle_flag": ("vocabulary.yaml", "flags", "idle_flag: {title: Nothing sets this}"),
    "idle_answer": (
        "vocabulary.yaml",
        "answers",
        '- {name: idle_answer, title: Idle, question: "Idle?", type: boolean, group: history}',
    ),
    "idle_source": ("rulebook.yaml", "sources", "idle_source: {title: Idle, authority: stated}"),
}


@pytest.mark.parametrize("word", IDLE_WORDS)
def test_a_word_that_nothing_uses_is_found(word: str, edited_rules: EditedRules) -> None:
    file, section, entry = IDLE_WORDS[word]
    edited_rules.replace(file, f"\n{section}:\n", f"\n{section}:\n  {entry}\n")
    assert word in {one.rule for one in found(edited_rules, "words") if one.file == file}


def test_a_day_that_only_a_derived_fact_reads_is_in_use(rulebook: Rulebook) -> None:
    named = {one.rule for one in check(rulebook).faults}
    assert named.isdisjoint({"phq9_on", "gad7_on", "risk_asked_on", "monitoring_review_on"})


def test_a_cell_that_loses_its_rule_is_found(edited_rules: EditedRules) -> None:
    edited_rules.replace(MATRIX, f"{WHEN}impairment_level", f"{WHEN}complexity_level")
    problems = {one.rule: one.problem for one in found(edited_rules, "matrix")}
    assert problems["impairment high"] == "no rule concludes cmht for it; add one"


def test_a_cell_that_a_rule_sends_elsewhere_is_found(edited_rules: EditedRules) -> None:
    edited_rules.replace(MATRIX, f"{WHEN}complexity_level", f"{WHEN}severity_level")
    problems = {one.rule: one.problem for one in found(edited_rules, "matrix")}
    assert "matrix-complexity-high sends it to cmht" in problems["severity high"]
