"""The demonstration in docs/how-the-proofs-work.md: three harmless rules that hide others.

One catches "yes", one "no", and one "not asked" of the same question. No two of them hide anything;
together they leave nobody to the rules for talking therapies.
"""

from __future__ import annotations

import textwrap
from itertools import combinations
from pathlib import Path

import pytest

from tests.edited_rules import EditedRules
from tests.verify.proofs.edited import named, proved
from tests.verify.proofs.shown import check_shown
from triage.rulebook import load_rulebook
from triage.verify.proofs.alive import every_rule_lives
from triage.verify.report import Proof

PAGE = Path(__file__).parents[3] / "docs" / "how-the-proofs-work.md"

RULE = """
  - id: {name}
    title: Advice about work comes before therapy
    basis: {{source: local, where: "Agreed here", sign_off: true}}
    when: {{employment_support: {when}}}
    because: "Help with work was asked about."
    then:
      - route: {{to: {route}, urgency: routine}}
    examples:
      - {{title: it is so, given: {{employment_support: true}}, fires: {on_true}}}
      - {{title: it is not so, given: {{employment_support: false}}, fires: {on_false}}}
      - {{title: nobody asked, given: {{}}, fires: {on_null}}}
"""

ANSWERS = ("true", "false", "null")

ADVICE = {
    "careers-advice-wanted": ("{is: true}", "counselling", "true"),
    "careers-advice-not-wanted": ("{is: false}", "active_monitoring", "false"),
    "careers-advice-not-asked": ("{known: false}", "counselling", "null"),
}
"""Of each rule: what it asks of the answer, where it sends people, and the answer it fires on."""

RULES = {
    name: RULE.format(
        name=name, when=when, route=route, **{f"on_{n}": f"{n == fires}".lower() for n in ANSWERS}
    )
    for name, (when, route, fires) in ADVICE.items()
}

HIDDEN = {
    "step-3-problem",
    "step-3-severity",
    "step-3-more-severe-depression",
    "step-3-low-intensity-unhelpful",
    "step-3-chronic-depression",
    "step-3-gad-marked-impairment",
    "step-3-ocd-bdd",
}
DEAD = {
    "treatments-step-2",
    "treatments-step-2-depression",
    "treatments-step-3-depression",
    "treatments-step-3-anxiety",
    "treatments-step-3-ptsd",
    "step-2",
}


def proved_with(edited_rules: EditedRules, *names: str) -> Proof:
    """The proof that every rule lives, of the shipped rules and some of the three."""
    edited_rules.append("pathways.yaml", "".join(RULES[name] for name in names))
    return proved(every_rule_lives, load_rulebook(edited_rules.directory))


@pytest.mark.parametrize("two", list(combinations(RULES, 2)), ids=" and ".join)
def test_no_two_of_them_hide_anything(edited_rules: EditedRules, two: tuple[str, str]) -> None:
    assert proved_with(edited_rules, *two).holds


def test_the_three_together_hide_every_rule_for_talking_therapies(
    edited_rules: EditedRules,
) -> None:
    proof = proved_with(edited_rules, *RULES)
    assert set(named(proof)) == HIDDEN | DEAD
    assert proof.against == 13
    problems = {found.rule: found.problem for found in proof.findings}
    together = f"for these together conclude as much: {', '.join(RULES)};"
    assert {name for name, problem in problems.items() if together in problem} == HIDDEN
    assert {name for name in problems if "fires on no referral" in problems[name]} == DEAD


def test_each_is_shown_by_a_referral_on_which_it_fires_and_changes_nothing(
    edited_rules: EditedRules,
) -> None:
    proof = proved_with(edited_rules, *RULES)
    rulebook = load_rulebook(edited_rules.directory)
    for found in proof.findings:
        if found.rule in HIDDEN:
            check_shown(found, rulebook)


def test_the_page_that_shows_it_quotes_what_is_found(edited_rules: EditedRules) -> None:
    proof = proved_with(edited_rules, *RULES)
    (quoted,) = (one for one in proof.findings if one.rule == "step-3-more-severe-depression")
    page = " ".join(textwrap.dedent(PAGE.read_text(encoding="utf-8")).split())
    assert str(quoted) in page
    assert dict(quoted.witnesses[0].given) == {"answers.phq9_total": 16}
    assert "shown by: PHQ-9 total: 16" in page
