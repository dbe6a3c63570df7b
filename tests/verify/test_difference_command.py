"""`triage rules diff`, as a person or a script starts it."""

from __future__ import annotations

import json
import os
import pwd
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.cli.command import REPOSITORY, triage
from tests.cli.logs import ALog, a_log
from tests.edited_rules import EditedRules
from tests.verify.proofs.edited import Edited
from triage.cli import main
from triage.rulebook import Rulebook

SEVERE = "step-3-more-severe-depression"


def diff(*arguments: str | Path) -> Result:
    """The verb in this process."""
    return CliRunner().invoke(main, ["rules", "diff", *map(str, arguments)])


def test_a_rulebook_is_decided_as_itself() -> None:
    done = diff("shipped", "shipped")
    assert done.exit_code == 0, done.output
    assert "No referral is decided otherwise." in done.output


def test_a_threshold_is_told_by_its_flows(edited_rules: EditedRules) -> None:
    edited_rules.set_value("phq9_more_severe", 17)
    done = diff(edited_rules.directory)
    assert done.exit_code == 1, done.output
    step_3, step_2 = (f"Talking therapies, step {step}, routine (4 weeks)" for step in (3, 2))
    assert f"{step_3} -> {step_2}\n" in done.output
    assert "PHQ-9 total: 16" in done.output
    assert f"by rules: no longer {SEVERE}; now step-2" in done.output
    assert "newly: Treatment: Guided self-help" in done.output
    assert "named value phq9_more_severe: 16 -> 17" in done.output
    assert "Less urgent than before" not in done.output


def test_examples_that_fail_are_a_warning_and_no_more(edited_rules: EditedRules) -> None:
    edited_rules.set_value("phq9_more_severe", 17)
    done = diff(edited_rules.directory)
    assert done.output.startswith("Warning: 2 examples of the rulebook after fail; it is compared")
    assert f"{SEVERE}: example 'first more severe score'" in done.output


def test_what_is_less_urgent_stands_on_top(edited_rules: EditedRules) -> None:
    was, becomes = (f"route: {{to: crisis, urgency: {one}}}" for one in ("very_urgent", "soon"))
    edited_rules.replace("safety.yaml", was, becomes)
    output = diff(edited_rules.directory).output
    worse, others = output.index("Less urgent than before"), output.index("Beside the route")
    assert worse < output.index("Crisis team, very urgent (4 hours) -> Crisis team") < others


def test_the_other_way_about_it_is_more_urgent(edited_rules: EditedRules) -> None:
    was, becomes = (f"route: {{to: crisis, urgency: {one}}}" for one in ("very_urgent", "soon"))
    edited_rules.replace("safety.yaml", was, becomes)
    done = diff(edited_rules.directory, "shipped")
    assert done.exit_code == 1
    assert "Less urgent than before" not in done.output


def test_words_alone_are_told_as_words(edited_rules: EditedRules) -> None:
    edited_rules.replace("safety.yaml", '"There is a current danger."', '"There is danger."')
    done = diff(edited_rules.directory)
    assert done.exit_code == 0
    assert "No referral is decided otherwise: only words changed." in done.output
    assert "rules with other words alone (1): crisis" in done.output


def test_what_changes_for_everybody_is_told_though_no_route_changes(
    rulebook: Rulebook, tmp_path: Path
) -> None:
    edited = Edited(rulebook)
    edited.words("urgencies")["very_urgent"]["within_hours"] = 6
    done = diff(edited.write(tmp_path))
    assert done.exit_code == 1
    assert "Every referral keeps its route and its urgency" in done.output
    assert "urgency very_urgent: class 1, within 4 hours" in done.output


def test_an_overlay_is_held_against_its_base() -> None:
    done = diff(REPOSITORY / "rules" / "rotherham", "--json")
    told = json.loads(done.output)
    assert (told["before"]["id"], told["after"]["id"]) == ("doncaster", "rotherham")
    assert told["empty"] is False


def test_machines_get_json(edited_rules: EditedRules) -> None:
    edited_rules.set_value("phq9_more_severe", 17)
    done = triage("rules", "diff", "shipped", str(edited_rules.directory), "--json")
    told = json.loads(done.stdout)
    assert done.returncode == 1
    assert (told["empty"], len(told["flows"])) == (False, 3)
    assert len(told["examples_that_fail"]["after"]) == 2
    assert told["examples_that_fail"]["before"] == []


@pytest.mark.parametrize("asked", [(), ("nowhere",), ("shipped", "shipped", "shipped")])
def test_what_is_asked_wrongly_is_refused(asked: tuple[str, ...]) -> None:
    assert diff(*asked).exit_code == 2


def test_rules_that_cannot_be_read_are_told_fault_by_fault(edited_rules: EditedRules) -> None:
    edited_rules.replace("safety.yaml", "id: emergency\n", "id: emergency\n    colour: red\n")
    done = triage("rules", "diff", str(edited_rules.directory))
    assert done.returncode == 2
    assert "safety.yaml:" in done.stderr


def test_rulebooks_that_cannot_be_compared_are_told(edited_rules: EditedRules) -> None:
    edited_rules.replace("vocabulary.yaml", "may_miss: 2", "may_miss: 1")
    done = triage("rules", "diff", str(edited_rules.directory))
    assert done.returncode == 2
    assert "phq9_items: is scored by other numbers of items in one" in done.stderr
    assert "rulebooks that ask differently cannot be compared" in done.stderr


@pytest.fixture
def log(rulebook: Rulebook, tmp_path: Path) -> Iterator[ALog]:
    """A log of three decisions, of which one is of a PHQ-9 of 22."""
    with a_log("sqlite", tmp_path, rulebook) as made:
        yield made


def test_recorded_decisions_are_counted_and_none_is_named(
    log: ALog, edited_rules: EditedRules
) -> None:
    edited_rules.set_value("phq9_more_severe", 23)
    cut = "        - {phq9_total: {at_least: 20}, because"
    edited_rules.replace("levels.yaml", cut, cut.replace("20", "23"))
    arguments = ("rules", "diff", str(edited_rules.directory), "--recorded")
    done = triage(*arguments, environment=log.environment)
    assert done.returncode == 1, done.stderr
    assert "; 1 of 3 recorded." in done.stdout
    told = json.loads(triage(*arguments, "--json", environment=log.environment).stdout)
    assert told["recorded"] == {"referrals": 3, "comparable": 3, "moved": 1}
    assert sum(flow["recorded"] for flow in told["flows"]) == 1
    assert not any(one in done.stdout for one in log.decisions)


def test_that_somebody_looked_is_an_entry(log: ALog) -> None:
    triage("rules", "diff", "shipped", "--recorded", environment=log.environment)
    with log.opened() as opened:
        view = opened.entry(5)
    assert view is not None
    told = view.content
    assert (told["kind"], told["what"], told["entries"]) == (
        "view",
        "rules diff",
        {"from": 1, "to": 4},
    )
    assert told["by"]["subject"] == pwd.getpwuid(os.getuid()).pw_name


def test_without_a_log_nothing_is_recorded_to_count(tmp_path: Path) -> None:
    nowhere = {"TRIAGE_DATABASE_URL": f"sqlite:///{tmp_path}/none.db"}
    done = triage("rules", "diff", "shipped", "--recorded", environment=nowhere)
    assert done.returncode == 2
    assert "there is no log" in done.stderr
