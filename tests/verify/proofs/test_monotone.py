"""A worse answer is never less urgent: each answer about risk is made to break that, in turn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from click.testing import Result

from tests.verify.proofs.edited import Edited, a_rule, both, named, proved, to
from tests.verify.proofs.shown import apart, check_shown
from triage.rulebook import Rulebook, load_rulebook
from triage.verify.proofs.monotone import worse_is_never_less_urgent
from triage.verify.report import Finding, Proof

MILDEST: dict[str, Any] = {
    "emergency_now": False,
    "thoughts_of_harm": "none",
    "intent": "none",
    "plan": "none",
    "harm_injury": "none",
    "serious_harm_history": False,
    "protective_factors": "some",
    "safeguarding_concern": False,
    "phq9_item9": 0,
}
SOONER = {"urgency": "very_urgent"}


def where(answer: str) -> str:
    return f"answers.{answer}"


def monotone(edited: Edited) -> Proof:
    return proved(worse_is_never_less_urgent, edited.rulebook())


def about(proof: Proof, answer: str) -> Finding:
    return next(finding for finding in proof.findings if finding.rule == answer)


def sooner_where_mildest(edited: Edited, answer: str) -> Edited:
    """The mildest answer, and none, are more urgent than what comes after it."""
    mildest = {"any": [{answer: {"known": False}}, {answer: {"is": MILDEST[answer]}}]}
    edited.add(a_rule("sooner", mildest, SOONER))
    if answer == "emergency_now":
        edited.rule("emergency")["then"] = [to("emergency", "urgent")]
    return edited


def test_no_answer_about_risk_is_left_out() -> None:
    answers = load_rulebook().vocabulary.answers.values()
    assert {one.name for one in answers if one.worse is not None} == MILDEST.keys()


def test_a_worse_answer_is_never_less_urgent_by_the_shipped_rules(rulebook: Rulebook) -> None:
    proof = proved(worse_is_never_less_urgent, rulebook)
    assert (proof.holds, proof.against) == (True, 0)
    assert "History of serious harm" in proof.said[0]


@pytest.mark.parametrize("answer", MILDEST)
def test_a_worse_answer_that_is_less_urgent_is_found(edited: Edited, answer: str) -> None:
    rulebook = sooner_where_mildest(edited, answer).rulebook()
    proof = proved(worse_is_never_less_urgent, rulebook)
    found = about(proof, answer)
    assert (found.check, found.file) == ("monotone", "vocabulary.yaml")
    milder, worse = found.witnesses
    assert apart(found) == {where(answer)}
    assert milder.given[where(answer)] == MILDEST[answer]
    assert worse.given[where(answer)] != MILDEST[answer]
    assert (milder.urgency, worse.urgency) != ("very_urgent", "very_urgent")
    check_shown(found, rulebook)


@pytest.mark.parametrize("answer", MILDEST)
def test_an_answer_not_given_that_is_less_urgent_than_the_mildest_is_found(
    edited: Edited, answer: str
) -> None:
    edited.add(a_rule("asked", {answer: {"known": True}}, SOONER))
    rulebook = edited.rulebook()
    found = about(proved(worse_is_never_less_urgent, rulebook), answer)
    milder, worse = found.witnesses
    assert apart(found) == {where(answer)}
    assert milder.given[where(answer)] == MILDEST[answer]
    assert where(answer) not in worse.given
    assert milder.urgency == "very_urgent"
    check_shown(found, rulebook)


def test_an_answer_not_given_may_be_less_urgent_than_a_worse_one(edited: Edited) -> None:
    edited.add(a_rule("worst", {"plan": {"is": "active"}}, {"urgency": "emergency"}))
    assert monotone(edited).holds


def test_item_9_that_moves_the_total_with_it_is_shown_by_items_that_differ_in_the_ninth_alone(
    edited: Edited,
) -> None:
    """A stated total stays where it is, so only items can show that a total of 13 may wait."""
    edited.add(a_rule("twelve", {"phq9_total": {"is": 12}}, SOONER))
    rulebook = edited.rulebook()
    (found,) = proved(worse_is_never_less_urgent, rulebook).findings
    milder, worse = (witness.given["answers.phq9_items"] for witness in found.witnesses)
    assert found.rule == "phq9_item9"
    assert apart(found) == {"answers.phq9_items"}
    assert milder[:8] == worse[:8]
    assert milder[8] is not None
    assert worse[8] is None or worse[8] > milder[8]
    check_shown(found, rulebook)


def test_a_stated_total_that_counts_once_item_9_is_withheld_is_looked_at_too(
    edited: Edited,
) -> None:
    """Without the ninth there are too few items, so that a lower total that was stated counts."""
    low = {"phq9_total": {"at_most": 19}}
    edited.add(
        a_rule("high-or-unknown", {"not": low}, SOONER),
        a_rule("unknown", {"phq9_total": {"known": False}}, SOONER),
        a_rule("nine", {"phq9_item9": {"at_least": 1}}, SOONER),
    )
    rulebook = edited.rulebook()
    found = about(proved(worse_is_never_less_urgent, rulebook), "phq9_item9")
    milder, worse = found.witnesses
    assert apart(found) <= {"answers.phq9_items", "answers.phq9_item9"}
    assert milder.given["answers.phq9_total"] == worse.given["answers.phq9_total"] < 20
    check_shown(found, rulebook)


def test_rules_that_read_how_scores_hang_together_are_looked_at_with_every_stated_score(
    edited: Edited,
) -> None:
    edited.add(a_rule("differ", {"totals_differ": {"is": True}}, SOONER))
    rulebook = edited.rulebook()
    found = about(proved(worse_is_never_less_urgent, rulebook), "phq9_item9")
    assert len(apart(found)) == 1
    check_shown(found, rulebook)


def test_every_referral_against_it_counts_once_whichever_of_its_answers_is_worse(
    rulebook: Rulebook,
) -> None:
    def against(*answers: str) -> int:
        edited = Edited(rulebook)
        for one in edited.words("answers"):
            if one["name"] not in answers:
                one.pop("worse", None)
        for answer, whose in (("intent", "veteran"), ("plan", "debt_support")):
            mild = both({answer: {"is": "none"}}, {whose: {"is": True}})
            edited.add(a_rule(f"mild-{answer}", mild, SOONER))
        return monotone(edited).against

    intent, plan = against("intent"), against("plan")
    assert max(intent, plan) < against("intent", "plan") < intent + plan


def test_a_vocabulary_in_which_nothing_gets_worse_is_found(edited: Edited) -> None:
    for one in edited.words("answers"):
        one.pop("worse", None)
    (found,) = monotone(edited).findings
    assert (found.file, found.rule) == ("vocabulary.yaml", None)
    assert "no answer says in which direction it gets worse" in found.problem


# --- exceptions ---


def exempt(edited: Edited, *exceptions: dict[str, Any]) -> Edited:
    edited.content["rulebook.yaml"]["promises"]["exceptions"] = list(exceptions)
    return edited


def exception(answer: str, **also: Any) -> dict[str, Any]:
    return {
        "id": f"{answer}-may-wait",
        "title": "Agreed with the clinical lead",
        "answer": answer,
        "basis": {"source": "local", "where": "Agreed here", "sign_off": True},
        **also,
    }


def test_an_exception_that_names_where_it_fails_makes_it_hold_and_is_told(edited: Edited) -> None:
    monitored = {"active_monitoring": {"is": "under_way"}}
    mild = both(monitored, {"safeguarding_concern": {"is": False}})
    edited.add(a_rule("sooner", mild, SOONER))
    before = monotone(edited)
    assert not before.holds
    after = monotone(exempt(edited, exception("safeguarding_concern", when=monitored)))
    assert (after.holds, after.against) == (True, 0)
    (told,) = (said for said in after.said if "safeguarding_concern-may-wait" in said)
    assert "Agreed with the clinical lead" in told
    assert "(0 referrals)" not in told


def test_an_exception_that_names_too_little_leaves_the_rest_found(edited: Edited) -> None:
    sooner_where_mildest(edited, "safeguarding_concern")
    whole = monotone(edited).against
    monitored = {"active_monitoring": {"is": "under_way"}}
    exempt(edited, exception("safeguarding_concern", when=monitored))
    rulebook = edited.rulebook()
    proof = proved(worse_is_never_less_urgent, rulebook)
    assert named(proof) == ["safeguarding_concern"]
    assert 0 < proof.against < whole
    assert proof.findings[0].witnesses[0].given.get("answers.active_monitoring") != "under_way"
    check_shown(proof.findings[0], rulebook)


def test_an_exception_for_one_answer_says_nothing_of_another(edited: Edited) -> None:
    sooner_where_mildest(edited, "plan")
    proof = monotone(exempt(edited, exception("safeguarding_concern")))
    assert {"plan", "safeguarding_concern-may-wait"} <= set(named(proof))


def test_an_exception_that_is_needed_for_nothing_is_found(edited: Edited) -> None:
    proof = monotone(exempt(edited, exception("plan")))
    (found,) = proof.findings
    assert (found.file, found.rule) == ("rulebook.yaml", "plan-may-wait")
    assert "needed for nothing" in found.problem
    assert proof.against == 0


def test_the_command_fails_and_shows_two_referrals_that_differ_in_one_answer(
    edited: Edited, command: Callable[[Edited], Result]
) -> None:
    done = command(sooner_where_mildest(edited, "safeguarding_concern"))
    assert done.exit_code == 1
    assert "FAILS  A worse answer about risk is never less urgent" in done.output
    assert "Safeguarding concern: no" in done.output
    assert "Safeguarding concern: yes" in done.output
    assert "very urgent (4 hours)" in done.output
