"""No rule is dead, and none is hidden: by itself, by one other, or by several together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from click.testing import Result

from tests.verify.proofs.edited import Edited, a_rule, both, named, proved, to
from tests.verify.proofs.shown import check_shown
from triage.rulebook import Rulebook
from triage.verify.proofs.alive import every_rule_lives

SERVED = {"veteran": {"is": True}}
WANTS_WORK = {"employment_support": {"is": True}}
LOW = {"risk_level": {"is": "low"}}


def problem(edited: Edited, name: str) -> str:
    """What is found of one rule, which is all that is found."""
    proof = proved(every_rule_lives, edited.rulebook())
    assert named(proof) == [name]
    assert proof.against == 1
    return proof.findings[0].problem


def hidden_by(edited: Edited, name: str) -> list[str]:
    """Which rules hide one that is all that is found, and is shown by a true witness."""
    rulebook = edited.rulebook()
    proof = proved(every_rule_lives, rulebook)
    assert named(proof) == [name]
    check_shown(proof.findings[0], rulebook)
    _, _, told = proof.findings[0].problem.partition("conclude as much: ")
    return told.partition(";")[0].split(", ")


def test_every_shipped_rule_lives_or_waits(rulebook: Rulebook) -> None:
    proof = proved(every_rule_lives, rulebook)
    assert (proof.holds, proof.against) == (True, 0)
    assert proof.said[0] == f"{len(rulebook.rules)} rules"


# --- dead ---


def test_conditions_that_never_hold_at_once_are_found_and_named(edited: Edited) -> None:
    when = both(SERVED, {"risk_level": {"is": "low"}}, {"plan": {"is": "active"}})
    edited.add(a_rule("never", when, to("cmht")))
    assert problem(edited, "never") == (
        "fires on no referral: risk_level and plan never hold at once; put one right"
    )


def test_scores_that_cannot_stand_together_are_found(edited: Edited) -> None:
    edited.rule("item9-positive")["when"] = both(
        {"phq9_total": {"at_least": 25}}, {"phq9_item9": {"is": 0}}
    )
    assert "phq9_total and phq9_item9 never hold at once" in problem(edited, "item9-positive")


def test_what_no_rule_ever_concludes_is_found(edited: Edited) -> None:
    edited.add(a_rule("never", {"current_danger": {"is": False}}, to("cmht")))
    assert problem(edited, "never") == (
        "fires on no referral: none has current_danger as it asks; take it out, or put it right"
    )


def test_a_dead_rule_is_found_where_it_stands(
    edited: Edited, command: Callable[[Edited], Result]
) -> None:
    edited.add(a_rule("never", both(SERVED, {"veteran": {"is": False}}), to("cmht")))
    done = command(edited)
    assert done.exit_code == 1
    assert "FAILS  No rule is dead" in done.output
    assert "eligibility.yaml:" in done.output
    assert "never: fires on no referral: veteran and veteran never hold at once" in done.output


# --- hidden by one other ---


def test_a_rule_that_another_says_more_widely_is_hidden(edited: Edited) -> None:
    edited.add(
        a_rule("wide", SERVED, to("cmht", "soon")),
        a_rule("narrow", both(SERVED, WANTS_WORK), to("cmht")),
    )
    assert hidden_by(edited, "narrow") == ["wide"]


def test_a_rule_that_is_more_urgent_than_the_wider_one_is_not_hidden(edited: Edited) -> None:
    edited.add(
        a_rule("wide", SERVED, to("cmht")),
        a_rule("narrow", both(SERVED, WANTS_WORK), to("cmht", "soon")),
    )
    assert proved(every_rule_lives, edited.rulebook()).holds


def test_two_rules_that_say_the_same_hide_each_other(edited: Edited) -> None:
    edited.add(a_rule("one", SERVED, to("cmht")), a_rule("other", SERVED, to("cmht")))
    proof = proved(every_rule_lives, edited.rulebook())
    assert named(proof) == ["one", "other"]
    assert [found.problem.count("other") for found in proof.findings] == [1, 0]


def test_a_level_beside_which_another_rule_always_gives_a_higher_one_is_hidden(
    edited: Edited,
) -> None:
    edited.add(
        a_rule("narrow", {"phq9_total": {"at_least": 21}}, {"level": {"severity": "medium"}})
    )
    assert hidden_by(edited, "narrow") == ["severity-high"]


def test_a_route_whose_place_another_always_takes_as_urgently_is_hidden(edited: Edited) -> None:
    danger = {"current_danger": {"is": True}}
    edited.add(a_rule("seen", danger, to("clinical_review", "very_urgent")))
    assert hidden_by(edited, "seen") == ["crisis"]


def test_a_route_that_makes_the_one_in_its_place_more_urgent_is_not_hidden(edited: Edited) -> None:
    danger = {"current_danger": {"is": True}}
    edited.add(a_rule("seen", danger, to("clinical_review", "emergency")))
    assert proved(every_rule_lives, edited.rulebook()).holds


def test_an_urgency_is_hidden_by_a_route_only_where_that_route_is_taken(edited: Edited) -> None:
    """Talking therapies give way, and their urgency with them; then the overlay counts."""
    overlay = a_rule("overlay", both(SERVED, WANTS_WORK), {"urgency": "soon"})
    edited.add(a_rule("therapy", SERVED, to("iapt_step_3", "soon")), overlay)
    assert proved(every_rule_lives, edited.rulebook()).holds
    edited.drop("therapy")
    edited.add(a_rule("team", SERVED, to("substance_misuse", "soon")))
    assert hidden_by(edited, "overlay") == ["team"]


def test_a_conclusion_that_is_a_rule_s_own_keeps_the_rule_alive(edited: Edited) -> None:
    edited.add(
        a_rule("wide", SERVED, to("cmht")),
        a_rule("narrow", both(SERVED, WANTS_WORK), to("cmht"), {"alert": "senior_review"}),
    )
    assert proved(every_rule_lives, edited.rulebook()).holds


# --- hidden by several together ---


def test_conclusions_that_are_hidden_each_by_another_rule_name_all_of_those(
    edited: Edited,
) -> None:
    edited.add(
        a_rule("route", SERVED, to("cmht")),
        a_rule("alert", SERVED, {"alert": "senior_review"}, {"support": "debt"}),
        a_rule("narrow", both(SERVED, WANTS_WORK), to("cmht"), {"alert": "senior_review"}),
    )
    assert hidden_by(edited, "narrow") == ["route", "alert"]


def test_thresholds_that_meet_hide_a_rule_that_lies_across_them(edited: Edited) -> None:
    def audit(name: str, **when: int) -> dict[str, Any]:
        return a_rule(name, {"audit_total": when}, to("cmht"))

    edited.add(audit("upper", above=19), audit("across", at_least=10, at_most=30))
    assert proved(every_rule_lives, edited.rulebook()).holds
    edited.add(audit("lower", below=20))
    assert hidden_by(edited, "across") == ["upper", "lower"]


def test_no_more_rules_are_named_than_are_needed(edited: Edited) -> None:
    edited.add(
        a_rule("half", both(SERVED, WANTS_WORK), to("cmht")),
        a_rule("whole", SERVED, to("cmht")),
        a_rule("narrow", both(SERVED, LOW), to("cmht")),
    )
    proof = proved(every_rule_lives, edited.rulebook())
    assert named(proof) == ["half", "narrow"]
    assert ": whole;" in proof.findings[1].problem


# --- waiting ---

SWITCH = "medium_risk_destination"


def test_rules_that_wait_for_another_setting_are_told_and_are_no_fault(rulebook: Rulebook) -> None:
    now = f"is idle while {SWITCH} is own_route_with_review; it waits for"
    assert proved(every_rule_lives, rulebook).said[1:] == (
        f"medium-risk-to-clinical-review {now} clinical_review",
        f"medium-risk-to-cmht {now} cmht",
    )


@pytest.mark.parametrize("setting", ["clinical_review", "cmht"])
def test_under_another_setting_others_wait(edited: Edited, setting: str) -> None:
    edited.content["rulebook.yaml"]["values"][SWITCH]["value"] = setting
    proof = proved(every_rule_lives, edited.rulebook())
    assert proof.holds
    assert not any(said.startswith(f"medium-risk-to-{setting}") for said in proof.said)
    assert all(f"is idle while {SWITCH} is {setting}" in said for said in proof.said[1:])


def test_a_rule_that_no_setting_would_wake_is_found(edited: Edited) -> None:
    when = both({SWITCH: {"is": "cmht"}}, SERVED, {"veteran": {"is": False}})
    edited.add(a_rule("never", when, to("cmht")))
    assert "fires on no referral" in problem(edited, "never")
