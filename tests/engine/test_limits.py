"""Where the engine gives up or answers wrongly, and how far from there we keep."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import durable_rules_engine as durable
import pytest

from tests.edited_rules import EditedRules
from tests.engine.synthetic import add_questions, add_rules, add_true_rules, rule
from tests.plain_reader import PlainReader
from tests.random_things import Drawer
from triage.domain.vocabulary import Facts, Value
from triage.engine import Engine
from triage.engine.properties import fnv_1a, refuse_colliding_names
from triage.errors import EngineError
from triage.rulebook import Rulebook, load_rulebook

SAFE_SIGNS = {"$and", "$ex", "$nex", "$neq", "$gt", "$gte", "$lt", "$lte"}


def fired(engine: Engine, rulebook: Rulebook, facts: Facts) -> list[str]:
    return [one.rule.id for stage in rulebook.stages for one in engine.fired(stage, facts)]


@pytest.fixture
def definitions(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Every ruleset given to the engine from here on."""
    given: list[dict[str, Any]] = []
    create: Callable[[str, str], int] = durable.create_ruleset

    def noting(name: str, text: str) -> int:
        given.append(json.loads(text))
        return create(name, text)

    monkeypatch.setattr(durable, "create_ruleset", noting)
    return given


@pytest.fixture
def messages(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every message given to the engine from here on."""
    given: list[str] = []
    assert_fact: Callable[[int, str], Any] = durable.assert_fact

    def noting(handle: int, text: str) -> Any:
        given.append(text)
        return assert_fact(handle, text)

    monkeypatch.setattr(durable, "assert_fact", noting)
    return given


@pytest.mark.parametrize("count", [60, 64, 65, 66, 130])
def test_any_number_of_rules_may_be_true_at_once(edited_rules: EditedRules, count: int) -> None:
    made = add_true_rules(edited_rules, count)
    rulebook = load_rulebook(edited_rules.directory)
    engine = Engine(rulebook)
    assert [one for one in fired(engine, rulebook, {"age": 130}) if one in made] == made
    half = [one for one in fired(engine, rulebook, {"age": count // 2}) if one in made]
    assert half == made[: count // 2]
    engine.close()


def test_many_facts_in_one_stage_are_no_obstacle(edited_rules: EditedRules) -> None:
    """The engine refuses a message of some 250 properties or more."""
    names = add_questions(edited_rules, 360)
    texts = []
    for number in range(60):
        mine = names[number * 6 : number * 6 + 6]
        asked = ", ".join(f"{{{name}: {{is: true}}}}" for name in mine)
        given = ", ".join(f"{name}: true" for name in mine)
        texts.append(rule(f"made-{number:03}", f"{{all: [{asked}]}}", f"{{{given}}}"))
    add_rules(edited_rules, texts)
    rulebook = load_rulebook(edited_rules.directory)
    engine = Engine(rulebook)
    found = fired(engine, rulebook, dict.fromkeys(names, True))
    assert len([one for one in found if one.startswith("made-")]) == 60
    engine.close()


def test_a_rule_with_many_ways_to_be_true_fires_once_and_says_every_way(
    edited_rules: EditedRules,
) -> None:
    """The engine fires a rule once for each true side of an `or`, and refuses over 13 of them."""
    ways = [f'{{age: {{at_least: {age}}}, because: "Way {age}."}}' for age in range(1, 41)]
    add_rules(edited_rules, [rule("made-wide", f"{{any: [{', '.join(ways)}]}}", "{age: 130}")])
    rulebook = load_rulebook(edited_rules.directory)
    engine = Engine(rulebook)
    stage = next(one for one in rulebook.stages if "made-wide" in {each.id for each in one.rules})
    found = [one for one in engine.fired(stage, {"age": 130}) if one.rule.id == "made-wide"]
    assert len(found) == 1
    assert [each.text for each in found[0].because[1:]] == [f"Way {age}." for age in range(1, 41)]
    engine.close()


def test_a_rule_that_no_shard_can_hold_is_refused_by_name(edited_rules: EditedRules) -> None:
    ways = ", ".join(f"{{age: {{at_least: {age}}}}}" for age in range(1, 71))
    add_rules(edited_rules, [rule("made-wide", f"{{any: [{ways}]}}", "{age: 130}")])
    with pytest.raises(EngineError, match="made-wide"):
        Engine(load_rulebook(edited_rules.directory))


def test_no_shipped_rule_fires_twice(rulebook: Rulebook) -> None:
    engine, drawer, random = Engine(rulebook), Drawer(rulebook), Random(3)
    for _ in range(500):
        found = fired(engine, rulebook, drawer.facts(random))
        assert len(found) == len(set(found))
    engine.close()


def _signs(condition: Any) -> Iterator[str]:
    if isinstance(condition, list):
        for each in condition:
            yield from _signs(each)
    elif isinstance(condition, dict):
        for key, value in condition.items():
            yield key
            yield from _signs(value)


def test_the_engine_is_given_no_patterns_no_arithmetic_and_no_joins(
    rulebook: Rulebook, definitions: list[dict[str, Any]]
) -> None:
    Engine(rulebook).close()
    for ruleset in definitions:
        for one in ruleset.values():
            assert set(one) == {"all", "pri"}
            (message,) = one["all"]
            signs = {sign for sign in _signs(message["m"]) if sign.startswith("$")}
            assert signs <= SAFE_SIGNS


def test_every_shard_has_its_sentinel_and_every_rule_its_guard(
    rulebook: Rulebook, definitions: list[dict[str, Any]]
) -> None:
    Engine(rulebook).close()
    for ruleset in definitions:
        sentinel = ruleset.pop("!")
        assert sentinel["all"] == [{"m": {"g": 1}}]
        assert all({"g": 1} in one["all"][0]["m"]["$and"] for one in ruleset.values())


def test_no_shard_comes_near_the_number_of_conditions_that_hangs_the_engine(
    rulebook: Rulebook, definitions: list[dict[str, Any]]
) -> None:
    Engine(rulebook).close()
    assert max(len(ruleset) for ruleset in definitions) <= 241


def test_messages_are_flat_and_hold_whole_numbers_only(
    rulebook: Rulebook, messages: list[str]
) -> None:
    engine, drawer, random = Engine(rulebook), Drawer(rulebook), Random(5)
    for _ in range(200):
        fired(engine, rulebook, drawer.facts(random))
    engine.close()
    for message in messages:
        told = json.loads(message)
        assert (told.pop("sid"), told.pop("id")) == ("s", "r")
        assert {type(value) for value in told.values()} == {int}


@pytest.mark.parametrize(
    "facts",
    [
        {"phq9_total": "3"},
        {"phq9_total": 12.5},
        {"phq9_total": True},
        {"phq9_total": 1e7},
        {"phq9_total": float("nan")},
        {"problem_duration_days": "3"},
        {"problem_duration_days": 1.5},
        {"problem_duration_days": True},
        {"emergency_now": 2},
        {"emergency_now": "true"},
        {"plan": "activ"},
        {"plan": 2},
    ],
    ids=str,
)
def test_a_loose_type_is_refused_rather_than_compared(
    rulebook: Rulebook, facts: dict[str, Value]
) -> None:
    engine = Engine(rulebook)
    with pytest.raises(EngineError):
        fired(engine, rulebook, facts)
    engine.close()


@pytest.mark.parametrize("facts", [{"emergency_now": 1}, {"emergency_now": 0}], ids=str)
def test_a_number_is_no_yes_or_no(rulebook: Rulebook, facts: dict[str, Value]) -> None:
    engine = Engine(rulebook)
    with pytest.raises(EngineError):
        fired(engine, rulebook, facts)
    engine.close()


def test_a_very_long_word_is_never_taken_for_its_beginning(rulebook: Rulebook) -> None:
    """The engine keeps the lengths of texts in 16 bits."""
    engine = Engine(rulebook)
    facts: dict[str, Value] = {
        "needs_adjustments": True,
        "adjustments": ("interpreter" + "x" * 65_536,),
    }
    assert "interpreter" not in fired(engine, rulebook, facts)
    engine.close()


def test_absence_is_seen_by_known_false_alone(rulebook: Rulebook) -> None:
    """The engine runs its own bookkeeping fact through the rules, in which nothing is known."""
    engine, reader = Engine(rulebook), PlainReader(rulebook.content)
    assert set(fired(engine, rulebook, {})) == reader.fired({}) == {"measures-gad7"}
    engine.close()


def test_names_that_the_engine_would_take_for_one_another_are_refused() -> None:
    first, second = "ref-costarring", "ref-liquid"
    collide = _a_colliding_pair()
    assert fnv_1a(collide[0]) == fnv_1a(collide[1])
    with pytest.raises(EngineError, match="rename one"):
        refuse_colliding_names([first, *collide, second])
    refuse_colliding_names([first, second])


def _a_colliding_pair() -> tuple[str, str]:
    """Two known words whose 32-bit FNV-1a hashes meet."""
    return ("costarring", "liquid")


def test_no_two_words_of_the_rulebook_collide(rulebook: Rulebook) -> None:
    words = {*rulebook.vocabulary.terms, *rulebook.values, *(one.id for one in rulebook.rules)}
    refuse_colliding_names({*words, *(f"p{number}" for number in range(2_000)), "sid", "id", "g"})
