"""Waivers and exceptions cover the people they name and nobody else, whatever the rules compare.

Here their conditions cut finer than any rule does: people whom no rule tells apart are told apart.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.edited_rules import EditedRules
from tests.rulebook.overlays import LOCAL, write
from tests.verify.proofs.edited import Edited, a_rule, both, proved
from triage.diagram.space import asked_of, space_of
from triage.domain.conditions import Compare
from triage.rulebook import Rulebook, load_rulebook
from triage.verify.proofs.monotone import worse_is_never_less_urgent
from triage.verify.proofs.overlay import no_less_urgent_than_the_base

LATER = f"""\
retired:
  - {{rule: matrix-impairment-high, because: "Routine here.", basis: {LOCAL}}}
rules:
  referral_matrix:
    - id: impairment-high-here
      title: High impairment goes to the community mental health team
      basis: {LOCAL}
      when: {{impairment_level: {{is: high}}}}
      because: "Impairment is high."
      then:
        - route: {{to: cmht, urgency: routine}}
      examples:
        - {{title: high, given: {{impairment_level: high}}, fires: true}}
        - {{title: medium, given: {{impairment_level: medium}}, fires: false}}
"""
"""High impairment waits four weeks here, and three days in the base."""

WAIVER = f"""\
waivers:
  - id: later
    title: High impairment is routine here, of those it names
    when: %s
    urgency: {{from: soon, to: routine}}
    basis: {LOCAL}
"""

BUT_CHILDREN = "{any: [{age: {below: 3}}, {age: {at_least: 18}}, {age: {known: false}}]}"
BUT_THE_BEREAVED = (
    "{any: [{recent_trigger: {in: [none, relationship_split, job_loss, assault_or_trauma, other]}},"
    " {recent_trigger: {known: false}}]}"
)


def waived(rules: EditedRules, when: str) -> Rulebook:
    return load_rulebook(write(rules, "here", LATER, WAIVER % when))


def test_a_waiver_by_age_covers_no_age_that_it_does_not_name(edited_rules: EditedRules) -> None:
    proof = proved(no_less_urgent_than_the_base, waived(edited_rules, BUT_CHILDREN))
    here, there = proof.findings[0].witnesses
    assert 3 <= here.given["patient.age"] < 18
    assert (there.urgency, here.urgency) == ("soon", "routine")


def test_a_waiver_by_what_happened_covers_nothing_that_it_does_not_name(
    edited_rules: EditedRules,
) -> None:
    proof = proved(no_less_urgent_than_the_base, waived(edited_rules, BUT_THE_BEREAVED))
    here, there = proof.findings[0].witnesses
    assert here.given["answers.recent_trigger"] == "bereavement"
    assert (there.urgency, here.urgency) == ("soon", "routine")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("{age: {is: 0}}", "{age: {is: 9}}"),
        ("{recent_trigger: {is: relationship_split}}", "{recent_trigger: {is: other}}"),
        ("{audit_total: {is: 0}}", "{audit_total: {is: 4}}"),
    ],
)
def test_of_people_whom_no_rule_tells_apart_a_waiver_covers_as_many_as_it_names(
    edited_rules: EditedRules, one: str, other: str
) -> None:
    def left(*waivers: str) -> int:
        local = load_rulebook(write(edited_rules, "here", LATER, *waivers))
        return proved(no_less_urgent_than_the_base, local).against

    first, second, both_of_them = (
        left() - left(WAIVER % when) for when in (one, other, f"{{any: [{one}, {other}]}}")
    )
    assert (first, both_of_them) == (second, first + second)
    assert first > 0


# --- exceptions ---


def excepted(edited: Edited, when: dict[str, Any]) -> Rulebook:
    """A mild plan is more urgent than others, save where the exception says it may be."""
    mild = both({"plan": {"is": "none"}}, {"risk_level": {"is": "low"}})
    edited.add(a_rule("mild", mild, {"urgency": "soon"}))
    edited.content["rulebook.yaml"]["promises"]["exceptions"] = [
        {
            "id": "some",
            "title": "Only some",
            "answer": "plan",
            "when": when,
            "basis": {"source": "local", "where": "Agreed here", "sign_off": True},
        }
    ]
    return edited.rulebook()


@pytest.mark.parametrize(
    ("when", "path", "spared"),
    [
        ({"age": {"at_least": 3, "below": 10}}, "patient.age", range(3, 10)),
        ({"recent_trigger": {"is": "job_loss"}}, "answers.recent_trigger", ["job_loss"]),
        ({"audit_total": {"is": 3}}, "answers.audit_total", [3]),
    ],
)
def test_an_exception_covers_nobody_whom_it_does_not_name(
    rulebook: Rulebook, when: dict[str, Any], path: str, spared: list[object]
) -> None:
    others = {"any": [{"not": when}, {next(iter(when)): {"known": False}}]}
    proof = proved(worse_is_never_less_urgent, excepted(Edited(rulebook), others))
    (found,) = proof.findings
    assert all(witness.given[path] in spared for witness in found.witnesses)


def test_a_condition_about_ratings_that_differ_cuts_the_ratings_it_speaks_of() -> None:
    found = asked_of([], [Compare("ratings_that_differ", "includes", "chronicity")])
    assert {one.wanted for one in found["rated_chronicity"]} == {"low", "medium", "high"}


def test_the_diagram_that_decides_is_not_cut_by_whom_a_waiver_names(
    edited_rules: EditedRules,
) -> None:
    local = waived(edited_rules, BUT_CHILDREN)
    whole, deciding = space_of(local), space_of(local, local.rules)
    age = whole.depths["patient.birth_date"]
    assert whole.sizes[age] > deciding.sizes[age]
