"""PHQ-9 and GAD-7: a total from items or as stated, and what can be said of item 9.

Domain facts: PHQ-9 has 9 items of 0-3 and GAD-7 has 7; up to two (PHQ-9) or one (GAD-7) missing
items are filled with the mean of the completed ones, rounded half up; item 9 is never filled in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

ITEM_HIGH = 3
"""The highest score of one item of PHQ-9 or GAD-7."""

Items = Sequence[int | None]


@dataclass(frozen=True, slots=True)
class Total:
    """The total of a questionnaire, and what is remarkable about how it came to be."""

    score: int | None
    differs: bool = False
    prorated: bool = False
    incomplete: bool = False
    from_items: bool = False


def total(items: Items | None, stated: int | None, *, may_miss: int) -> Total:
    """The total score: items win over a stated total; too few items leave the stated one."""
    if items is None:
        return Total(stated)
    completed = [item for item in items if item is not None]
    missing = len(items) - len(completed)
    if missing > may_miss:
        return _stated_beside_too_few(completed, stated, missing)
    score = _round_half_up(sum(completed) * len(items), len(completed))
    differs = stated not in (None, score)
    return Total(score, differs=differs, prorated=missing > 0, from_items=True)


def _stated_beside_too_few(completed: Sequence[int], stated: int | None, missing: int) -> Total:
    if stated is None:
        return Total(None, incomplete=True)
    least, most = sum(completed), sum(completed) + ITEM_HIGH * missing
    return Total(max(stated, least), differs=not least <= stated <= most, incomplete=True)


def _round_half_up(dividend: int, divisor: int) -> int:
    return (2 * dividend + divisor) // (2 * divisor)


def with_item_nine(items: Items | None, stated: int | None) -> Items | None:
    """The nine items of PHQ-9, the ninth as stated where it was left out of them."""
    if items is None or stated is None or items[8] is not None:
        return items
    return (*items[:8], stated)


@dataclass(frozen=True, slots=True)
class ItemNine:
    """PHQ-9 item 9, thoughts of being better off dead or of self-harm, as far as it is known."""

    score: int | None
    differs: bool = False
    impossible: bool = False


def item_nine(items: Items | None, stated: int | None, stated_total: int | None) -> ItemNine:
    """The higher of two values for item 9 counts; ``stated_total`` is None where items gave it.

    A stated total that the value makes impossible (25 with item 9 at 0) leaves it unknown, save
    that a positive answer is never dropped: the worse reading stands until somebody has asked.
    """
    values = [value for value in (items[8] if items else None, stated) if value is not None]
    score = max(values, default=None)
    if score is None or stated_total is None:
        return ItemNine(score, differs=len(set(values)) > 1)
    rest = stated_total - score
    impossible = not 0 <= rest <= ITEM_HIGH * 8
    known = None if impossible and score == 0 else score
    return ItemNine(known, differs=len(set(values)) > 1, impossible=impossible)
