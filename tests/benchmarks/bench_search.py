"""How long a page of a search takes in a log of a million entries, on SQLite and on PostgreSQL.

The log is made once for each database, in a folder that is gone afterwards: a few minutes and about
2 GB for a million entries; ``BENCH_ENTRIES`` in the environment sets another length. Run it with
``pytest -s tests/benchmarks/bench_search.py``, and with ``-k sqlite`` for one of them.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, thread_time
from typing import Any, TypeVar

import orjson
import pytest
from sqlalchemy import func, select

from tests.benchmarks.conftest import Say
from tests.bulk import FIRST, LAST, fill
from tests.databases import KINDS, log_settings
from triage.domain.caller import Caller, Role
from triage.domain.search import Format, Search
from triage.searching import Exporter
from triage.store.log import DecisionLog
from triage.store.opening import open_log
from triage.store.search import Way, count, find
from triage.store.tables import IDENTITIES, RULEBOOKS

T = TypeVar("T")

ENTRIES = int(os.environ.get("BENCH_ENTRIES", "1000000"))

ROUNDS = 20

MOST_PAGES = 60
"""How many pages are asked for where a search goes on and on."""

AUDITOR = Caller(Role.AUDITOR, "an-auditor")


def at(share: float) -> datetime:
    """When such a share of the log was recorded."""
    return FIRST + (LAST - FIRST) * share


DAY, MONTH = timedelta(days=1), timedelta(days=30)
EVERY_ROUTE = ("iapt_step_2", "clinical_review", "cmht", "crisis", "emergency", "counselling")

SINGLE = {
    "nothing asked": Search(),
    "a frequent route": Search(routes=("iapt_step_2",)),
    "a rare route": Search(routes=("counselling",)),
    "six routes": Search(routes=EVERY_ROUTE),
    "an urgency": Search(urgencies=("urgent",)),
    "two sources": Search(sources=("A1", "B1")),
    "a practice": Search(ods_codes=("C81290",)),
    "twenty practices": Search(ods_codes=tuple(f"C81{number}" for number in range(280, 300))),
    "a frequent rule": Search(rules=("measures-gad7",)),
    "overridden": Search(overridden=True),
    "not overridden": Search(overridden=False),
    "nobody's number": Search(nhs_number="9999999999"),
    "a day in the middle": Search(earliest=at(0.3), before=at(0.3) + DAY),
    "a month in the middle": Search(earliest=at(0.3), before=at(0.3) + MONTH),
}
"""One filter each."""

TOGETHER = {
    "month, route and rule": Search(
        earliest=at(0.3), before=at(0.3) + MONTH, routes=("cmht",), rules=("risk-low",)
    ),
    "half the log, rare route, rule": Search(
        before=at(0.5), routes=("counselling",), rules=("risk-low",)
    ),
    "practice and rule": Search(ods_codes=("C81299",), rules=("severity-high",)),
    "five frequent rules": Search(
        rules=("measures-gad7", "impairment-low", "previous-low", "chronicity-low", "severity-low")
    ),
    "overridden, rare route": Search(overridden=True, routes=("counselling",)),
    "overridden, practice, urgency": Search(
        overridden=True, ods_codes=("C81299",), urgencies=("urgent",)
    ),
    "eight filters": Search(
        earliest=at(0.3),
        before=at(0.3) + MONTH,
        routes=("iapt_step_2",),
        urgencies=("routine",),
        sources=("A1", "B1", "M7"),
        ods_codes=("C81000", "C81001"),
        rules=("measures-gad7",),
        overridden=False,
    ),
    "rule and route that exclude": Search(rules=("risk-low",), routes=("crisis",)),
    "route and urgency that exclude": Search(routes=("iapt_step_2",), urgencies=("emergency",)),
}
"""Several filters; the last find nothing, and have to look through much to know."""


@dataclass(frozen=True)
class Big:
    """A large log on one database."""

    kind: str
    log: DecisionLog


@pytest.fixture(scope="module", params=KINDS)
def big(request: pytest.FixtureRequest) -> Iterator[Big]:
    """A large log, made for these figures alone."""
    capture = request.config.pluginmanager.getplugin("capturemanager")
    with (
        TemporaryDirectory(prefix="triage-bench-") as folder,
        log_settings(request.param, Path(folder)) as settings,
    ):
        with capture.global_and_fixture_disabled():
            fill(settings, ENTRIES, told=lambda done: progress(request.param, done))
        with closing(open_log(settings)) as log:
            yield Big(request.param, log)


def progress(kind: str, done: int) -> None:
    """How far the log is made."""
    end = "\n" if done == ENTRIES else ""
    print(f"\r  {kind}: {done:,} of {ENTRIES:,} entries", end=end, flush=True)  # noqa: T201


@dataclass(frozen=True)
class Taken:
    """Milliseconds that something took: by the clock, and of processors, ours and PostgreSQL's."""

    clock: float
    processor: float


