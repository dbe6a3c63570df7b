from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from tests.fhir.writing.oracles import check
from triage.api.fhir.rules_in_words import in_one_line, saying
from triage.domain.rules import NO_INDICATORS
from triage.fhir.plan_definition import plan_definition_of
from triage.fhir.writing.terms import Terms
from triage.pages.words import Clause
from triage.rulebook import Rulebook, load_rulebook

Plan = dict[str, Any]


@pytest.fixture(scope="module")
def plan(rulebook: Rulebook) -> Plan:
    return plan_definition_of(rulebook, saying(rulebook.vocabulary))


def actions(plan: Plan) -> Iterator[Plan]:
    for group in plan["action"]:
        yield from group["action"]


def action(plan: Plan, rule: str) -> Plan:
    (found,) = (one for one in actions(plan) if one["id"] == rule)
    return found


def test_others_read_it_as_r4(plan: Plan) -> None:
    check(plan)


def test_it_is_known_by_the_name_the_version_and_the_digest_of_the_rulebook(
    plan: Plan, rulebook: Rulebook
) -> None:
    own, stamp = rulebook.vocabulary.messages.own, rulebook.stamp
    assert plan["url"] == f"{own}/PlanDefinition/{stamp.id}"
    assert (plan["id"], plan["version"], plan["status"]) == (stamp.id, stamp.version, "draft")
    assert plan["identifier"] == [{"system": f"{own}/Id/rulebook", "value": stamp.digest}]
    assert plan["publisher"] == rulebook.owner


def test_it_says_that_a_clinician_decides(plan: Plan) -> None:
    assert "a clinician decides" in plan["description"]


def test_every_rule_is_an_action_in_the_group_of_its_ruleset(
    plan: Plan, rulebook: Rulebook
) -> None:
    told = {group["id"]: [one["id"] for one in group["action"]] for group in plan["action"]}
    assert told == {one.id: [rule.id for rule in one.rules] for one in rulebook.rulesets}


def test_no_two_elements_have_one_id(plan: Plan) -> None:
    ids = [*(group["id"] for group in plan["action"]), *(one["id"] for one in actions(plan))]
    assert len(ids) == len(set(ids))


def test_a_rule_says_when_it_fires_and_what_it_concludes(plan: Plan) -> None:
    assert action(plan, "emergency")["textEquivalent"] == (
        "When: Emergency now: yes; or (Injury from current harm: life-threatening injury; and"
        " Emergency now: not known). Then: Route: Emergency services. Urgency: emergency. To do:"
        " Tell the crisis team, the same day."
    )


def test_a_rule_says_what_it_says_of_somebody(plan: Plan) -> None:
    assert action(plan, "emergency")["description"].startswith("There is an emergency now.")


def test_the_rule_that_fires_when_no_other_does_says_so(plan: Plan, rulebook: Rulebook) -> None:
    (otherwise,) = (rule.id for rule in rulebook.rules if rule.when is None)
    assert "When: No other rule concludes a route." in action(plan, otherwise)["textEquivalent"]


def test_an_action_need_not_be_done_and_has_no_condition_that_a_machine_could_try(
    plan: Plan,
) -> None:
    for one in actions(plan):
        assert one["requiredBehavior"] == "could"
        assert "condition" not in one


def test_a_rule_is_justified_by_its_source_and_says_what_is_not_signed(
    plan: Plan, rulebook: Rulebook
) -> None:
    for rule in rulebook.rules:
        (told,) = action(plan, rule.id)["documentation"]
        assert (told["type"], told["display"]) == ("justification", rule.basis.source.title)
        assert told["citation"].startswith(rule.basis.where.removesuffix("."))
        assert ("waits for a clinician" in told["citation"]) is rule.basis.sign_off


def test_documents_are_named_and_a_local_choice_is_none(plan: Plan) -> None:
    labels = [one["label"] for one in plan["relatedArtifact"]]
    assert {"doncaster", "ng225"} <= set(labels)
    assert "local" not in labels


def test_the_lowest_level_of_risk_reads_as_what_was_recorded(plan: Plan) -> None:
    assert f"Risk: {NO_INDICATORS}" in action(plan, "risk-low")["textEquivalent"]
    assert not re.search(r"low[ -]risk|Risk: low", str(plan))


def test_a_local_rulebook_names_the_one_it_extends() -> None:
    local = load_rulebook(Path(str(files("rules"))) / "rotherham")
    found = plan_definition_of(local, saying(local.vocabulary))
    base = found["relatedArtifact"][0]
    assert (found["id"], base["type"]) == ("rotherham", "depends-on")
    assert base["resource"].endswith("/PlanDefinition/doncaster|2026.1")
    check(found)


def test_guidance_names_it_by_the_address_that_it_has(plan: Plan, rulebook: Rulebook) -> None:
    stamp = rulebook.stamp
    named = Terms(rulebook, "https://triage.example.org").plan(
        {"id": stamp.id, "version": stamp.version}
    )
    assert named == f"{plan['url']}|{plan['version']}"


def test_parts_of_parts_stand_in_brackets() -> None:
    both = Clause("All of these:", (Clause("A"), Clause("B")), joint="and")
    assert (
        in_one_line(Clause("Any of these:", (both, Clause("C")), joint="or")) == "(A; and B); or C"
    )
    two = Clause("At least 2 of these:", (Clause("A"), Clause("B"), Clause("C")))
    assert in_one_line(two) == "At least 2 of these: A; B; C"
