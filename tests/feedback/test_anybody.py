"""What holds of the feedback on any referral whatever."""

from __future__ import annotations

from random import Random

import pytest

from tests.campaigns import share
from tests.feedback.standing_referrals import NHS_NUMBER, REFERENCE, SURGERY, recorded
from tests.random_things import Drawer
from triage.decide import Decider
from triage.domain.rules import NO_INDICATORS
from triage.feedback import Feedback, feedback_of
from triage.feedback.wording import fit

REFERRALS = 3000


@pytest.fixture(scope="module")
def feedbacks(decider: Decider) -> list[Feedback]:
    """What is told of many referrals of every sort."""
    drawer = Drawer(decider.rulebook)
    drawn = (drawer.referral(Random(seed)) for seed in range(share(REFERRALS)))
    return [feedback_of(recorded(decider, one), decider.rulebook) for one in drawn]


def test_nobody_is_called_low_risk_and_no_score_of_risk_is_given(feedbacks: list[Feedback]) -> None:
    for feedback in feedbacks:
        text = feedback.as_text().lower()
        assert "low risk" not in text
        assert "risk is low" not in text
        assert "risk level" not in text


def test_nobody_is_named(feedbacks: list[Feedback]) -> None:
    for feedback in feedbacks:
        told = str(feedback) + feedback.as_text() + feedback.as_markdown()
        for name in (NHS_NUMBER, SURGERY, REFERENCE, "1990", "DN1 1AA", "own words"):
            assert name not in told


def test_every_reason_is_a_sentence_that_a_rule_said_and_stands_once(
    feedbacks: list[Feedback], decider: Decider
) -> None:
    drawer = Drawer(decider.rulebook)
    for seed, feedback in enumerate(feedbacks[: share(500)]):
        reasons = recorded(decider, drawer.referral(Random(seed))).decision["reasoning"]
        said = " ".join(fit(one["because"]) for one in reasons)
        assert feedback.why
        assert len(set(feedback.why)) == len(feedback.why)
        told = set(feedback.why) - {f"{NO_INDICATORS.capitalize()}."}
        assert all(one in said and one.endswith(".") for one in told)


def test_every_summary_fits_a_card_and_says_where_to_ring(feedbacks: list[Feedback]) -> None:
    for feedback in feedbacks:
        assert len(feedback.summary) < 140
        assert feedback.title in feedback.summary
        assert feedback.where.phone in feedback.summary
        assert ("ring" in feedback.summary) == feedback.danger
        assert ("book nothing" in feedback.summary) == bool(feedback.held)


def test_text_and_markdown_tell_every_part(feedbacks: list[Feedback]) -> None:
    for feedback in feedbacks:
        text = feedback.as_text()
        for said in (feedback.heading, feedback.how_fast, feedback.if_worse, feedback.held):
            assert said in text
        assert all(f"- {one.says}\n" in text for one in feedback.next)
        assert all(f"- {one.says}\n" in text for one in feedback.also)
        assert all(f"- {one.says}\n" in text for one in feedback.alerts)
        assert all(f"- {one.says}\n" in text for one in feedback.appropriate)
        assert all(f"- {one}\n" in text for one in feedback.why)
        assert feedback.as_markdown().count("\n- ") == text.count("\n- ")