def timed(log: DecisionLog, task: Callable[[], T]) -> tuple[Taken, T]:
    """How long a task takes, and what it gives."""
    before, begun = spent(log), perf_counter()
    found = task()
    clock = perf_counter() - begun
    return Taken(clock * 1000, (spent(log) - before) * 1000), found


def spent(log: DecisionLog) -> float:
    """Seconds of processor time of this thread, and of the server's process that answers it."""
    own = thread_time()
    if log.database.is_sqlite:
        return own
    with log.database.read() as connection:
        pid = connection.execute(select(func.pg_backend_pid())).scalar_one()
    schedule = Path(f"/proc/{pid}/schedstat")
    there = int(schedule.read_text().split()[0]) / 1e9 if schedule.exists() else 0.0
    return own + there


def paged(log: DecisionLog, search: Search, way: Way) -> Taken:
    """How long a page of twenty takes."""
    return timed(log, partial(find, log, search, 20, way))[0]


def of_this_log(log: DecisionLog) -> dict[str, Search]:
    """Filters whose values only this log knows."""
    with log.database.read() as connection:
        content = connection.execute(select(IDENTITIES.c.content).limit(1)).scalar_one()
        digest = connection.execute(select(RULEBOOKS.c.digest)).scalar_one()
    number = orjson.loads(content)["patient"]["nhs_number"]
    return {"the rulebook": Search(rulebook=digest), "a person": Search(nhs_number=number)}


@pytest.mark.parametrize("which", ["single", "together"])
def test_pages(big: Big, say: Say, which: str) -> None:
    """Prints figures: the newest page and the oldest in turn; asserts none of them.

    By the clock, which other work on the machine holds up, and in processor time.
    """
    searches = {**SINGLE, **of_this_log(big.log)} if which == "single" else TOGETHER
    worst = 0.0
    for name, search in searches.items():
        ways = [Way(newest_first=number % 2 == 0) for number in range(ROUNDS)]
        taken = [paged(big.log, search, way) for way in ways]
        clock = sorted(one.clock for one in taken)
        processor = median(one.processor for one in taken)
        worst = max(worst, median(clock))
        pages, longest = to_the_end(big.log, search)
        told = f"p50 {median(clock):5.1f}, p90 {clock[-3]:5.1f} ms, processor {processor:4.1f}"
        say(f"{big.kind:10} {name:31} {told}   {pages:2} page(s) on, longest {longest:5.1f}")
    say(f"{big.kind:10} worst p50 {worst:.1f} ms (aim: 50)")


def to_the_end(log: DecisionLog, search: Search) -> tuple[int, float]:
    """How many pages of a hundred were asked for, and the milliseconds of the longest."""
    longest, pages, after = 0.0, 0, None
    while pages == 0 or (after is not None and pages < MOST_PAGES):
        taken, page = timed(log, partial(find, log, search, 100, Way(after=after)))
        longest, pages, after = max(longest, taken.clock), pages + 1, page.after
    return pages, longest


def test_deep_pages(big: Big, say: Say) -> None:
    """A page far into the log beside the first, as a ratio of processor time."""
    deep = Way(after=ENTRIES // 10)
    for name in ("nothing asked", "a frequent route", "a frequent rule"):
        search = SINGLE[name]
        pairs = [(paged(big.log, search, Way()), paged(big.log, search, deep)) for _ in range(30)]
        ratio = median(far.processor / near.processor for near, far in pairs)
        say(f"{big.kind:10} {name:31} after nine tenths of the log: {ratio:.2f} of the first page")


def test_counts(big: Big, say: Say) -> None:
    """Counting up to a thousand."""
    for name, search in {**SINGLE, **TOGETHER}.items():
        taken, found = timed(big.log, partial(count, big.log, search))
        told = f"{taken.clock:5.1f} ms, processor {taken.processor:4.1f}"
        say(f"{big.kind:10} {name:31} {told}   {found.at_least}{'' if found.exact else ' or more'}")


@pytest.mark.parametrize("how", [*Format, "log"])
def test_exports(big: Big, say: Say, how: Format | str) -> None:
    """How much of the log is exported in a second."""
    exporter, month = Exporter(big.log), SINGLE["a month in the middle"]
    parts: Any = exporter.unrecorded_log(1)
    if isinstance(how, Format):
        parts = exporter.decisions(month, how, AUDITOR)
    begun, lines, size = perf_counter(), 0, 0
    for part in parts:
        lines, size = lines + part.count(b"\n"), size + len(part)
        if lines > 200_000:
            break
    seconds = perf_counter() - begun
    rate = f"{lines / seconds:8,.0f} lines a second, {size / seconds / 1e6:5.1f} MB a second"
    say(f"{big.kind:10} {how:6} {rate}")
