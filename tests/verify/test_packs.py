"""The tests that are made from the rules hold, are the same every time, and leave nothing out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import REPOSITORY, triage
from tests.edited_rules import EditedRules
from tests.verify.packs import Shown, told
from tests.verify.proofs.edited import Edited
from triage.decide import Decider
from triage.diagram import Diagram
from triage.errors import PackError
from triage.rulebook import Rulebook, load_rulebook
from triage.verify.packs import Pack, broken, pack_in, pack_of, writing, written

NEXT_TO = {"on": 0, "one below": -1, "one above": 1}

Threshold = tuple[str, str, str, int]
"""A rule, a fact, how it is compared, and with which number."""


def test_every_test_holds(pack: Pack, decider: Decider) -> None:
    assert list(broken(pack, decider)) == []
    assert len(pack.tests) > 500


def test_the_command_line_decides_every_referral_as_its_test_says(
    pack: Pack, tmp_path: Path
) -> None:
    file = tmp_path / "referrals.ndjson"
    file.write_text("".join(f"{json.dumps(test.referral)}\n" for test in pack.tests))
    done = triage("decide", str(file))
    decisions = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert [told(one) for one in decisions] == [test.expected for test in pack.tests]
    assert [one["reference"] for one in decisions] == [test.id for test in pack.tests]


def test_a_pack_that_is_read_is_the_pack_that_was_written(pack: Pack) -> None:
    assert pack_in(written(pack)) == pack


def test_nothing_is_shown_twice_and_no_referral_comes_twice(pack: Pack) -> None:
    names = [name for test in pack.tests for name in test.shows]
    referrals = [json.dumps({**test.referral, "reference": ""}) for test in pack.tests]
    assert len(names) == len(set(names))
    assert len(referrals) == len(set(referrals))


def test_every_nhs_number_is_of_the_range_that_is_never_issued(pack: Pack) -> None:
    patients = [test.referral.get("patient", {}) for test in pack.tests]
    numbers = {one["nhs_number"] for one in patients if "nhs_number" in one}
    assert len(numbers) == 2
    assert all(number.startswith("999") for number in numbers)


# --- nothing is left out ---


def thresholds(rulebook: Rulebook) -> Iterator[Threshold]:
    """Every number that a rule compares a fact with, as it stands in the files."""
    values = {name: one.value for name, one in rulebook.values.items()}
    for name in rulebook.content["rulebook.yaml"]["rulesets"]:
        for rule in rulebook.content[f"{name}.yaml"]["rules"]:
            for fact, sign, wanted in compared(rule["when"]):
                number = values[wanted["value"]] if isinstance(wanted, dict) else wanted
                if type(number) is int:
                    yield rule["id"], fact, sign, number


def compared(written_down: Any) -> Iterator[tuple[str, str, Any]]:
    """Every comparison in what is written."""
    if isinstance(written_down, list):
        for each in written_down:
            yield from compared(each)
    elif isinstance(written_down, dict):
        for key, value in written_down.items():
            if key in ("all", "any", "not"):
                yield from compared(value)
            elif key == "at_least_of":
                yield from compared(value["of"])
            elif key != "because":
                yield from ((key, sign, wanted) for sign, wanted in value.items())


def test_every_threshold_has_a_referral_on_it_and_on_each_side(
    shown: Shown, rulebook: Rulebook
) -> None:
    found = list(thresholds(rulebook))
    assert len(found) > 40
    for rule, fact, sign, number in found:
        term = rulebook.vocabulary.terms[fact]
        for label, step in NEXT_TO.items():
            if term.low <= number + step <= term.high:
                assert shown.facts(f"{rule}/{fact} {sign} {number}/{label}")[fact] == number + step
        ends = (f"{rule}/{fact} {sign} {number}/{end}" for end in ("lowest", "highest"))
        assert [shown.facts(end)[fact] for end in ends] == [term.low, term.high]


def test_every_choice_that_a_rule_lists_has_a_referral_and_so_has_every_other(
    shown: Shown, rulebook: Rulebook
) -> None:
    listed = 0
    for rule in rulebook.rules:
        for fact, sign, wanted in compared(as_written(rulebook, rule.id)):
            if sign == "in":
                listed += 1
                for choice in rulebook.vocabulary.terms[fact].choices:
                    name = f"{rule.id}/{fact} in {', '.join(wanted)}/{choice}"
                    assert value_shown(shown, name, fact) == choice
    assert listed > 10


def value_shown(shown: Shown, name: str, fact: str) -> object:
    """The value of a fact, or of a level, in the test that shows something."""
    levels = {f"{name}_level": one["level"] for name, one in shown[name].expected["levels"].items()}
    return levels.get(fact, shown.facts(name).get(fact))


def as_written(rulebook: Rulebook, name: str) -> Mapping[str, Any]:
    """The condition of a rule as it stands in its file; nothing for the one without."""
    for file in rulebook.content["rulebook.yaml"]["rulesets"]:
        for rule in rulebook.content[f"{file}.yaml"]["rules"]:
            if rule["id"] == name:
                found: Mapping[str, Any] = rule["when"]
                return found
    return {}


def test_every_rule_that_can_fire_fires_in_a_test_and_is_silent_in_another(
    pack: Pack, rulebook: Rulebook
) -> None:
    never = {"medium-risk-to-clinical-review", "medium-risk-to-cmht"}
    fired = {rule for test in pack.tests for rule in test.expected["fires"]}
    always = set.intersection(*(set(test.expected["fires"]) for test in pack.tests))
    assert {rule.id for rule in rulebook.rules} - fired == never
    assert always == set()


def test_every_conclusion_that_matters_is_the_one_that_a_decision_hangs_on(
    shown: Shown, pack: Pack, rulebook: Rulebook
) -> None:
    """A test for each kind of conclusion of each rule, or a word that none hangs on it."""
    for rule in rulebook.rules:
        for one in rule.then:
            told_of = [name for name in shown if name.startswith(f"{rule.id}/{one.kind} ")]
            not_needed = [said for said in pack.never_needed if said.startswith(f"{rule.id}: ")]
            assert told_of or not_needed, (rule.id, one)


def test_what_no_test_can_show_is_said_with_its_reason(pack: Pack) -> None:
    by_another = "active-monitoring: gad7_total below 15: because of severity_level is high"
    assert by_another in pack.not_apart
    assert "medium-risk-to-cmht: risk_level is medium: the rule never fires" in pack.not_apart
    assert len(pack.not_apart) == 5


def test_routes_that_meet_are_tried_two_by_two(shown: Shown) -> None:
    both_act = shown["routes/cmht before substance_misuse"].expected
    assert both_act["route"] == "cmht"
    assert both_act["also_indicated"] == [
        {"id": "substance_misuse", "urgency": "routine", "concurrent": True}
    ]
    replaced = shown["routes/young_people replaces cmht/soon"].expected
    assert "cmht" not in (replaced["route"], *(one["id"] for one in replaced["also_indicated"]))
    assert "step-3-problem" not in shown["routes/iapt_step_3 gives way to crisis"].expected["fires"]


# --- what a change breaks ---


def test_a_threshold_that_is_moved_breaks_a_test_that_says_what_differs(
    pack: Pack, edited_rules: EditedRules
) -> None:
    edited_rules.replace(
        "levels.yaml", "- {phq9_total: {at_least: 20}, b", "- {phq9_total: {at_least: 21}, b"
    )
    changed = Decider(load_rulebook(edited_rules.directory))
    found = {one.test.id: str(one) for one in broken(pack, changed)}
    changed.close()
    said = found["severity-high/phq9_total at_least 20/on"]
    assert "PHQ-9 total 20, on the threshold" in said
    assert "rules that fire: no longer severity-high" in said
    assert "levels severity level is unknown, not high" in said


def test_a_referral_that_the_rules_no_longer_take_is_told(
    pack: Pack, edited_rules: EditedRules
) -> None:
    edited_rules.replace("vocabulary.yaml", "    to: 50\n", "    to: 49\n")
    changed = Decider(load_rulebook(edited_rules.directory))
    found = [one.differs for one in broken(pack, changed)]
    changed.close()
    assert any(differs[0].startswith("the referral is refused: ") for differs in found)


def test_nothing_is_written_where_the_engine_and_the_diagrams_differ(
    edited_rules: EditedRules, rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    for old, new in (
        ("when: {veteran: {is: true}}", "when: {veteran: {is: false}}"),
        ("{veteran: true}, fires: true", "{veteran: true}, fires: false"),
        ("{veteran: false}, fires: false", "{veteran: false}, fires: true"),
    ):
        edited_rules.replace("pathways.yaml", old, new)
    other = load_rulebook(edited_rules.directory)
    monkeypatch.setattr(writing, "Decider", lambda _rulebook: Decider(other))
    said = r"^veteran-priority/veteran is true/.*: the engine says fires"
    with pytest.raises(PackError, match=said):
        pack_of(rulebook)


def test_nothing_is_written_where_a_decision_says_that_two_evaluations_differ(
    edited_rules: EditedRules, rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    edited_rules.set_value("phq9_more_severe", 17)
    other = Diagram.of(load_rulebook(edited_rules.directory))
    monkeypatch.setattr(writing, "Decider", lambda _rulebook: Decider(rulebook, other))
    with pytest.raises(
        PackError, match=r"/phq9_total .* 16/.*: two evaluations of the rules differ"
    ):
        pack_of(rulebook)


def test_rules_that_give_somebody_no_route_are_told(pack: Pack, rulebook: Rulebook) -> None:
    edited = Edited(rulebook)
    for route, other in (("emergency", "crisis"), ("crisis", "emergency")):
        edited.route(route)["replaces"] = [other]
    changed = edited.rulebook()
    decider = Decider(changed)
    found = [said for one in broken(pack, decider) for said in one.differs]
    decider.close()
    assert "no decision: the rules give this referral no route; a human must look at it" in found
    with pytest.raises(PackError, match="no decision: the rules give this referral no route"):
        pack_of(changed)


def test_a_local_rulebook_has_a_pack_of_its_own() -> None:
    rotherham = load_rulebook(REPOSITORY / "rules" / "rotherham")
    decider = Decider(rotherham)
    made = pack_of(rotherham)
    found = list(broken(made, decider))
    decider.close()
    assert made.stamp.id == "rotherham"
    assert found == []


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([], "line 1 is not the heading"),
        ([b"{}"], "line 1 is not the heading"),
        ([b'{"pack":1}'], "not the heading of a whole pack"),
        ([b'{"pack"'], "line 1 is not one JSON object"),
        ([b"HEADING", b"[]"], "line 2 is not one JSON object"),
        ([b"HEADING", b'{"id":"one"}'], "line 2 is not a whole test"),
    ],
)
def test_a_file_that_is_no_pack_is_refused(pack: Pack, lines: list[bytes], said: str) -> None:
    heading = next(written(pack))
    with pytest.raises(PackError, match=said):
        pack_in(heading if line == b"HEADING" else line for line in lines)
