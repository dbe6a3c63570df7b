"""PHQ-9 and its ninth item, where items and stated scores stand side by side."""

from __future__ import annotations

from triage.domain.questionnaires import item_nine, with_item_nine


def test_a_stated_item_nine_stands_for_a_ninth_item_that_was_left_out() -> None:
    assert with_item_nine((1,) * 8 + (None,), 3) == (1,) * 8 + (3,)
    assert with_item_nine((1,) * 9, 3) == (1,) * 9
    assert with_item_nine(None, 3) is None


def test_a_stated_total_that_counts_is_held_against_item_nine() -> None:
    items = (None,) * 8 + (0,)
    assert item_nine(items, None, 25).impossible
