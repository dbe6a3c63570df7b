"""Every search finds what a plain look at every entry finds, in pages, on both databases."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from tests.bulk import FIRST, LAST
from tests.campaigns import share
from tests.search.conftest import AUDITOR, HALF, Searched, a_decision
from tests.search.plain import Plain
from triage.domain.search import Search, logged
from triage.errors import LogUnavailableError
from triage.store import search as searching
from triage.store import walk
from triage.store.entries import Identity, Kind, NewEntry
from triage.store.log import DecisionLog
from triage.store.search import Way, count, ever, find, find_all, last_entry
from triage.store.tables import OVERRIDDEN, SPAN, SPANS

NEVER = "22222222-2222-4222-8222-222222222222"


@contextmanager
def walked(first: int, longest: int, seconds: float) -> Iterator[None]:
    """Walk in steps of these lengths, and give up so soon."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(walk, "FIRST_STEP", first)
        patch.setattr(walk, "LONGEST_STEP", longest)
        patch.setattr(walk, "SECONDS", seconds)
        yield


def paged(log: DecisionLog, search: Search, most: int, *, newest_first: bool) -> list[int]:
    """The numbers of all decisions that a search finds, as its pages give them."""
    found: list[int] = []
    way = Way(newest_first)
    while True:
        page = find(log, search, most, way)
        assert len(page.found) <= most
        found += [one.entry.sequence for one in page.found]
        if page.after is None:
            return found
        assert page.after != way.after
        way = replace(way, after=page.after)


def few(values: list[Any], most: int = 3) -> st.SearchStrategy[tuple[Any, ...]]:
    """Some of the values that occur, the frequent ones more often."""
    return st.lists(st.sampled_from(values), min_size=1, max_size=most, unique=True).map(tuple)


@st.composite
def searches(draw: st.DrawFn, plain: Plain) -> Search:
    """A search by some filters, with values that occur, most of them of one decision."""
    one = draw(st.sampled_from(plain.decisions))
    decision, every = one["decision"], plain.decisions
    times = st.datetimes(FIRST.replace(tzinfo=None), LAST.replace(tzinfo=None))
    zones = st.sampled_from((UTC, timezone(timedelta(hours=5, minutes=30))))
    moments = st.tuples(times, zones).map(
        lambda both: both[0].replace(tzinfo=UTC).astimezone(both[1])
    )
    fields: dict[str, st.SearchStrategy[Any]] = {
        "earliest": moments,
        "before": moments,
        "routes": few([entry["decision"]["route"]["id"] for entry in (one, *every)]),
        "urgencies": few([entry["decision"]["urgency"] for entry in (one, *every)]),
        "sources": few([*{entry["referral"]["source"] or "A2" for entry in every}]),
        "ods_codes": few([*{entry["referral"]["ods_code"] or "none" for entry in every}], 20),
        "rules": few([reason["rule"] for reason in decision["reasoning"]]),
        "rulebook": st.sampled_from([decision["rulebook"]["digest"], "sha256:none"]),
        "overridden": st.booleans(),
        "nhs_number": st.sampled_from([plain.numbers[one["sequence"]], "9999999999"]),
        "decision_ids": few([NEVER, one["id"], *(entry["id"] for entry in plain.entries)], 60),
    }
    names = draw(st.lists(st.sampled_from(sorted(fields)), max_size=4, unique=True))
    return Search(**{name: draw(fields[name]) for name in names})


