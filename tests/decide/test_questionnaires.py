"""PHQ-9 and GAD-7 from items or totals, and what item 9 does to a decision."""

from __future__ import annotations

import pytest

from tests.builders import a_referral, alert_ids, referral_builder
from tests.facts import facts_of
from triage.decide import Decider
from triage.domain.decision import Decision
from triage.domain.vocabulary import Value

Items = tuple[int | None, ...]

TWELVE: Items = (2, 2, 2, 1, 1, 1, 1, 2, 0)
"""Nine items of PHQ-9 that sum to 12, item 9 at nought."""


def worked_out(decider: Decider, **answers: Value | None) -> dict[str, Value]:
    """The facts of a referral in which only these scores are given."""
    builder = referral_builder(phq9_total=None, gad7_total=None, phq9_item9=None)
    return facts_of(builder.answering(**answers).build(), decider.rulebook)


@pytest.mark.parametrize(
    ("items", "total"),
    [
        (TWELVE, 12),
        ((0,) * 9, 0),
        ((3,) * 9, 27),
        ((None, 2, 2, 1, 1, 1, 1, 2, 0), 11),
        ((None, None, 2, 1, 1, 1, 1, 2, 0), 10),
        ((2, 2, 2, 1, 1, 1, 1, 2, None), 14),
        ((None, 1, 1, 1, 1, 1, 1, 1, 1), 9),
        ((None, None, 3, 3, 3, 3, 3, 3, 3), 27),
        ((None, 0, 0, 0, 1, 1, 1, 1, 0), 5),
        ((None, None, 1, 1, 1, 1, 1, 1, 1), 9),
        ((None, None, 0, 0, 0, 0, 1, 1, 1), 4),
    ],
)
def test_up_to_two_missing_items_of_phq9_are_filled_with_the_mean_half_up(
    decider: Decider, items: Items, total: int
) -> None:
    assert worked_out(decider, phq9_items=items)["phq9_total"] == total


def test_a_mean_that_ends_in_a_half_is_rounded_up(decider: Decider) -> None:
    items = (None, 1, 1, 1, 1, 0, 0, 0, 0)
    assert worked_out(decider, phq9_items=items)["phq9_total"] == 5


@pytest.mark.parametrize(
    ("items", "total"),
    [
        ((1, 1, 1, 1, 1, 1, 2), 8),
        ((None, 1, 1, 1, 1, 1, 1), 7),
        ((None, 3, 0, 0, 0, 0, 0), 4),
        ((None, 3, 3, 3, 3, 3, 3), 21),
    ],
)
def test_one_missing_item_of_gad7_is_filled_with_the_mean_half_up(
    decider: Decider, items: Items, total: int
) -> None:
    assert worked_out(decider, gad7_items=items)["gad7_total"] == total


@pytest.mark.parametrize(
    ("name", "items"),
    [
        ("phq9", (None, None, None, 1, 1, 1, 1, 2, 0)),
        ("phq9", (None,) * 9),
        ("gad7", (None, None, 1, 1, 1, 1, 1)),
        ("gad7", (None,) * 7),
    ],
)
def test_too_few_items_give_no_total_and_an_alert(
    decider: Decider, name: str, items: Items
) -> None:
    referral = a_referral(**{f"{name}_total": None, f"{name}_items": items})
    decision = decider.decide(referral)
    assert decision.caseness[name] is None
    assert "incomplete_score" in alert_ids(decision.alerts)


@pytest.mark.parametrize(
    ("items", "alerted"),
    [(TWELVE, False), ((None, 2, 2, 1, 1, 1, 1, 2, 0), True)],
)
def test_a_total_with_items_filled_in_is_marked(
    decider: Decider, items: Items, alerted: bool
) -> None:
    decision = decider.decide(a_referral(phq9_total=None, phq9_items=items))
    assert ("prorated_score" in alert_ids(decision.alerts)) is alerted


def test_items_win_over_a_stated_total_and_the_difference_is_shown(decider: Decider) -> None:
    decision = decider.decide(a_referral(phq9_items=TWELVE, phq9_total=5))
    assert decision.levels["severity"].level == "medium"
    assert "totals_differ" in alert_ids(decision.alerts)


def test_items_that_agree_with_the_stated_total_raise_no_alert(decider: Decider) -> None:
    assert not decider.decide(a_referral(phq9_items=TWELVE, phq9_total=12)).alerts


