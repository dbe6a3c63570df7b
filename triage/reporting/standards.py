"""The waiting times that referrals are held against: bands to report by, and no rule of anybody's.

They decide nothing about a referral, so they stand here and not in the rule files.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Standard:
    """So many days from receipt to something, and who says so."""

    days: int
    title: str
    source: str


_EARLY = "reached by early sites: Realising the benefits: IAPT at full roll out, 2010, 7.12"
_TARGETS = (
    "national measure: first treatment within 42 and 126 days of the referral, of completed"
    " courses; named as 6 and 18 weeks in the Rotherham referral model, 2016"
)

STANDARDS = (
    Standard(14, "14 days to an assessment", _EARLY),
    Standard(28, "28 days to treatment", _EARLY),
    Standard(42, "6 weeks to treatment", _TARGETS),
    Standard(126, "18 weeks to treatment", _TARGETS),
)
"""The shortest first. Each ends a band; what is over the last is a band as well."""

_LAST_DAYS = tuple(one.days for one in STANDARDS)

BANDS = (
    *(
        f"{first} to {last} days"
        for first, last in zip((0, *(one + 1 for one in _LAST_DAYS)), _LAST_DAYS, strict=False)
    ),
    f"over {_LAST_DAYS[-1]} days",
)
"""The bands in words, one more than there are standards."""


def band_of(days: int) -> int:
    """The place among ``BANDS`` of so many days since receipt."""
    return bisect_left(_LAST_DAYS, days)
