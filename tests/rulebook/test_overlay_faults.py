"""What an overlay may not say, and what is said of it: where, what is wrong, and what to do."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.edited_rules import EditedRules
from tests.rulebook.overlays import (
    A_RULE,
    ADDING,
    LOCAL,
    RETIRING,
    SOONER,
    SOURCE,
    WAIVING,
    beside,
    edit,
    faults_of,
    write,
)

WINTER = "winter/overlay.yaml"


@dataclass(frozen=True)
class Wrong:
    """A fault put into an overlay, and what must be said at the place of it."""

    old: str
    new: str
    says: tuple[str, ...]
    rule: str | None = None
    lines_below: int = 0


WRONG = {
    "no base": Wrong('directory: ".."', 'directory: "../../x"', ("there is no rulebook.yaml in",)),
    "another base": Wrong(
        "rulebook: doncaster", "rulebook: leeds", ("the rulebook there is doncaster, not leeds",)
    ),
    "another version of the base": Wrong(
        'extends: {rulebook: doncaster, version: "2026.1"',
        'extends: {rulebook: doncaster, version: "2025.4"',
        ("doncaster is version 2026.1 there", "written for 2025.4", "read what changed"),
    ),
    "a part that is not known": Wrong(
        "values: {", "valeus: {", ("valeus is not known here; did you mean values?",)
    ),
    "no owner": Wrong("owner: Clinical lead\n", "", ("owner is missing; add it",), lines_below=-4),
    "a status that is none": Wrong(
        "status: draft", "status: retired", ("retired is not a status", "approved")
    ),
    "a name that would not do in a stamp": Wrong(
        "overlay: here", "overlay: here+there", ("small letters, digits and dashes",)
    ),
    "a value that is not there": Wrong(
        "active_monitoring_review_days",
        "active_monitoring_reviewdays",
        ("is not a named value of the base; did you mean active_monitoring_review_days?",),
    ),
    "a value outside its range": Wrong(
        "value: 7", "value: 29", ("29 is outside the range 7 to 28",),
        "active_monitoring_review_days",
    ),
    "a value that is no choice": Wrong(
        "active_monitoring_review_days: {value: 7",
        "medium_risk_destination: {value: clinical",
        ("clinical is not a choice of medium_risk_destination",),
        "medium_risk_destination",
    ),
    "a value of another kind": Wrong(
        "value: 7", "value: week", ("must be a whole number",), "active_monitoring_review_days"
    ),
    "a value as it is already": Wrong(
        "value: 7", "value: 14", ("active_monitoring_review_days is 14 in the base already",)
    ),
    "a value with another range": Wrong(
        "value: 7", "value: 7, from: 1", ("from is not known here",)
    ),
    "a value without a basis": Wrong(f", basis: {LOCAL}}}}}\n", "}}\n", ("basis is missing",)),
    "a ruleset that is not there": Wrong(
        "  pathways:\n    - id: made-here", "  pathway:\n    - id: made-here",
        ("pathway is not a ruleset of the base; did you mean pathways?",), lines_below=1,
    ),
    "an id that the base uses": Wrong(
        "id: made-here",
        "id: interpreter",
        ("the id interpreter is used already in the base, at pathways.yaml:", "use another"),
        "interpreter",
    ),
    "a rule without an id": Wrong(
        "id: made-here\n      title: Made here", "title: Made here", ("id is missing; add it",)
    ),
    "a rule with an unknown fact": Wrong(
        "when: {veteran: {is: true}}", "when: {vetran: {is: true}}",
        ("vetran is not in the vocabulary; did you mean veteran?",), "made-here",
    ),
    "a rule that reads what it concludes": Wrong(
        'when: {veteran: {is: true}}\n      because: "It was made so."\n      then:\n'
        "        - support: debt",
        'when: {route: {is: cmht}}\n      because: "It was made so."\n      then:\n'
        "        - route: {to: crisis, urgency: very_urgent}",
        ("break the circle",), "made-here", -3,
    ),
    "a rule retired that is not there": Wrong(
        "{rule: debt-support,", "{rule: dept-support,",
        ("dept-support is not a rule of the base; did you mean debt-support?",),
    ),
    "the rule for everybody else retired": Wrong(
        "{rule: debt-support,", "{rule: step-2,", ("everybody whom no other rule sends anywhere",)
    ),
    "a rule retired that is added": Wrong(
        "{rule: debt-support,", "{rule: made-here,", ("here retires made-here, which here adds",)
    ),
    "a rule retired without a reason": Wrong(
        ', because: "Nobody here gives it."', "", ("because is missing; add it",)
    ),
    "a rule retired with a title": Wrong(
        "{rule: debt-support,", "{rule: debt-support, title: Debt,", ("title is not known here",)
    ),
    "a waiver for what is more urgent": Wrong(
        "{from: soon, to: routine}", "{from: routine, to: soon}",
        ("soon is no less urgent than routine, which needs no waiver",), "later-here",
    ),
    "a waiver for what is as urgent": Wrong(
        "{from: soon, to: routine}", "{from: soon, to: soon}",
        ("soon is no less urgent than soon",), "later-here",
    ),
    "a waiver for an unknown urgency": Wrong(
        "{from: soon, to: routine}", "{from: soon, to: rutine}",
        ("rutine is not an urgency; did you mean routine?",), "later-here",
    ),
    "a source that the base has": Wrong(
        "sources: {here:", "sources: {local:", ("local is a source of the base already",)
    ),
    "a place that is not there": Wrong(
        "default_place: rotherham", "default_place: hull", ("hull is not a place",)
    ),
    "the place that is assumed already": Wrong(
        "default_place: rotherham", "default_place: doncaster",
        ("doncaster is the default place of the base already; take it out",),
    ),
    "a cell that is not there": Wrong(
        "{risk: {medium: [cmht]}}", "{risk: {mild: [cmht]}}", ("risk mild is not a cell",)
    ),
    "a factor that is not there": Wrong(
        "{risk: {medium: [cmht]}}", "{rsk: {medium: [cmht]}}", ("rsk medium is not a cell",)
    ),
    "a cell as it is already": Wrong(
        "{risk: {medium: [cmht]}}", "{complexity: {high: [cmht]}}",
        ("complexity high stands for this in the base already",),
    ),
    "a cell with an unknown route": Wrong(
        "{risk: {medium: [cmht]}}", "{risk: {medium: [cmth]}}",
        ("cmth is not a route; did you mean cmht?",),
    ),
}  # fmt: skip

EVERY_PART = (
    SOURCE.format(title="Minutes"),
    "default_place: rotherham\n",
    "cells: {risk: {medium: [cmht]}}\n",
    SOONER,
    ADDING,
    RETIRING,
    WAIVING,
)


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_a_fault_of_an_overlay_says_where_it_is_and_what_to_do(
    edited_rules: EditedRules, wrong: Wrong
) -> None:
    directory = write(edited_rules, "here", *EVERY_PART)
    assert faults_of(directory) == ()
    line = edit(directory, wrong.old, wrong.new) + wrong.lines_below
    (fault,) = faults_of(directory)
    assert (fault.file, fault.line, fault.rule) == ("here/overlay.yaml", line, wrong.rule)
    for words in wrong.says:
        assert words in fault.problem


CONFLICTS = {
    "a value": (SOONER, SOONER.replace("7", "8"), "set active_monitoring_review_days differently"),
    "a basis": (SOONER, SOONER.replace("Agreed", "Wished"), "say the same in both"),
    "a rule": (ADDING, ADDING, "both add made-here; rename one, or leave it in one"),
    "a reason": (RETIRING, RETIRING.replace("Nobody", "No one"), "retire debt-support differently"),
    "a waiver": (
        SOONER + WAIVING,
        SOONER + WAIVING.replace("Later", "Slower"),
        "word the waiver later-here differently",
    ),
    "a place": (
        "default_place: rotherham\n",
        "default_place: hull\n",
        "set the default_place differently",
    ),
    "a source": (
        SOONER + SOURCE.format(title="Minutes"),
        SOONER + SOURCE.format(title="A letter"),
        "describe the source here differently",
    ),
    "a cell": (
        SOONER + "cells: {risk: {medium: [cmht]}}\n",
        SOONER + "cells: {risk: {medium: [clinical_review]}}\n",
        "set the cell risk medium differently",
    ),
}


@pytest.mark.parametrize(("here", "winter", "says"), CONFLICTS.values(), ids=CONFLICTS)
def test_what_two_overlays_say_differently_is_refused_whichever_is_named(
    edited_rules: EditedRules, here: str, winter: str, says: str
) -> None:
    first = write(edited_rules, "here", here, beside("winter"))
    second = write(edited_rules, "winter", winter, beside("here"))
    (fault,) = faults_of(first)
    assert fault.file == WINTER
    assert fault.problem.startswith("here and winter")
    assert says in fault.problem
    assert faults_of(second) == (fault,)


@pytest.mark.parametrize(("adding", "retiring"), [("here", "winter"), ("winter", "here")])
def test_one_overlay_does_not_retire_what_another_adds(
    edited_rules: EditedRules, adding: str, retiring: str
) -> None:
    first = write(edited_rules, adding, ADDING, beside(retiring))
    write(edited_rules, retiring, RETIRING.replace("debt-support", "made-here"))
    (fault,) = faults_of(first)
    assert fault.file == f"{retiring}/overlay.yaml"
    assert f"{retiring} retires made-here, which {adding} adds" in fault.problem


def test_an_overlay_of_an_overlay_is_laid_beside_it(edited_rules: EditedRules) -> None:
    write(edited_rules, "here", SOONER)
    directory = write(edited_rules, "winter", RETIRING)
    line = edit(directory, 'directory: ".."', 'directory: "../here"')
    (fault,) = faults_of(directory)
    assert (fault.file, fault.line) == (WINTER, line)
    assert "is an overlay itself; extend its base, and lay this one beside it" in fault.problem


def test_overlays_of_two_bases_are_not_laid_together(edited_rules: EditedRules) -> None:
    other = edited_rules.directory / "other"
    other.mkdir()
    EditedRules(other)
    directory = write(edited_rules, "here", SOONER, beside("winter"))
    edit(write(edited_rules, "winter", RETIRING), 'directory: ".."', 'directory: "../other"')
    (fault,) = faults_of(directory)
    assert fault.file == WINTER
    assert "lay together only overlays of one base" in fault.problem


def test_two_overlays_have_two_names(edited_rules: EditedRules) -> None:
    directory = write(edited_rules, "here", SOONER, beside("winter"))
    edit(write(edited_rules, "winter", RETIRING), "overlay: winter", "overlay: here")
    (fault,) = faults_of(directory)
    assert "here is the name of the overlay in" in fault.problem


def test_an_overlay_to_be_laid_beside_must_be_there(edited_rules: EditedRules) -> None:
    (fault,) = faults_of(write(edited_rules, "here", SOONER, beside("winter")))
    assert "there is no overlay.yaml in" in fault.problem
    assert "winter" in fault.problem


@pytest.mark.parametrize("part", ["", SOURCE.format(title="Minutes"), WAIVING])
def test_an_overlay_that_changes_nothing_is_refused(edited_rules: EditedRules, part: str) -> None:
    (fault,) = faults_of(write(edited_rules, "here", part))
    assert "changes nothing; add one of: values, rules, retired, default_place" in fault.problem


def test_no_ruleset_is_left_empty(edited_rules: EditedRules) -> None:
    from_it = ("young-people", "specialist-indicator", "perinatal-psychosis", "counselling")
    each = "".join(f'  - {{rule: {one}, because: "No.", basis: {LOCAL}}}\n' for one in from_it)
    (fault,) = faults_of(write(edited_rules, "here", f"retired:\n{each}"))
    assert fault.file == "here/overlay.yaml"
    assert "leaves no rule in eligibility; keep one, or add one that holds here" in fault.problem


def test_a_directory_is_a_base_or_an_overlay(edited_rules: EditedRules) -> None:
    directory = write(edited_rules, "here", SOONER)
    EditedRules(directory)
    (fault,) = faults_of(directory)
    assert "stands beside rulebook.yaml; a directory holds one of the two" in fault.problem


def test_one_thing_is_named_once_in_an_overlay(edited_rules: EditedRules) -> None:
    again = RETIRING + RETIRING.partition("\n")[2]
    (fault,) = faults_of(write(edited_rules, "here", again))
    assert "debt-support is in the list already; take one out" in fault.problem


def test_a_rule_is_added_once(edited_rules: EditedRules) -> None:
    (fault,) = faults_of(write(edited_rules, "here", ADDING, A_RULE))
    assert "the id made-here is used already, at here/overlay.yaml:" in fault.problem


def test_several_faults_are_told_at_once(edited_rules: EditedRules) -> None:
    parts = (SOONER.replace("7", "14"), ADDING, RETIRING.replace("debt", "dept"))
    directory = write(edited_rules, "here", *parts)
    edit(directory, "made-here", "interpreter")
    problems = [fault.problem for fault in faults_of(directory)]
    assert len(problems) == 3
    assert "in the base already" in problems[0]


def test_the_faults_of_the_base_are_told_first(edited_rules: EditedRules) -> None:
    directory = write(edited_rules, "here", SOONER)
    edited_rules.replace("safety.yaml", "      - alert: item9_positive", "      - alert: item9")
    (fault,) = faults_of(directory)
    assert (fault.file, fault.rule) == ("safety.yaml", "item9-positive")


@pytest.mark.parametrize(
    "part",
    [
        'extends: {rulebook: doncaster, version: "1", digest: x}',
        'overlays: [{overlay: here, title: Here, version: "1"}]',
        f"retired: [{{rule: x, title: X, because: x, basis: {LOCAL}}}]",
        f"waivers: [{{id: x, title: X, urgency: {{from: soon, to: routine}}, basis: {LOCAL}}}]",
    ],
)
def test_the_front_page_of_a_base_does_not_speak_of_overlays(
    edited_rules: EditedRules, part: str
) -> None:
    edited_rules.append("rulebook.yaml", part + "\n")
    (fault,) = faults_of(edited_rules.directory)
    assert "is not known here" in fault.problem