def test_gad7_items_win_over_a_stated_total_too(decider: Decider) -> None:
    decision = decider.decide(a_referral(gad7_items=(3, 3, 3, 3, 3, 0, 0), gad7_total=4))
    assert decision.levels["severity"].level == "high"
    assert "totals_differ" in alert_ids(decision.alerts)


def test_item_9_is_never_filled_in(decider: Decider) -> None:
    assert "phq9_item9" not in worked_out(decider, phq9_items=(3, 3, 3, 3, 3, 3, 3, 3, None))


@pytest.mark.parametrize(
    ("ninth", "stated", "found"), [(0, 2, 2), (2, 0, 2), (1, 1, 1), (None, 2, 2), (3, None, 3)]
)
def test_the_higher_of_two_values_for_item_9_counts(
    decider: Decider, ninth: int | None, stated: int | None, found: int
) -> None:
    items = (*TWELVE[:8], ninth)
    assert worked_out(decider, phq9_items=items, phq9_item9=stated)["phq9_item9"] == found


@pytest.mark.parametrize(("ninth", "stated"), [(0, 2), (2, 0)])
def test_two_values_for_item_9_are_shown_to_differ(
    decider: Decider, ninth: int, stated: int
) -> None:
    referral = a_referral(phq9_items=(*TWELVE[:8], ninth), phq9_total=None, phq9_item9=stated)
    assert "totals_differ" in alert_ids(decider.decide(referral).alerts)


@pytest.mark.parametrize(
    ("total", "item9", "found", "impossible"),
    [
        (24, 0, 0, False),
        (25, 0, None, True),
        (27, 0, None, True),
        (25, 1, 1, False),
        (26, 1, 1, True),
        (1, 2, 2, True),
        (2, 2, 2, False),
        (0, 3, 3, True),
    ],
)
def test_a_total_that_item_9_makes_impossible_leaves_a_nought_unknown_and_keeps_a_positive(
    decider: Decider, total: int, item9: int, found: int | None, impossible: bool
) -> None:
    known = worked_out(decider, phq9_total=total, phq9_item9=item9)
    decision = decider.decide(a_referral(phq9_total=total, phq9_item9=item9))
    assert known.get("phq9_item9") == found
    assert ("impossible_score" in alert_ids(decision.alerts)) is impossible


@pytest.mark.parametrize("item9", [1, 2, 3])
def test_a_positive_item_9_holds_the_booking_until_a_risk_enquiry(
    decider: Decider, item9: int
) -> None:
    decision = decider.decide(a_referral(phq9_item9=item9, thoughts_of_harm="fleeting"))
    assert decision.booking_held
    assert alert_ids(decision.alerts) == ["item9_positive"]
    assert [action.id for action in decision.actions] == ["risk_enquiry"]


def test_a_positive_item_9_beside_no_thoughts_is_a_contradiction(decider: Decider) -> None:
    decision = decider.decide(a_referral(phq9_item9=1))
    assert alert_ids(decision.alerts) == ["item9_positive", "contradiction"]
    assert decision.levels["risk"].level == "low"


def test_item_9_at_nought_never_clears_risk(decider: Decider) -> None:
    decision = decider.decide(a_referral(phq9_item9=0, thoughts_of_harm=None))
    assert decision.levels["risk"].level == "unknown"


@pytest.mark.parametrize(
    ("scores", "level"),
    [
        ({"phq9_total": 20}, "high"),
        ({"phq9_total": 19}, "unknown"),
        ({"gad7_total": 15}, "high"),
        ({"gad7_total": 14}, "unknown"),
        ({"phq9_total": 3}, "unknown"),
        ({}, "unknown"),
    ],
)
def test_one_measure_settles_severity_only_where_it_is_high(
    decider: Decider, scores: dict[str, Value], level: str
) -> None:
    builder = referral_builder().without("phq9_total", "gad7_total").answering(**scores)
    assert decider.decide(builder.build()).levels["severity"].level == level


def test_the_partial_band_is_in_the_reasoning(decider: Decider) -> None:
    decision = decider.decide(a_referral(phq9_total=12, gad7_total=None))
    assert _because(decision, "severity-partial-medium") == (
        "PHQ-9 is 12, in the medium range; there is no GAD-7."
    )


def _because(decision: Decision, rule: str) -> str:
    return next(each.because for each in decision.reasoning if each.rule.id == rule)
