"""Unknown risk is seen today: each promise about it is broken, and that is found."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import Result

from tests.verify.proofs.edited import Edited, proved
from tests.verify.proofs.shown import check_shown
from triage.rulebook import Rulebook
from triage.verify.proofs.ground import Ground
from triage.verify.proofs.unknown_risk import unknown_risk_is_seen
from triage.verify.report import Proof

REVIEW = "review-risk-unknown"


def unseen(edited: Edited) -> Edited:
    """Nobody reviews unknown risk."""
    edited.drop(REVIEW)
    return edited


def at_urgency(edited: Edited, urgency: str) -> Edited:
    edited.rule(REVIEW)["then"] = [{"route": {"to": "clinical_review", "urgency": urgency}}]
    return edited


def problems(proof: Proof) -> list[str]:
    return [finding.problem.partition(";")[0] for finding in proof.findings]


def test_unknown_risk_is_seen_today_by_the_shipped_rules(rulebook: Rulebook) -> None:
    proof = proved(unknown_risk_is_seen, rulebook)
    ground = Ground(rulebook)
    assert (proof.holds, proof.against) == (True, 0)
    assert 0 < proof.cells < ground.cells
    assert proof.cells == ground.count(ground.model.levels("risk")["unknown"])


def test_unknown_risk_that_nobody_reviews_is_found_on_every_route_it_takes(edited: Edited) -> None:
    rulebook = unseen(edited).rulebook()
    proof = proved(unknown_risk_is_seen, rulebook)
    assert problems(proof) == [
        "unknown risk is less urgent than same_day",
        "unknown risk goes to iapt_step_2",
        "unknown risk goes to iapt_step_3",
        "unknown risk goes to counselling",
    ]
    for found, route in zip(
        proof.findings, ("iapt_step_2", "iapt_step_2", "iapt_step_3", "counselling"), strict=True
    ):
        assert (found.check, found.file) == ("unknown_risk", "rulebook.yaml")
        assert (found.witnesses[0].route, found.witnesses[0].urgency) == (route, "routine")
        check_shown(found, rulebook)


def test_unknown_risk_that_may_wait_until_tomorrow_is_found(edited: Edited) -> None:
    rulebook = at_urgency(edited, "soon").rulebook()
    proof = proved(unknown_risk_is_seen, rulebook)
    assert problems(proof) == ["unknown risk is less urgent than same_day"]
    (witness,) = proof.findings[0].witnesses
    assert (witness.route, witness.urgency) == ("clinical_review", "soon")
    check_shown(proof.findings[0], rulebook)


@pytest.mark.parametrize("urgency", ["urgent", "very_urgent", "emergency"])
def test_unknown_risk_may_be_more_urgent_than_is_promised(edited: Edited, urgency: str) -> None:
    assert proved(unknown_risk_is_seen, at_urgency(edited, urgency).rulebook()).holds


def test_each_referral_against_it_counts_once_however_many_promises_it_breaks(
    edited: Edited,
) -> None:
    rulebook = unseen(edited).rulebook()
    ground = Ground(rulebook)
    unknown = ground.model.levels("risk")["unknown"]
    late = ground.forest.map(lambda rank: rank > 2, ground.rank)
    proof = proved(unknown_risk_is_seen, rulebook)
    assert proof.against == ground.count(ground.forest.both(unknown, late))


def test_a_rulebook_that_promises_nothing_of_unknown_risk_is_found(edited: Edited) -> None:
    del edited.content["rulebook.yaml"]["promises"]
    proof = proved(unknown_risk_is_seen, edited.rulebook())
    (found,) = proof.findings
    assert (found.check, found.file) == ("unknown_risk", "rulebook.yaml")
    assert "add promises" in found.problem


def test_the_command_fails_and_shows_whom_nobody_would_see(
    edited: Edited, command: Callable[[Edited], Result]
) -> None:
    done = command(unseen(edited))
    assert done.exit_code == 1
    assert "FAILS  Unknown risk is never less urgent than the same day" in done.output
    assert "shown by: nothing was asked" in done.output
    assert "decided:  Talking therapies, step 2, routine (4 weeks)" in done.output


def test_the_command_fails_where_nothing_is_promised(
    edited: Edited, command: Callable[[Edited], Result]
) -> None:
    del edited.content["rulebook.yaml"]["promises"]
    done = command(edited)
    assert done.exit_code == 1
    assert "does not promise what becomes of unknown risk" in done.output
