"""What must be true of every rule that is shipped, whatever it says."""

from __future__ import annotations

import pytest

from triage.domain.rules import Authority, NamedValue, Rule
from triage.domain.vocabulary import OWN_NAMES
from triage.rulebook import Rulebook, load_rulebook

SHIPPED = load_rulebook()
RULES = {rule.id: rule for rule in SHIPPED.rules}
WITH_CONDITION = {name: rule for name, rule in RULES.items() if rule.when is not None}

every_rule = pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
every_conditional_rule = pytest.mark.parametrize(
    "rule", WITH_CONDITION.values(), ids=WITH_CONDITION
)
every_value = pytest.mark.parametrize("value", SHIPPED.values.values(), ids=SHIPPED.values)


@every_conditional_rule
def test_a_rule_has_examples_on_both_sides(rule: Rule) -> None:
    assert {example.fires for example in rule.examples} == {True, False}


@every_conditional_rule
def test_every_branch_of_a_rule_says_why(rule: Rule) -> None:
    assert rule.because or all(branch.because for branch in rule.branches)


@every_rule
def test_a_rule_rests_on_a_known_source_and_a_place_in_it(rule: Rule, rulebook: Rulebook) -> None:
    assert rule.basis.source.id in rulebook.sources
    assert rule.basis.where.strip()


@every_rule
def test_a_local_rule_waits_for_sign_off(rule: Rule) -> None:
    assert rule.basis.source.authority is not Authority.LOCAL or rule.basis.sign_off


@every_rule
def test_what_is_marked_local_or_unchecked_waits_for_sign_off(rule: Rule) -> None:
    doubtful = "local" in rule.basis.where.lower() or "to be checked" in rule.basis.where.lower()
    exempt = "local venues" in rule.basis.where.lower()
    assert not doubtful or exempt or rule.basis.sign_off


@every_value
def test_a_named_value_rests_on_a_known_source(value: NamedValue, rulebook: Rulebook) -> None:
    assert value.basis.source.id in rulebook.sources


@every_value
def test_a_local_named_value_waits_for_sign_off(value: NamedValue) -> None:
    assert value.basis.source.authority is not Authority.LOCAL or value.basis.sign_off


def test_every_named_value_is_used_by_a_rule(rulebook: Rulebook) -> None:
    written = repr(
        {name: text for name, text in rulebook.content.items() if name != "rulebook.yaml"}
    )
    unused = [name for name in rulebook.values if f"'{name}'" not in written]
    assert not unused


def test_every_source_is_cited(rulebook: Rulebook) -> None:
    bases = [rule.basis for rule in rulebook.rules]
    bases += [value.basis for value in rulebook.values.values()]
    assert set(rulebook.sources) == {basis.source.id for basis in bases}


def test_every_route_but_none_is_concluded_by_a_rule(rulebook: Rulebook) -> None:
    concluded = {one.target for rule in rulebook.rules for one in rule.then if one.kind == "route"}
    assert concluded == set(rulebook.vocabulary.routes)


@pytest.mark.parametrize("kind", ["alert", "action", "treatment", "measure", "support"])
def test_every_name_of_the_vocabulary_is_concluded_by_a_rule(kind: str, rulebook: Rulebook) -> None:
    concluded = {one.target for rule in rulebook.rules for one in rule.then if one.kind == kind}
    own = OWN_NAMES.get(f"{kind}s", {})
    assert concluded == rulebook.vocabulary.named[f"{kind}s"].keys() - own.keys()


def test_the_matrix_as_printed_sends_five_of_its_cells_away_from_talking_therapies(
    rulebook: Rulebook,
) -> None:
    away = {
        (cell.factor, cell.level): cell.destination
        for cell in rulebook.cells
        if cell.destination != "PCT IAPT Primary Care Team"
    }
    assert len(rulebook.cells) == 21
    assert away == {
        ("complexity", "high"): "DaSH CMHT",
        ("impairment", "high"): "DaSH CMHT",
        ("substance_use", "high"): "DaSH Substance Misuse Services",
        ("risk", "high"): "DaSH CMHT/CRHTT",
        ("previous_interventions", "high"): "DaSH CMHT",
    }
