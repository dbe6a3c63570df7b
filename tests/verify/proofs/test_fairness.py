"""Protected facts move nobody, save by rules that say so; reading one to no effect is no leak."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from click.testing import Result

from tests.verify.proofs.edited import Edited, a_rule, both, named, proved, to
from tests.verify.proofs.shown import apart, check_shown
from triage.domain.facts import facts
from triage.domain.pseudonymised import Pseudonymised
from triage.domain.vocabulary import Value, Vocabulary
from triage.rulebook import Rulebook
from triage.verify.proofs import fairness
from triage.verify.proofs.fairness import fair_by_protected, nothing_else_is_read

READING: Mapping[str, dict[str, Any]] = {
    "age": {"age": {"at_least": 65}},
    "perinatal": {"perinatal": {"is": True}},
    "veteran": {"veteran": {"is": True}},
}
PATHS = {
    "age": {"patient.age", "patient.birth_date"},
    "perinatal": {"answers.perinatal"},
    "veteran": {"answers.veteran"},
}


def moving(fact: str, **also: Any) -> dict[str, Any]:
    """A rule that sends people elsewhere by one fact."""
    return a_rule("moves", READING[fact], to("cmht"), **also)


def test_the_shipped_rules_treat_people_apart_only_where_they_say_so(rulebook: Rulebook) -> None:
    proof = proved(fair_by_protected, rulebook)
    assert (proof.holds, proof.against) == (True, 0)
    age, perinatal, veteran = proof.said
    assert age.startswith("age: by young-people (")
    assert perinatal.startswith("perinatal: by perinatal-psychosis, active-monitoring (")
    assert veteran == "veteran: never"


@pytest.mark.parametrize("fact", READING)
def test_a_rule_that_moves_people_by_a_protected_fact_in_silence_is_found(
    edited: Edited, fact: str
) -> None:
    edited.add(moving(fact))
    rulebook = edited.rulebook()
    proof = proved(fair_by_protected, rulebook)
    (found,) = proof.findings
    assert (found.check, found.file, found.rule) == ("fairness", "eligibility.yaml", "moves")
    assert found.problem.startswith(f"makes the route depend on {fact} and does not say so")
    assert apart(found) <= PATHS[fact]
    assert len({witness.route for witness in found.witnesses}) == 2
    check_shown(found, rulebook)


@pytest.mark.parametrize("fact", READING)
def test_a_rule_that_says_so_is_no_leak_and_is_told(edited: Edited, fact: str) -> None:
    edited.add(moving(fact, distinguishes=[fact]))
    proof = proved(fair_by_protected, edited.rulebook())
    assert proof.holds
    assert any(said.startswith(f"{fact}: by ") and "moves" in said for said in proof.said)


def test_a_rule_that_says_so_of_one_fact_is_silent_about_another(edited: Edited) -> None:
    when = both(READING["age"], READING["veteran"])
    edited.add(a_rule("moves", when, to("cmht"), distinguishes=["age"]))
    proof = proved(fair_by_protected, edited.rulebook())
    assert named(proof) == ["moves"]
    assert "depend on veteran" in proof.findings[0].problem


def test_a_rule_that_only_makes_somebody_more_urgent_leaks_as_well(edited: Edited) -> None:
    edited.add(a_rule("moves", READING["veteran"], {"urgency": "soon"}))
    rulebook = edited.rulebook()
    (found,) = proved(fair_by_protected, rulebook).findings
    assert {witness.urgency for witness in found.witnesses} == {"soon", "routine"}
    check_shown(found, rulebook)


def test_a_leak_by_way_of_a_level_is_found_at_the_rule_that_reads_the_fact(edited: Edited) -> None:
    edited.add(a_rule("moves", READING["veteran"], {"level": {"complexity": "high"}}))
    rulebook = edited.rulebook()
    (found,) = proved(fair_by_protected, rulebook).findings
    assert found.rule == "moves"
    assert apart(found) == {"answers.veteran"}
    check_shown(found, rulebook)


def test_two_rules_that_leak_only_together_are_both_found(edited: Edited) -> None:
    """Of two that say the same, neither moves anybody while the other is there."""
    edited.add(
        a_rule("one", READING["veteran"], to("cmht")),
        a_rule("other", READING["veteran"], to("cmht")),
    )
    rulebook = edited.rulebook()
    proof = proved(fair_by_protected, rulebook)
    assert named(proof) == ["one", "other"]
    for found in proof.findings:
        assert apart(found) == {"answers.veteran"}
        check_shown(found, rulebook)


def test_a_rule_that_reads_a_protected_fact_to_no_effect_leaks_nothing(edited: Edited) -> None:
    either = {"any": [{"veteran": {"known": True}}, {"veteran": {"known": False}}]}
    edited.add(a_rule("everybody", both(either, {"debt_support": {"is": True}}), to("cmht")))
    proof = proved(fair_by_protected, edited.rulebook())
    assert proof.holds
    assert "veteran: never" in proof.said


def test_two_rules_that_treat_everybody_alike_together_leak_nothing(edited: Edited) -> None:
    edited.add(
        a_rule("served", {"veteran": {"is": True}}, to("cmht")),
        a_rule("not-served", {"veteran": {"is": False}}, to("cmht")),
        a_rule("not-asked", {"veteran": {"known": False}}, to("cmht")),
    )
    assert proved(fair_by_protected, edited.rulebook()).holds


def test_a_support_that_travels_with_the_route_is_no_leak(rulebook: Rulebook) -> None:
    assert any(rule.id == "veteran-priority" for rule in rulebook.rules)
    assert "veteran: never" in proved(fair_by_protected, rulebook).said


def test_what_is_worked_out_from_a_protected_fact_is_read_of_it(edited: Edited) -> None:
    edited.words("protected").append("long_term_conditions")
    edited.add(a_rule("moves", {"has_long_term_condition": {"is": True}}, to("cmht")))
    rulebook = edited.rulebook()
    (found,) = proved(fair_by_protected, rulebook).findings
    assert "distinguishes: [has_long_term_condition]" in found.problem
    assert apart(found) == {"answers.long_term_conditions"}
    check_shown(found, rulebook)


def test_a_rulebook_that_protects_nobody_is_found(edited: Edited) -> None:
    del edited.content["vocabulary.yaml"]["protected"]
    for rule in edited.rules():
        rule.pop("distinguishes", None)
    (found,) = proved(fair_by_protected, edited.rulebook()).findings
    assert (found.check, found.file) == ("fairness", "vocabulary.yaml")
    assert found.problem.startswith("no fact is protected")


def test_the_command_fails_and_shows_two_people_who_differ_in_one_fact(
    edited: Edited, command: Callable[[Edited], Result]
) -> None:
    edited.add(moving("veteran"))
    done = command(edited)
    assert done.exit_code == 1
    assert "FAILS  The route depends on age, perinatal, veteran only where a rule says so" in (
        done.output
    )
    assert "Veteran of the armed forces: yes" in done.output
    assert "decided:  Community mental health team" in done.output


# --- what rules cannot read ---


def test_no_shipped_rule_can_read_ethnic_category_gender_or_postcode(rulebook: Rulebook) -> None:
    proof = proved(nothing_else_is_read, rulebook)
    words = rulebook.vocabulary
    districts = sum(len(one.postcode_districts) for one in rulebook.directory.places.values())
    assert proof.holds
    assert proof.cells == len(words.ethnic_categories) + len(words.genders) + districts


def test_a_fact_that_is_worked_out_from_a_place_is_found(
    rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    def with_the_place(known: Pseudonymised, words: Vocabulary) -> Mapping[str, Value]:
        return {**facts(known, words), "place": known.person.place or "nowhere"}

    monkeypatch.setattr(fairness, "facts", with_the_place)
    proof = proved(nothing_else_is_read, rulebook)
    (found,) = proof.findings
    assert found.problem.startswith("a fact is worked out from postcode")
    assert proof.against > 0
