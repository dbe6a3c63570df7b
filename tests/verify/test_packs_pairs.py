"""Each comparison alone decides whether its rule fires: read again by a reader of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.edited_rules import EditedRules
from tests.plain_conclusions import PlainDecider
from tests.plain_reader import PlainReader
from tests.verify.packs import Shown
from tests.verify.test_packs import as_written
from triage.diagram.model import Model
from triage.diagram.space import space_of
from triage.domain.vocabulary import Value
from triage.rulebook import Rulebook, load_rulebook
from triage.verify.packs.bodies import body_of
from triage.verify.packs.comparisons import comparisons_of
from triage.verify.packs.of_comparisons import ComparisonTests
from triage.verify.packs.turning import Turner

FIRES, SILENT, UNASKED = "fires", "does not fire", "does not fire, not known"

OF_ONE_QUESTIONNAIRE = ("phq9_", "gad7_", "totals_", "scores_")
"""How the names begin of what a questionnaire amounts to, which cannot all be held still."""


class Concluding(PlainDecider):
    """Concludes plainly, and keeps in mind where ratings and answers differ."""

    differing: tuple[str, ...] = ()

    def _differing(self, *found: Any) -> tuple[str, ...]:
        self.differing = super()._differing(*found)
        return self.differing


class Reading:
    """The rules of one rulebook, read plainly."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self._decider = Concluding(rulebook.content)
        self._reader = PlainReader(rulebook.content)

    def fires(self, rule: str, facts: Mapping[str, Value]) -> bool:
        """Does a rule fire on the facts of a referral?"""
        return rule in self._decider.conclude(facts).fired

    def decides(self, rule: str, place: int, facts: Mapping[str, Value]) -> bool:
        """Does one comparison of a rule alone decide whether its condition holds?"""
        when, known = as_written(self.rulebook, rule), self._known(facts)
        with_it, without = (
            self._reader.holds(settled(when, place, true=true), known) for true in (True, False)
        )
        return with_it is not without

    def _known(self, facts: Mapping[str, Value]) -> dict[str, Any]:
        """The facts, and all that rules conclude of them."""
        found = self._decider.conclude(facts)
        flags: dict[str, bool] = {}
        for rule in self.rulebook.rules:
            for one in rule.then:
                if one.kind == "flag" and rule.id in found.fired:
                    flags[one.target] = bool(one.value) or flags.get(one.target, False)
        levels = {f"{factor}_level": level for factor, level in found.levels.items()}
        differing = self._decider.differing
        routes = {"routes": found.routes, "route": found.routes[0]}
        return {**facts, **flags, **levels, **routes, "ratings_that_differ": differing}

    def beneath(self, fact: str) -> set[str]:
        """The facts of referrals on which a fact rests."""
        found, pending = set[str](), [fact]
        while pending:
            name = pending.pop()
            if name not in found:
                found.add(name)
                pending += self._read_for(name)
        return found

    def _read_for(self, fact: str) -> Iterator[str]:
        routes = fact in ("route", "routes")
        for rule in self.rulebook.rules:
            if fact in rule.concludes or (routes and rule.when is None):
                yield from rule.reads


def settled(when: Any, place: int, *, true: bool) -> Any:
    """A condition with its comparison of that number, counted as written, true or false."""
    return _settled(when, [place], {"all": []} if true else {"any": []})


def _settled(when: Any, left: list[int], by: Mapping[str, Any]) -> Any:
    ((key, value),) = ((key, value) for key, value in when.items() if key != "because")
    if key == "not":
        return {"not": _settled(value, left, by)}
    if key in ("all", "any"):
        return {key: [_settled(each, left, by) for each in value]}
    if key == "at_least_of":
        return {key: {**value, "of": [_settled(each, left, by) for each in value["of"]]}}
    return {"all": [_or(by, {key: {sign: value[sign]}}, left) for sign in value]}


def _or(by: Mapping[str, Any], one: Mapping[str, Any], left: list[int]) -> Mapping[str, Any]:
    left[0] -= 1
    return by if left[0] == -1 else one


