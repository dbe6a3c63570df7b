"""One test for every example beside a rule: the real engine must agree with it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from triage.domain.rules import Example, Rule, Stage
from triage.domain.vocabulary import Value
from triage.engine import Engine
from triage.rulebook import Rulebook, load_rulebook

SHIPPED = load_rulebook()
EXAMPLES = [(rule, example) for rule in SHIPPED.rules for example in rule.examples]
IDS = [f"{rule.id}: {example.title}" for rule, example in EXAMPLES]


@pytest.fixture(scope="module")
def engine(rulebook: Rulebook) -> Iterator[Engine]:
    made = Engine(rulebook)
    yield made
    made.close()


@pytest.mark.parametrize(("rule", "example"), EXAMPLES, ids=IDS)
def test_an_example_comes_out_as_it_says(
    rule: Rule, example: Example, engine: Engine, rulebook: Rulebook
) -> None:
    stage = _stage_of(rule.id, rulebook)
    fired = {one.rule.id for one in engine.fired(stage, _facts(example, rulebook))}
    assert (rule.id in fired) is example.fires


@pytest.mark.parametrize(
    "rule", [rule for rule in SHIPPED.rules if rule.when], ids=lambda rule: rule.id
)
def test_every_sentence_of_a_rule_is_said_in_one_of_its_examples(
    rule: Rule, engine: Engine, rulebook: Rulebook
) -> None:
    stage = _stage_of(rule.id, rulebook)
    said = {
        sentence.text
        for example in rule.examples
        for one in engine.fired(stage, _facts(example, rulebook))
        if one.rule.id == rule.id
        for sentence in one.because
    }
    sayable = {sentence.text for branch in rule.branches for sentence in branch.because}
    assert sayable <= said


def _stage_of(rule: str, rulebook: Rulebook) -> Stage:
    return next(stage for stage in rulebook.stages if rule in {one.id for one in stage.rules})


def _facts(example: Example, rulebook: Rulebook) -> dict[str, Value]:
    """The facts given; a level that is not given is unknown, and nothing else is assumed."""
    levels: dict[str, Value] = {
        f"{factor}_level": "unknown" for factor in rulebook.vocabulary.factors
    }
    return levels | dict(example.given)
