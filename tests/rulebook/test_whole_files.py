"""Faults of whole rules and files: missing, given twice, in a circle or without a team."""

from __future__ import annotations

import re

import pytest

from tests.edited_rules import EditedRules
from triage.errors import RulebookError, RuleFault
from triage.rulebook import load_rulebook

A_RULE = """
  - id: made-for-a-test
    title: Made for a test
    basis: {source: qs115, where: "nowhere"}
    when: {perinatal: {is: true}}
    because: "It was made so."
    then:
      - support: debt
    examples:
      - {title: fires, given: {perinatal: true}, fires: true}
      - {title: fires not, given: {}, fires: false}
"""


def faults_of(rules: EditedRules) -> list[RuleFault]:
    with pytest.raises(RulebookError) as caught:
        load_rulebook(rules.directory)
    return list(caught.value.faults)


def line_of(rules: EditedRules, file: str, text: str) -> int:
    lines = (rules.directory / file).read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


def test_the_shipped_rules_have_no_fault(edited_rules: EditedRules) -> None:
    edited_rules.append("pathways.yaml", A_RULE)
    assert "made-for-a-test" in {rule.id for rule in load_rulebook(edited_rules.directory).rules}


def test_an_id_given_twice_names_the_first_place(edited_rules: EditedRules) -> None:
    at = edited_rules.append("pathways.yaml", A_RULE.replace("made-for-a-test", "emergency"))
    first = line_of(edited_rules, "safety.yaml", "id: emergency")
    (fault,) = faults_of(edited_rules)
    assert (fault.file, fault.line, fault.rule) == ("pathways.yaml", at + 1, "emergency")
    assert f"safety.yaml:{first}" in fault.problem


def test_a_key_given_twice_names_the_first_line(edited_rules: EditedRules) -> None:
    doubled = "    title: Made for a test\n    title: Made again\n"
    at = edited_rules.append(
        "pathways.yaml", A_RULE.replace("    title: Made for a test\n", doubled)
    )
    (fault,) = faults_of(edited_rules)
    assert (fault.file, fault.line) == ("pathways.yaml", at + 3)
    assert fault.problem == f"title is given twice; first in line {at + 2}"


@pytest.mark.parametrize("key", ["title", "basis", "when", "then", "examples"])
def test_what_a_rule_must_have_is_asked_for(edited_rules: EditedRules, key: str) -> None:
    without = re.sub(rf"(?m)^    {key}:.*\n(?:      .*\n)*", "", A_RULE)
    at = edited_rules.append("pathways.yaml", without)
    (fault,) = faults_of(edited_rules)
    assert (fault.file, fault.line, fault.rule) == ("pathways.yaml", at + 1, "made-for-a-test")
    assert fault.problem == f"{key} is missing; add it"


def test_a_rule_without_an_id_is_found_by_its_line(edited_rules: EditedRules) -> None:
    at = edited_rules.append(
        "pathways.yaml", A_RULE.replace("id: made-for-a-test\n    title", "title")
    )
    (fault,) = faults_of(edited_rules)
    assert (fault.line, fault.rule) == (at + 1, None)
    assert "needs an id" in fault.problem


def test_every_branch_must_say_why(edited_rules: EditedRules) -> None:
    silent = (
        '    when:\n      any:\n        - {perinatal: {is: true}, because: "So."}\n'
        "        - {veteran: {is: true}}\n"
    )
    text = A_RULE.replace("    when: {perinatal: {is: true}}\n", silent)
    at = edited_rules.append("pathways.yaml", text.replace('    because: "It was made so."\n', ""))
    (fault,) = faults_of(edited_rules)
    assert (fault.line, fault.rule) == (at + 1, "made-for-a-test")
    assert "because" in fault.problem


@pytest.mark.parametrize(
    ("when", "then", "fact"),
    [
        ("{route: {is: cmht}}", "route: {to: crisis, urgency: very_urgent}", "route"),
        ("{routes: {includes: cmht}}", "route: {to: crisis, urgency: very_urgent}", "routes"),
        ("{risk_level: {is: low}}", "level: {risk: high}", "risk_level"),
        ("{severity_level: {is: high}}", "level: {severity: high}", "severity_level"),
        ("{current_danger: {is: true}}", "flag: {current_danger: true}", "current_danger"),
    ],
)
def test_a_rule_that_reads_what_it_concludes_goes_in_a_circle(
    edited_rules: EditedRules, when: str, then: str, fact: str
) -> None:
    text = A_RULE.replace("{perinatal: {is: true}}\n", f"{when}\n", 1)
    at = edited_rules.append("pathways.yaml", text.replace("support: debt", then))
    faults = faults_of(edited_rules)
    assert len(faults) == 1
    assert fact in faults[0].problem
    assert "circle" in faults[0].problem
    assert (faults[0].line, faults[0].rule) == (at + 1, "made-for-a-test")


def test_two_rules_that_read_one_another_go_in_a_circle(edited_rules: EditedRules) -> None:
    first = A_RULE.replace("{perinatal: {is: true}}\n", "{route: {is: cmht}}\n", 1)
    first = first.replace("support: debt", "flag: {current_danger: true}")
    edited_rules.append("pathways.yaml", first)
    (fault,) = faults_of(edited_rules)
    assert "break the circle" in fault.problem


@pytest.mark.parametrize(
    "name",
    ["rulebook.yaml", "vocabulary.yaml", "service_directory.yaml", "levels.yaml"],
)
def test_a_missing_file_is_named(edited_rules: EditedRules, name: str) -> None:
    (edited_rules.directory / name).unlink()
    (fault,) = faults_of(edited_rules)
    assert (fault.file, fault.line) == (name, 1)
    assert fault.problem.startswith("is missing")