@settings(max_examples=share(400), deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data(), newest_first=st.booleans(), hasty=st.booleans())
def test_a_search_finds_what_a_look_at_every_entry_finds(
    searched: Searched, data: st.DataObject, *, newest_first: bool, hasty: bool
) -> None:
    search = data.draw(searches(searched.plain))
    steps = data.draw(st.sampled_from(((16, 64), (256, 2048))))
    expected = searched.plain.found(search)
    most = data.draw(st.sampled_from((1, 7, 100))) if len(expected) < 100 else 100
    with walked(*steps, seconds=0 if hasty else 60):
        found = paged(searched.log, search, most, newest_first=newest_first)
        counted = count(searched.log, search)
    assert found == (expected[::-1] if newest_first else expected)
    assert counted.at_least <= len(expected)
    if counted.exact or not hasty:
        assert counted.at_least == min(len(expected), searching.MOST_COUNTED)
        assert counted.exact == (len(expected) <= searching.MOST_COUNTED)


def test_an_empty_log_has_nothing_to_find(searched: Searched) -> None:
    page = find(searched.log, Search(), 20, Way(before=1))
    assert (list(page.found), page.after) == ([], None)


def test_what_is_found_says_whether_it_was_overridden(searched: Searched) -> None:
    overridden = searched.plain.overridden()
    found = [one for page in find_all(searched.log, Search(), HALF) for one in page.found]
    assert {one.entry.id for one in found if one.overridden} <= overridden
    assert {one.entry.id in overridden for one in found} == {True, False}
    assert all(one.overridden == (one.entry.id in overridden) for one in found)


def test_a_moment_between_two_milliseconds_is_after_the_first() -> None:
    moment = datetime(2026, 3, 1, 9, 0, 0, 1, UTC)
    assert logged(moment) == "2026-03-01T09:00:00.001Z"
    assert logged(moment.replace(microsecond=0)) == "2026-03-01T09:00:00.000Z"
    assert logged(moment.replace(microsecond=999_001)) == "2026-03-01T09:00:01.000Z"
    plus = timezone(timedelta(hours=1))
    assert logged(datetime(2026, 1, 1, 0, 30, tzinfo=plus)) == "2025-12-31T23:30:00.000Z"


@pytest.mark.parametrize("share", [0.0, 0.25, 0.5, 1.0])
def test_a_time_is_found_on_both_sides_of_a_clock_that_was_put_back(
    searched: Searched, share: float
) -> None:
    earliest = FIRST + (LAST - FIRST) * share - timedelta(days=1)
    search = Search(earliest=earliest, before=earliest + timedelta(days=9))
    found = paged(searched.log, search, 100, newest_first=False)
    assert found == searched.plain.found(search)
    assert any(sequence <= HALF for sequence in found)
    assert any(sequence > HALF for sequence in found)


def test_the_database_notes_between_which_times_each_span_lies(searched: Searched) -> None:
    with searched.log.database.read() as connection:
        rows = connection.execute(select(SPANS).order_by(SPANS.c["last"])).all()
    assert [row.last for row in rows] == [SPAN, 2 * SPAN]
    for row in rows:
        times = [entry["at"] for entry in searched.plain.entries[row.last - SPAN : row.last]]
        assert (row.earliest, row.latest) == (min(times), max(times))


def test_the_database_notes_what_is_overridden(searched: Searched) -> None:
    overridden = searched.plain.overridden()
    numbers = {entry["sequence"] for entry in searched.plain.decisions if entry["id"] in overridden}
    with searched.log.database.read() as connection:
        assert set(connection.execute(select(OVERRIDDEN.c.sequence)).scalars()) == numbers


def test_words_that_no_decision_has_are_told_from_those_that_some_have(searched: Searched) -> None:
    assert ever(searched.log, "route", ["cmht", "cmth"]) == {"cmht"}
    assert ever(searched.log, "source", ["A1", "P9"]) == {"A1"}
    assert ever(searched.log, "urgency", ["routine", "seldom"]) == {"routine"}
    assert ever(searched.log, "rule", ["step-2", "step-22"]) == {"step-2"}
    assert ever(searched.log, "rule", []) == set()


