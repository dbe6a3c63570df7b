"""Which questions are open, one by one."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.builders import nothing_asked
from tests.live_call.calls import known
from triage.diagram import Diagram
from triage.diagram.asking import Questions
from triage.domain.vocabulary import Value
from triage.rulebook import Rulebook

FEW_WITH_THE_NINTH = (1, None, 1, None, 1, None, None, None, 0)
FEW_WITHOUT = (1, None, 1, None, 1, None, None, None, None)


@pytest.mark.parametrize(
    ("answers", "declined", "expected"),
    [
        ({}, (), {"phq9_total", "phq9_item9"}),
        ({"phq9_total": 12}, (), {"phq9_item9"}),
        ({"phq9_item9": 0}, (), {"phq9_total"}),
        ({"phq9_total": 25, "phq9_item9": 0}, (), set()),
        ({}, ("phq9_total",), {"phq9_items", "phq9_item9"}),
        ({}, ("phq9_items",), {"phq9_total", "phq9_item9"}),
        ({}, ("phq9_total", "phq9_item9"), {"phq9_items"}),
        ({}, ("phq9_total", "phq9_items"), {"phq9_item9"}),
        ({}, ("phq9_total", "phq9_item9", "phq9_items"), set()),
        ({"phq9_items": (1,) * 9}, (), set()),
        ({"phq9_items": (*(1,) * 8, None)}, (), {"phq9_item9"}),
        ({"phq9_items": FEW_WITH_THE_NINTH}, (), {"phq9_total"}),
        ({"phq9_items": FEW_WITH_THE_NINTH}, ("phq9_total",), set()),
        ({"phq9_items": FEW_WITH_THE_NINTH, "phq9_total": 27}, (), set()),
        ({"phq9_items": FEW_WITHOUT}, ("phq9_total",), {"phq9_item9"}),
    ],
)
def test_the_total_and_item_9_are_open_until_they_are_known_or_declined(
    rulebook: Rulebook,
    diagram: Diagram,
    answers: Mapping[str, Value],
    declined: tuple[str, ...],
    expected: set[str],
) -> None:
    referral = nothing_asked().answering(**answers).declining(*declined).build()
    standing = Questions(diagram, rulebook.vocabulary).standing(known(referral, rulebook))
    assert {name for _, name in standing.to_ask if name.startswith("phq9")} == expected
