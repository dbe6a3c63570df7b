"""Is a rulebook right? Each fault that can be put into a good one is found, where it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest

from tests.edited_rules import EditedRules
from tests.verify.proofs.edited import Edited
from triage.diagram import Diagram
from triage.domain.conclusions import Conclusions
from triage.domain.rules import Fired
from triage.rulebook import Rulebook, load_rulebook
from triage.verify import Finding, check
from triage.verify.check import QUESTIONS
from triage.verify.report import Report

MATRIX, WHEN = "referral_matrix.yaml", "when: {"


def found(edited: EditedRules, what: str) -> list[Finding]:
    """The faults that one check finds in edited rules; the proofs are left out."""
    return list(QUESTIONS[what](load_rulebook(edited.directory)))


def test_a_report_holds_the_faults_of_every_check(edited_rules: EditedRules) -> None:
    edited_rules.set_value("phq9_more_severe", 12)
    edited_rules.replace(MATRIX, f"{WHEN}complexity_level", f"{WHEN}severity_level")
    edited_rules.replace("eligibility.yaml", "{value: minimum_age}", "18")
    faults = check(load_rulebook(edited_rules.directory)).faults
    assert QUESTIONS.keys() <= {fault.check for fault in faults}
    for what in QUESTIONS:
        mine = [fault for fault in faults if fault.check == what]
        assert mine == found(edited_rules, what)


@pytest.fixture(scope="module")
def shipped(rulebook: Rulebook) -> Report:
    """The report on the shipped rulebook."""
    return check(rulebook)


def test_the_shipped_rulebook_has_no_fault(shipped: Report) -> None:
    assert [str(fault) for fault in shipped.faults] == []


def test_every_local_choice_is_listed_for_signature_and_is_no_fault(shipped: Report) -> None:
    waiting = {one.rule for one in shipped.to_sign_off}
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


def test_a_day_that_only_a_derived_fact_reads_is_in_use(shipped: Report) -> None:
    named = {one.rule for one in shipped.faults}
    assert named.isdisjoint({"phq9_on", "gad7_on", "risk_asked_on", "monitoring_review_on"})


def test_a_cell_that_loses_its_rule_is_found(edited_rules: EditedRules) -> None:
    edited_rules.replace(MATRIX, f"{WHEN}impairment_level", f"{WHEN}complexity_level")
    problems = {one.rule: one.problem for one in found(edited_rules, "matrix")}
    assert problems["impairment high"] == "no rule concludes cmht for it; add one"


def test_a_cell_that_a_rule_sends_elsewhere_is_found(edited_rules: EditedRules) -> None:
    edited_rules.replace(MATRIX, f"{WHEN}complexity_level", f"{WHEN}severity_level")
    problems = {one.rule: one.problem for one in found(edited_rules, "matrix")}
    assert "matrix-complexity-high sends it to cmht" in problems["severity high"]


# --- what the proofs rest on ---


def test_a_vocabulary_that_protects_nobody_is_found(rulebook: Rulebook) -> None:
    edited = Edited(rulebook)
    del edited.content["vocabulary.yaml"]["protected"]
    for rule in edited.rules():
        rule.pop("distinguishes", None)
    (fault,) = check(edited.rulebook()).faults
    assert (fault.check, fault.file, fault.rule) == ("fairness", "vocabulary.yaml", None)
    assert "no fact is protected" in fault.problem


def test_a_vocabulary_of_which_no_answer_gets_worse_is_found(rulebook: Rulebook) -> None:
    edited = Edited(rulebook)
    for answer in edited.words("answers"):
        answer.pop("worse", None)
    (fault,) = check(edited.rulebook()).faults
    assert (fault.check, fault.file, fault.rule) == ("monotone", "vocabulary.yaml", None)
    assert "no answer says in which direction it gets worse" in fault.problem


def another_diagram(patch: pytest.MonkeyPatch, rules: EditedRules) -> None:
    """The diagram is that of rules by which depression is more severe from a lower score."""
    rules.set_value("phq9_more_severe", 12)
    other = Diagram.of(load_rulebook(rules.directory))
    patch.setattr("triage.decide.Diagram.of", lambda _rulebook: other)


def another_engine(patch: pytest.MonkeyPatch, _rules: EditedRules) -> None:
    """The engine forgets what a rule says of the urgency alone."""
    draw = Conclusions.draw

    def forgetful(self: Conclusions, fired: Iterable[Fired]) -> None:
        draw(self, [one for one in fired if one.rule.then[0].kind != "urgency"])

    patch.setattr(Conclusions, "draw", forgetful)


@pytest.mark.parametrize("torn", [another_diagram, another_engine])
def test_an_engine_that_does_not_decide_as_the_diagram_does_is_found_and_shown(
    rulebook: Rulebook,
    edited_rules: EditedRules,
    monkeypatch: pytest.MonkeyPatch,
    torn: Callable[[pytest.MonkeyPatch, EditedRules], None],
) -> None:
    torn(monkeypatch, edited_rules)
    report = check(rulebook)
    (fault,) = (one for one in report.faults if one.check == "two_evaluations")
    assert "the engine and the diagram differ" in fault.problem
    (shown,) = fault.witnesses
    assert not shown.agreed
    proof = next(one for one in report.proofs if one.name == "two_evaluations")
    assert 0 < proof.against < proof.cells