@pytest.mark.parametrize("newest_first", [True, False])
def test_pages_miss_nothing_and_repeat_nothing_while_decisions_are_recorded(
    small_log: DecisionLog, *, newest_first: bool
) -> None:
    before = paged(small_log, Search(), 100, newest_first=False)
    stop = threading.Event()

    def record() -> None:
        while not stop.is_set():
            small_log.append(a_decision(small_log))

    recorders = [threading.Thread(target=record) for _ in range(2)]
    for recorder in recorders:
        recorder.start()
    try:
        found = paged(small_log, Search(), 3, newest_first=newest_first)
    finally:
        stop.set()
        for recorder in recorders:
            recorder.join()
    assert len(set(found)) == len(found)
    assert sorted(found, reverse=newest_first) == found
    whole = paged(small_log, Search(), 100, newest_first=False)
    assert sorted(found) == whole[: len(found)]
    assert set(found) >= set(before)


def test_what_is_recorded_after_a_search_began_is_left_out_of_all_it_finds(
    small_log: DecisionLog,
) -> None:
    before = last_entry(small_log) + 1
    expected = paged(small_log, Search(), 100, newest_first=False)
    with walked(8, 8, seconds=0):
        pages = find_all(small_log, Search(), before)
        found = [one.entry.sequence for one in next(pages).found]
        small_log.append(a_decision(small_log))
        found += [one.entry.sequence for page in pages for one in page.found]
    assert found == expected


def test_a_person_is_found_by_their_decisions_and_not_by_what_was_said_of_them(
    small_log: DecisionLog,
) -> None:
    number = "9990009999"
    first = small_log.append(a_decision(small_log, number=number))
    words = Identity(b'{"comment":"x"}', small_log.person_key.hash(number))
    parts = {"route": "crisis", "urgency": "emergency", "reason": "risk_judgement", "lowers": False}
    small_log.append(NewEntry(Kind.OVERRIDE, AUDITOR, parts, first.id, identity=words))
    second = small_log.append(a_decision(small_log, number=number))
    found = paged(small_log, Search(nhs_number=number), 20, newest_first=True)
    assert found == [second.sequence, first.sequence]
    page = find(small_log, Search(nhs_number=number, overridden=True), 20)
    assert [one.entry.id for one in page.found] == [first.id]


def test_what_waits_for_a_second_person_is_not_overridden_yet(small_log: DecisionLog) -> None:
    decision = small_log.append(a_decision(small_log))
    search = Search(decision_ids=(decision.id,), overridden=True)
    said = {"route": "counselling", "urgency": "routine", "reason": "risk_judgement"}
    asked = NewEntry(Kind.OVERRIDE, AUDITOR, {**said, "lowers": True}, decision.id)
    override = small_log.append(asked)
    assert not find(small_log, search, 20).found
    confirmed = {**said, "override_id": override.id}
    small_log.append(NewEntry(Kind.OVERRIDE_CONFIRMATION, AUDITOR, confirmed, decision.id))
    assert [one.entry.id for one in find(small_log, search, 20).found] == [decision.id]
    again = {**said, "route": "cmht", "lowers": False}
    small_log.append(NewEntry(Kind.OVERRIDE, AUDITOR, again, decision.id))
    assert len(find(small_log, search, 20).found) == 1


@pytest.mark.parametrize("table", ["spans", "overridden"])
@pytest.mark.parametrize("change", ["UPDATE {} SET {}", "DELETE FROM {}"])
def test_what_the_database_notes_only_grows(searched: Searched, table: str, change: str) -> None:
    column = "latest = ''" if table == "spans" else "sequence = 1"
    with pytest.raises(LogUnavailableError) as caught, searched.log.database.write() as connection:
        connection.execute(text(change.format(table, column)))
    assert "only grows" in str(caught.value.__cause__)


def test_a_search_says_what_it_is_but_not_whom_it_is_for() -> None:
    told = Search(routes=("cmht",), overridden=False, nhs_number="9990000026").without_person()
    assert told == {"route": ["cmht"], "overridden": False}
    assert "9990000026" not in str(told)
    assert asdict(Search())["nhs_number"] is None
