"""How a figure is taken: what is decided, and percentiles of how long each took."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from time import perf_counter_ns
from typing import TypeVar

from tests.builders import nothing_asked, referral_builder
from tests.decide.shared_referrals import SHARED
from tests.decide.shared_referrals import referrals as read
from triage.domain.referral import Referral

T = TypeVar("T")


def referrals_to_decide() -> list[Referral]:
    """The fifteen shared referrals, or fifteen of our own where those are not here."""
    shared = SHARED / "referrals.ndjson"
    if shared.is_file():
        return list(read(shared))
    starts = [
        referral_builder(),
        referral_builder(phq9_total=22),
        referral_builder(thoughts_of_harm="regular"),
        referral_builder(intent="strong", plan="active"),
        referral_builder(daily_functioning="marked", substance_use="dependent"),
        referral_builder(recent_trigger="job_loss", trigger_days_ago=12),
        nothing_asked().answering(phq9_total=14, phq9_item9=1),
    ]
    return [start.build() for start in (starts * 3)[:15]]


@dataclass(frozen=True)
class Figures:
    """Microseconds: the median and the 99th percentile."""

    p50: float
    p99: float

    @property
    def a_second(self) -> float:
        return 1e6 / self.p50

    def __str__(self) -> str:
        return f"p50 {self.p50:7.1f} us   p99 {self.p99:7.1f} us"


def timed(task: Callable[[T], object], over: Sequence[T], rounds: int = 200) -> Figures:
    """How long a task takes for each of several things, one by one, on one core."""
    taken: list[int] = []
    for _ in range(rounds):
        for each in over:
            begun = perf_counter_ns()
            task(each)
            taken.append(perf_counter_ns() - begun)
    return Figures(median(taken) / 1e3, quantiles(taken, n=100)[-1] / 1e3)