def test_a_file_that_is_not_utf_8_is_named(edited_rules: EditedRules) -> None:
    path = edited_rules.directory / "levels.yaml"
    path.write_bytes("title: Zwölf\n".encode("latin-1"))
    (fault,) = faults_of(edited_rules)
    assert (fault.file, fault.problem) == ("levels.yaml", "is not UTF-8 text; save it as UTF-8")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("ruleset: levels\n\ttitle: a tab\n", 2),
        ("ruleset: levels\ntitle: [not closed\n", 3),
        ("ruleset: levels\n  title: too far in\n", 2),
        ('ruleset: "not closed\n', 2),
        ("ruleset: levels\n--- \nruleset: two documents\n", 2),
    ],
)
def test_what_is_not_yaml_is_refused_with_its_line(
    edited_rules: EditedRules, text: str, line: int
) -> None:
    (edited_rules.directory / "levels.yaml").write_text(text, encoding="utf-8")
    (fault,) = faults_of(edited_rules)
    assert fault.file == "levels.yaml"
    assert abs(fault.line - line) <= 1
    assert fault.problem.startswith("is not YAML")


@pytest.mark.parametrize("text", ["", "# nothing but a comment\n"])
def test_an_empty_file_is_refused(edited_rules: EditedRules, text: str) -> None:
    (edited_rules.directory / "levels.yaml").write_text(text, encoding="utf-8")
    (fault,) = faults_of(edited_rules)
    assert (fault.file, fault.line) == ("levels.yaml", 1)
    assert fault.problem.startswith("is empty")


@pytest.mark.parametrize("text", ["just words\n", "- a list\n", "12\n"])
def test_a_file_that_is_no_mapping_is_refused(edited_rules: EditedRules, text: str) -> None:
    (edited_rules.directory / "levels.yaml").write_text(text, encoding="utf-8")
    (fault,) = faults_of(edited_rules)
    assert fault.file == "levels.yaml"
    assert "must be a mapping" in fault.problem


def test_a_route_without_a_team_is_refused(edited_rules: EditedRules) -> None:
    edited_rules.replace("service_directory.yaml", "routes: [emergency]", "routes: [crisis]")
    (fault,) = faults_of(edited_rules)
    assert fault.file == "service_directory.yaml"
    assert fault.problem.startswith("no service takes emergency in doncaster")


def test_an_age_without_a_team_is_refused(edited_rules: EditedRules) -> None:
    edited_rules.replace(
        "service_directory.yaml",
        "place: rotherham, routes: [cmht]}",
        "place: rotherham, routes: [cmht], ages_from: 1}",
    )
    (fault,) = faults_of(edited_rules)
    assert fault.problem.startswith("no service takes cmht in rotherham at age 0")


def test_somebody_of_unknown_age_must_have_a_team(edited_rules: EditedRules) -> None:
    edited_rules.replace(
        "service_directory.yaml",
        "place: rotherham, routes: [cmht]}",
        "place: rotherham, routes: [cmht], ages_below: 131}",
    )
    (fault,) = faults_of(edited_rules)
    assert fault.problem.startswith("no service takes cmht in rotherham at an unknown age")


def test_a_rulebook_must_say_otherwise_exactly_once(edited_rules: EditedRules) -> None:
    path = edited_rules.directory / "stepped_care.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: text.index("\notherwise:")], encoding="utf-8")
    (fault,) = faults_of(edited_rules)
    assert "exactly one ruleset must say otherwise" in fault.problem


def test_several_faults_are_told_at_once_in_the_order_of_files_and_lines(
    edited_rules: EditedRules,
) -> None:
    edited_rules.replace("safety.yaml", "      - alert: item9_positive", "      - alert: item9")
    edited_rules.replace("safety.yaml", "    when: {risk_level: {is: unknown}}", "    when: {}")
    edited_rules.replace("eligibility.yaml", "{value: minimum_age}", "{value: minimum}")
    edited_rules.replace("pathways.yaml", "    when: {veteran: {is: true}}", "    when: {vet: {}}")
    faults = faults_of(edited_rules)
    places = [(fault.file, fault.line) for fault in faults]
    assert places == sorted(places)
    assert [fault.rule for fault in faults] == [
        "young-people",
        "veteran-priority",
        "review-risk-unknown",
        "item9-positive",
    ]


def test_all_faults_stand_in_the_error_a_line_each(edited_rules: EditedRules) -> None:
    edited_rules.replace("pathways.yaml", "    when: {veteran: {is: true}}", "    when: {vet: {}}")
    edited_rules.replace("eligibility.yaml", "{value: minimum_age}", "{value: minimum}")
    with pytest.raises(RulebookError) as caught:
        load_rulebook(edited_rules.directory)
    assert str(caught.value).splitlines() == [str(fault) for fault in caught.value.faults]
    assert len(caught.value.faults) == 2


def test_there_is_a_reason_to_decide_otherwise(edited_rules: EditedRules) -> None:
    path = edited_rules.directory / "vocabulary.yaml"
    head, _, tail = path.read_text(encoding="utf-8").partition("override_reasons:\n")
    _, blank, rest = tail.partition("\n\n")
    path.write_text(f"{head}override_reasons: {{}}{blank}{rest}", encoding="utf-8")
    (fault,) = faults_of(edited_rules)
    assert fault.line == line_of(edited_rules, "vocabulary.yaml", "override_reasons:")
    assert "no clinician can decide otherwise" in fault.problem


def test_rules_without_the_list_of_reasons_are_refused(edited_rules: EditedRules) -> None:
    edited_rules.replace("vocabulary.yaml", "\noverride_reasons:\n", "\nother_reasons:\n")
    (fault,) = faults_of(edited_rules)
    assert "other_reasons is not known here; did you mean override_reasons?" in fault.problem