Pair = tuple[str, str, str, str]
"""A rule, the name of its comparison, and of two referrals of which it fires on the first."""


def pairs(shown: Shown) -> Iterator[Pair]:
    """Every pair of referrals that a pack says differ by one comparison alone."""
    for name in shown:
        comparison, _, label = name.rpartition("/")
        if label in (SILENT, UNASKED):
            rule, _, named = comparison.partition("/")
            yield rule, named, f"{comparison}/{FIRES}", name


@pytest.fixture(scope="module")
def reading(rulebook: Rulebook) -> Reading:
    return Reading(rulebook)


def place_of(rulebook: Rulebook, rule: str, named: str) -> tuple[int, str]:
    """The number of a comparison, counted as written, and the fact that it reads."""
    (found,) = (each for each in rulebook.rules if each.id == rule)
    every = comparisons_of(found)
    place = [each.name for each in every].index(named)
    return place, every[place].one.fact


def test_of_each_pair_the_rule_fires_on_one_and_not_on_the_other(
    shown: Shown, reading: Reading
) -> None:
    found = list(pairs(shown))
    assert len(found) > 400
    for rule, _, one, other in found:
        assert reading.fires(rule, shown.facts(one)), one
        assert not reading.fires(rule, shown.facts(other)), other


def test_of_each_pair_the_comparison_alone_decides(shown: Shown, reading: Reading) -> None:
    for rule, named, one, other in pairs(shown):
        place, _ = place_of(reading.rulebook, rule, named)
        assert reading.decides(rule, place, shown.facts(one)), one
        assert reading.decides(rule, place, shown.facts(other)), other


def test_each_pair_differs_only_in_what_the_comparison_reads(
    shown: Shown, reading: Reading
) -> None:
    for rule, named, one, other in pairs(shown):
        _, fact = place_of(reading.rulebook, rule, named)
        here, there = shown.facts(one), shown.facts(other)
        beneath = reading.beneath(fact)
        for name in here.keys() | there.keys():
            if here.get(name) != there.get(name):
                assert name in beneath or beside(name, beneath), (one, other, name)


def beside(name: str, beneath: set[str]) -> bool:
    """Is a fact one of an answer, or of a questionnaire, of which another may differ?"""
    if name.startswith(OF_ONE_QUESTIONNAIRE):
        return any(each.startswith(OF_ONE_QUESTIONNAIRE) for each in beneath)
    return any(name in each for each in OF_ONE_ANSWER if not each.isdisjoint(beneath))


OF_ONE_ANSWER = (
    {"risk_asked_on", "risk_age_days"},
    {"monitoring_review_on", "monitoring_review_passed"},
    {"long_term_conditions", "has_long_term_condition"},
    {"adjustments", "needs_adjustments"},
    {"age", "ages_differ"},
)


def test_every_comparison_that_is_not_said_to_be_idle_has_its_pair(
    shown: Shown, reading: Reading, rulebook: Rulebook
) -> None:
    told = {(rule, named) for rule, named, _, _ in pairs(shown)}
    every = {(rule.id, one.name) for rule in rulebook.rules for one in comparisons_of(rule)}
    idle = {(rule, named) for rule, named in every - told}
    never = {"medium-risk-to-clinical-review", "medium-risk-to-cmht"}
    assert {rule for rule, _ in idle} == never
    assert len(reading.rulebook.rules) > 100


# --- rules made by hand ---

RULE = """
  - id: made
    title: Made for a test
    basis: {source: qs115, where: "nowhere"}
    when: %s
    because: "It was made so."
    then:
      - support: debt
    examples:
      - {title: fires, given: %s, fires: true}
      - {title: fires not, given: %s, fires: false}
"""


