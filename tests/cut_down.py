"""A rulebook so small that everything a referral may hold can be tried: a witness to walks.

It has the words of the shipped one and a dozen rules, which read seven answers: a level, a flag, a
rating, what is fixed, a questionnaire with its item 9, a route that takes the place of others and
two that give way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any, cast

from tests.builders import RECEIVED
from tests.edited_rules import EditedRules
from triage.domain.pseudonymised import Person, Pseudonymised
from triage.domain.vocabulary import Value
from triage.rulebook import Rulebook, load_rulebook


def rule(name: str, when: str, then: str, fires: str, *, also: str = "") -> str:
    """A rule in the form of the rule files; its examples are facts on which it fires, and none."""
    return f"""
  - id: {name}
    title: Cut down for a test
    basis: {{source: ng225, where: "nowhere"}}
    when: {when}
    because: "It was found so."
    then:
      - {then}
    examples:
      - {{title: fires, given: {fires}, fires: true}}
      - {{title: fires not, given: {{}}, fires: false}}{also}
"""


SAFETY = [
    rule(
        "emergency",
        "{emergency_now: {is: true}}",
        "route: {to: emergency, urgency: emergency}",
        "{emergency_now: true}",
    ),
    rule("active-plan", "{plan: {is: active}}", "flag: {current_danger: true}", "{plan: active}"),
    rule(
        "history-and-plan",
        "{all: [{serious_harm_history: {is: true}}, {not: {plan: {is: none}}}]}",
        "flag: {current_danger: true}",
        "{serious_harm_history: true, plan: passive}",
    ),
    rule("rated-high", "{rated_risk: {is: high}}", "level: {risk: high}", "{rated_risk: high}"),
    rule(
        "crisis",
        "{any: [{current_danger: {is: true}}, {risk_level: {is: high}}]}",
        "route: {to: crisis, urgency: very_urgent}",
        "{current_danger: true}",
    ),
    rule(
        "history-alone",
        "{serious_harm_history: {is: true}}",
        "route: {to: cmht, urgency: urgent}",
        "{serious_harm_history: true}",
    ),
    rule(
        "risk-medium",
        "{any: [{thoughts_of_harm: {in: [regular, frequent]}}, {plan: {is: passive}},"
        " {all: [{rated_risk: {is: medium}}, {thoughts_of_harm: {known: true}}]}]}",
        "level: {risk: medium}",
        "{thoughts_of_harm: regular}",
    ),
    rule(
        "risk-low",
        "{all: [{thoughts_of_harm: {in: [none, fleeting]}}, {plan: {is: none}},"
        " {serious_harm_history: {is: false}}]}",
        "level: {risk: low}",
        "{thoughts_of_harm: none, plan: none, serious_harm_history: false}",
    ),
    rule(
        "risk-unknown",
        "{risk_level: {is: unknown}}",
        "route: {to: clinical_review, urgency: same_day}",
        "{risk_level: unknown}",
    ),
    rule("medium-today", "{risk_level: {is: medium}}", "urgency: same_day", "{risk_level: medium}"),
]

MATRIX = [
    rule(
        "young",
        "{age: {below: {value: minimum_age}}}",
        "route: {to: young_people, urgency: routine}",
        "{age: 17}",
    ),
    rule(
        "severe",
        "{any: [{all: [{phq9_total: {at_least: 20}}, {phq9_item9: {at_least: 1}}]},"
        " {thoughts_of_harm: {is: frequent}}]}",
        "route: {to: cmht, urgency: soon}",
        "{phq9_total: 20, phq9_item9: 1}",
    ),
    rule(
        "below-caseness",
        "{all: [{phq9_total: {below: {value: phq9_caseness}}}, {phq9_item9: {is: 0}},"
        " {thoughts_of_harm: {is: none}}]}",
        "route: {to: counselling, urgency: routine}",
        "{phq9_total: 9, phq9_item9: 0, thoughts_of_harm: none}",
    ),
]

STEPPED_CARE = [
    rule(
        "step-3",
        "{phq9_total: {at_least: {value: phq9_more_severe}}}",
        "route: {to: iapt_step_3, urgency: routine}",
        "{phq9_total: 16}",
    ),
]

FILES = {"safety.yaml": SAFETY, "referral_matrix.yaml": MATRIX, "stepped_care.yaml": STEPPED_CARE}


def cut_down(rules: EditedRules) -> Rulebook:
    """The shipped rulebook with these rules in the place of its own."""
    for name, found in FILES.items():
        path = rules.directory / name
        head, _, tail = path.read_text(encoding="utf-8").partition("\nrules:\n")
        _, otherwise, rest = tail.partition("\notherwise:\n")
        path.write_text(f"{head}\n\nrules:\n{''.join(found)}{otherwise}{rest}", encoding="utf-8")
    every = "[safety, levels, referral_matrix, eligibility, active_monitoring, stepped_care,"
    every += " pathways, data_quality]"
    rules.replace("rulebook.yaml", every, "[safety, referral_matrix, stepped_care]")
    return load_rulebook(rules.directory)


Facts = Mapping[str, Value]

ALONE: Mapping[str, tuple[Value | None, ...]] = {
    "emergency_now": (None, False, True),
    "thoughts_of_harm": (None, "none", "fleeting", "regular", "frequent"),
    "plan": (None, "none", "passive", "active"),
    "serious_harm_history": (None, False, True),
    "rated_risk": (None, "medium", "high"),
    "age": (None, 17, 18),
}
"""What each fact that stands alone may be; None is not known."""

NAMES = (*ALONE, "phq9_total", "phq9_item9")

CHANGEABLE = ("emergency_now", "thoughts_of_harm", "plan", "phq9_total", "phq9_item9")
"""The facts that are neither fixed nor a rating."""

TOTALS, ITEM9S = (None, 9, 10, 15, 16, 19, 20, 25), (None, 0, 2)
"""PHQ-9 totals on both sides of every threshold, and item 9."""


def every_cell() -> Iterator[dict[str, Value]]:
    """All that a referral may hold, to these rules: 37,260 combinations of facts."""
    for values in product(*ALONE.values(), TOTALS, ITEM9S):
        if values[-2:] != IMPOSSIBLE:
            cell = zip(NAMES, values, strict=True)
            yield {name: value for name, value in cell if value is not None}


IMPOSSIBLE = (25, 0)
"""A total that cannot stand beside that item 9."""


def referral_of(facts: Facts, **more: Any) -> Pseudonymised:
    """A referral that amounts to these facts."""
    answers = {name: facts[name] for name in facts if name not in ("rated_risk", "age")}
    rated, age = facts.get("rated_risk"), cast("int | None", facts.get("age"))
    person = Person(age, ages_differ=False, nhs_number_fails=None, place="doncaster")
    known: dict[str, Any] = {
        "received_at": RECEIVED,
        "answers": answers,
        "declined": frozenset(),
        "levels": {"risk": str(rated)} if rated else {},
        "person": person,
        "self_referred": None,
    }
    return Pseudonymised(**{**known, **more})
