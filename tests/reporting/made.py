"""Figures of a made-up year: some counts large, some small, some nought."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime

from triage.reporting import Figures, Period
from triage.reporting.figures import Key, Part

PERIOD = Period(date(2026, 10, 19), date(2026, 11, 22))
"""Five weeks, in the first of which the clocks are put back."""

AS_OF = datetime(2026, 11, 23, 9, tzinfo=UTC)

COUNTS: Mapping[Part, Mapping[Key, int]] = {
    Part.RECEIVED: {("counted",): 203, ("cancelled",): 8, ("superseded",): 2},
    Part.STANDS: {("iapt_step_2",): 131, ("iapt_step_3",): 40, ("cmht",): 28, ("crisis",): 4},
    Part.DECIDED: {("iapt_step_2",): 142, ("iapt_step_3",): 40, ("cmht",): 20, ("crisis",): 1},
    Part.WEEK: {
        ("2026-10-19", "iapt_step_2"): 71,
        ("2026-10-19", "cmht"): 28,
        ("2026-10-26", "iapt_step_2"): 60,
        ("2026-11-02", "iapt_step_3"): 40,
        ("2026-11-02", "crisis"): 4,
    },
    Part.SOURCE: {
        ("A1", "iapt_step_2"): 90,
        ("B1", "iapt_step_3"): 40,
        ("", "cmht"): 28,
        ("H1", "crisis"): 4,
    },
    Part.AGE: {("26-64", "iapt_step_2"): 131, ("<18", "crisis"): 4, ("", "cmht"): 7},
    Part.ETHNICITY: {
        ("A", "iapt_step_2"): 90,
        ("A1", "iapt_step_2"): 12,
        ("Z", "iapt_step_2"): 9,
        ("99", "iapt_step_2"): 3,
        ("", "iapt_step_2"): 17,
    },
    Part.OVERRIDDEN: {("iapt_step_2",): 13, ("cmht",): 3},
    Part.REASON: {("in_care",): 11, ("persons_choice",): 5},
    Part.CHANGE: {
        ("routine", "urgent"): 8,
        ("urgent", "same_day"): 6,
        ("urgent", "routine"): 2,
        ("routine", "of_old"): 9,
    },
    Part.RULE: {("step-2",): 142, ("severity-high",): 41, ("of-old",): 30, ("of-old-too",): 4},
    Part.WAITING: {
        ("0", "iapt_step_2"): 60,
        ("1", "iapt_step_3"): 40,
        ("2", "iapt_step_2"): 71,
        ("0", "cmht"): 28,
    },
    Part.CLOCK: {("routine", "runs"): 150, ("routine", "run_out"): 21, ("urgent", "run_out"): 4},
    Part.REFERRER: {
        ("C86001", "iapt_step_2"): 30,
        ("C86001", "cmht"): 9,
        ("C86001", "clinical_review"): 50,
        ("C86002", "active_monitoring"): 20,
        ("C86003", "crisis"): 4,
        ("C86004", "crisis"): 6,
        ("C86004", "cmht"): 6,
    },
}


def figures(counts: Mapping[Part, Mapping[Key, int]] = COUNTS) -> Figures:
    """Figures with these counts."""
    return Figures(PERIOD, AS_OF, {part: Counter(counts[part]) for part in Part})
