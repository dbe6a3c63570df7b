"""Is a rulebook right? Each fault that can be put into a good one is found, where it stands."""

from __future__ import annotations

from tests.edited_rules import EditedRules
from triage.rulebook import Rulebook, load_rulebook
from triage.verify import Finding, check


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
    line = edited_rules.replace(
        "pathways.yaml", "given: {veteran: true}, fires: true", "given: {veteran: true}, fires: false"
    )
    edited_rules.replace(
        "pathways.yaml", "given: {veteran: false}, fires: false", "given: {veteran: false}, fires: true"
    )
    first, second = found(edited_rules, "examples")
    assert (first.file, first.line, first.rule) == ("pathways.yaml", line, "veteran-priority")
    assert second.line == line + 1


def test_a_threshold_that_is_moved_away_from_its_examples_is_found(
    edited_rules: EditedRules,
) -> None:
    edited_rules.set_value("phq9_more_severe", 12)
    faults = [str(fault) for fault in found(edited_rules, "boundaries")]
    assert any("step-3-more-severe-depression: phq9_total has no example at" in one for one in faults)


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
    assert problems["perinatal-psychosis"] == "specialist_indicator has no example at mania; add one"


def test_a_count_that_is_raised_past_its_examples_is_found(edited_rules: EditedRules) -> None:
    edited_rules.set_value("many_mediums", 5)
    problems = {one.rule: one.problem for one in found(edited_rules, "boundaries")}
    wanted = "has no example in which exactly 5 of its conditions hold; add one"
    assert problems["many-mediums"] == wanted


def test_a_named_value_that_nothing_asks_for_is_found(edited_rules: EditedRules) -> None:
    edited_rules.replace("eligibility.yaml", "{value: minimum_age}", "18")
    (fault,) = found(edited_rules, "words")
    assert (fault.file, fault.rule) == ("rulebook.yaml", "minimum_age")


def test_words_that_nothing_uses_are_found(edited_rules: EditedRules) -> None:
    edited_rules.replace("vocabulary.yaml", "\nalerts:\n", "\nalerts:\n  idle: Nothing says this\n")
    edited_rules.replace(
        "vocabulary.yaml", "\nflags:\n", "\nflags:\n  idle_flag: {title: Nothing sets this}\n"
    )
    edited_rules.replace(
        "rulebook.yaml", "\nsources:\n", "\nsources:\n  idle_source: {title: Unread, authority: stated}\n"
    )
    edited_rules.replace(
        "vocabulary.yaml",
        "\nanswers:\n",
        "\nanswers:\n  idle_answer: {title: Idle, question: "Idle?", type: boolean, group: history}\n",
    )
    idle = {"idle", "idle_flag", "idle_source", "idle_answer"}
    assert idle <= {one.rule for one in found(edited_rules, "words")}


def test_a_day_that_only_a_derived_fact_reads_is_in_use(rulebook: Rulebook) -> None:
    named = {one.rule for one in check(rulebook).faults}
    assert named.isdisjoint({"phq9_on", "gad7_on", "risk_asked_on", "monitoring_review_on"})


def test_a_cell_that_loses_its_rule_is_found(edited_rules: EditedRules) -> None:
    edited_rules.replace(
        "referral_matrix.yaml", "when: {impairment_level: {is: high}}", "when: {complexity_level: {is: high}}"
    )
    problems = {one.rule: one.problem for one in found(edited_rules, "matrix")}
    assert problems["impairment high"] == "no rule concludes cmht for it; add one"


def test_a_cell_that_a_rule_sends_elsewhere_is_found(edited_rules: EditedRules) -> None:
    edited_rules.replace(
        "referral_matrix.yaml", "when: {complexity_level: {is: high}}", "when: {severity_level: {is: high}}"
    )
    faults = {one.rule: one.problem for one in found(edited_rules, "matrix")}
    assert "matrix-complexity-high sends it to cmht" in faults["severity high"]