class Made:
    """What is tried of a rule that is added: what is answered, by what that shows; what is idle."""

    def __init__(self, edited: EditedRules, when: str, fires: str, silent: str) -> None:
        edited.append("pathways.yaml", RULE % (when, fires, silent))
        rulebook = load_rulebook(edited.directory)
        model = Model(rulebook, space_of(rulebook))
        tests = ComparisonTests(Turner(model))
        (rule,) = (one for one in rulebook.rules if one.id == "made")
        self.answers: Mapping[str, Mapping[str, Any]] = {
            one.id.removeprefix("made/"): body_of(model.space, one.draft).get("answers", {})
            for one in tests.of(rule)
        }
        self.idle = tests.not_apart


def test_two_that_must_both_hold_are_each_tried_with_the_other_held(
    edited_rules: EditedRules,
) -> None:
    when = "{all: [{wsas_total: {at_least: 11}}, {veteran: {is: true}}]}"
    found = Made(edited_rules, when, "{wsas_total: 11, veteran: true}", "{wsas_total: 10}").answers
    assert found["wsas_total at_least 11/fires"] == {"veteran": True, "wsas_total": 11}
    assert found["wsas_total at_least 11/does not fire"] == {"veteran": True, "wsas_total": 10}
    assert found["wsas_total at_least 11/does not fire, not known"] == {"veteran": True}
    assert found["wsas_total at_least 11/one above"] == {"veteran": True, "wsas_total": 12}
    assert found["wsas_total at_least 11/highest"] == {"veteran": True, "wsas_total": 40}
    assert found["veteran is true/does not fire"]["veteran"] is False
    assert found["veteran is true/does not fire"]["wsas_total"] >= 11


def test_of_two_that_may_hold_each_is_tried_without_the_other(edited_rules: EditedRules) -> None:
    when = "{any: [{wsas_total: {above: 11}}, {veteran: {is: true}}]}"
    found = Made(edited_rules, when, "{wsas_total: 12}", "{wsas_total: 11}").answers
    assert found["wsas_total above 11/fires"] == {"wsas_total": 12}
    assert found["wsas_total above 11/does not fire"] == {"wsas_total": 11}
    assert found["veteran is true/fires"] == {"veteran": True}
    assert found["veteran is true/does not fire"] == {"veteran": False}


def test_a_count_is_tried_just_on_it_and_just_short_of_it(edited_rules: EditedRules) -> None:
    of = ("veteran", "debt_support", "perinatal")
    parts = ", ".join(f"{{{name}: {{is: true}}}}" for name in of)
    when = f"{{at_least_of: {{count: 2, of: [{parts}]}}}}"
    found = Made(
        edited_rules, when, "{veteran: true, debt_support: true}", "{veteran: true}"
    ).answers
    for name in of:
        one = found[f"{name} is true/fires"]
        other = found[f"{name} is true/does not fire"]
        assert (sum(one.values()), sum(other.values())) == (2, 1)
        assert (one[name], other[name]) == (True, False)


def test_what_must_not_be_known_is_tried_known_and_not_known(edited_rules: EditedRules) -> None:
    when = "{all: [{veteran: {known: false}}, {not: {debt_support: {is: false}}}]}"
    found = Made(edited_rules, when, "{debt_support: true}", "{debt_support: false}").answers
    assert found["veteran known false/fires"] == {"debt_support": True}
    assert found["veteran known false/does not fire"].keys() == {"debt_support", "veteran"}
    assert found["debt_support is false/fires"] == {"debt_support": True}
    assert found["debt_support is false/does not fire"] == {"debt_support": False}
    assert found["debt_support is false/does not fire, not known"] == {}


def test_a_comparison_that_another_makes_idle_is_named_with_it(edited_rules: EditedRules) -> None:
    when = "{all: [{wsas_total: {at_least: 11}}, {wsas_total: {at_least: 21}}]}"
    made = Made(edited_rules, when, "{wsas_total: 21}", "{wsas_total: 20}")
    assert made.idle == ["made: wsas_total at_least 11: because of wsas_total at_least 21"]
    assert made.answers["wsas_total at_least 11/on"] == {"wsas_total": 11}
