"""The worker delivers what is due, danger first, and says of each what became of it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from time import monotonic

import pytest
from sqlalchemy import text

from tests.builders import A_PRACTICE, referral_builder
from tests.deliver.conftest import DeskBy
from tests.deliver.desk import A_MINUTE, AT_ONCE_AGAIN, LATER, Desk
from tests.deliver.receiving import Answering, hang, receiving, reset, status
from tests.outbox.entries import rows
from tests.running import LONGEST_WAIT
from triage import persons
from triage.deliver.backoff import Backoff
from triage.deliver.channels import Told
from triage.deliver.lanes import AT_ONCE, IN_A_ROW
from triage.deliver.outcome import DELIVERED, Outcome
from triage.deliver.sending import Sender
from triage.deliver.worker import Pace
from triage.domain.caller import Caller, Role
from triage.errors import LogUnavailableError
from triage.persons import Reason
from triage.store.deliveries import Channel

OPERATOR = Caller(Role.OPERATOR, "an-operator", "command line")

IMPATIENT = Sender(answer_seconds=0.2)
"""For a receiver that never answers."""

ROUTINE, CRISIS = referral_builder(), referral_builder(plan="active")


class Asked:
    """A worker that is asked to end once something holds."""

    def __init__(self, holds: Callable[[], bool]) -> None:
        self._holds, self._latest = holds, monotonic() + LONGEST_WAIT

    def wait(self, timeout: float) -> bool:
        """Look, a little later."""
        assert monotonic() < self._latest, "it never came to an end"
        threading.Event().wait(min(timeout, 0.02))
        return self._holds()


def due_in(desk: Desk) -> timedelta:
    """In how long the one delivery there is will be tried again."""
    (row,) = rows(desk.log.database, "due_at")
    return datetime.fromisoformat(row.due_at) - datetime.now(UTC)


def test_the_most_urgent_are_told_first(desk: Desk) -> None:
    decisions = desk.refer(ROUTINE, ROUTINE, CRISIS)
    told: list[str] = []

    def tell(one: Told) -> Outcome:
        told.append(one.referred.id)
        return DELIVERED

    desk.worker(Pace(at_once=1), letter=tell).run_once()
    assert told == [decisions[2], decisions[0], decisions[1]]


@pytest.mark.parametrize(
    ("answer", "ending", "state"),
    [
        (status(500), "failed", ("waiting", 1, "status_500")),
        (status(429, Retry_After="1"), "failed", ("waiting", 1, "status_429")),
        (status(404), "given_up", ("dead", 1, "status_404")),
        (
            status(307, Location="https://elsewhere.example.org/"),
            "failed",
            ("waiting", 1, "redirected"),
        ),
        (hang, "failed", ("waiting", 1, "timed_out")),
        (reset, "failed", ("waiting", 1, "not_reached")),
    ],
)
def test_what_is_not_taken_is_tried_again_or_given_up(
    desk_by: DeskBy, answer: Answering, ending: str, state: tuple[str, int, str]
) -> None:
    with receiving(answer) as receiver:
        desk = desk_by(Channel.WEBHOOK, receiver.url)
        desk.refer()
        first = replace(desk, sender=IMPATIENT) if answer is hang else desk
        assert first.delivered_once(LATER) == {ending: 1}
        assert desk.state() == [state]
        assert desk.delivered_once(LATER) == {}
        desk.retry()
        assert desk.delivered_once(LATER) == {"delivered": 1}
        assert len(set(receiver.ids())) == 1


def test_a_receiver_is_left_alone_for_as_long_as_it_asks_but_not_for_ever(desk_by: DeskBy) -> None:
    with receiving(status(429, Retry_After="7200"), status(503, Retry_After="9" * 9)) as receiver:
        desk = desk_by(Channel.WEBHOOK, receiver.url)
        desk.refer()
        desk.delivered_once(AT_ONCE_AGAIN)
        assert timedelta(hours=2) - A_MINUTE < due_in(desk) <= timedelta(hours=2)
        desk.retry()
        desk.delivered_once(AT_ONCE_AGAIN)
        assert timedelta(hours=6) - A_MINUTE < due_in(desk) <= timedelta(hours=6)


def test_what_fails_is_tried_once_in_one_go(desk_by: DeskBy) -> None:
    with receiving(*[status(500)] * 9) as receiver:
        desk = desk_by(Channel.WEBHOOK, receiver.url)
        desk.refer(ROUTINE, ROUTINE, ROUTINE)
        assert desk.delivered_once(AT_ONCE_AGAIN) == {"failed": 3}
        assert len(receiver.received) == 3


def test_what_fails_as_often_as_it_may_is_given_up(desk_by: DeskBy) -> None:
    with receiving(*[status(500)] * 9) as receiver:
        desk = desk_by(Channel.WEBHOOK, receiver.url)
        desk.refer()
        pace = Pace(backoff=Backoff(attempts=3, draw=lambda: 0.0))
        endings = [desk.delivered_once(pace) for _ in range(4)]
    assert endings == [{"failed": 1}, {"failed": 1}, {"given_up": 1}, {}]
    assert desk.state() == [("dead", 3, "status_500")]


def test_what_kills_its_worker_each_time_is_given_up_as_well(desk: Desk) -> None:
    desk.refer()
    now = datetime.now(UTC)
    for attempt in range(Backoff().attempts):
        at = now + timedelta(hours=attempt)
        assert desk.outbox.claim(at, 1, A_MINUTE), "each claimed it, and was killed"
    with desk.log.database.change() as connection:
        connection.execute(text("UPDATE outbox SET leased_until = NULL"))
    assert desk.delivered_once() == {"given_up": 1}
    assert desk.state() == [("dead", Backoff().attempts + 1, "broken_off")]
    assert not desk.letters.exists()


def test_nobody_is_told_of_somebody_who_was_erased(desk: Desk) -> None:
    gone, _ = desk.refer(ROUTINE, ROUTINE)
    (found,) = persons.of_decision(desk.log, gone)
    persons.erase(desk.log, found, OPERATOR, Reason.PERSON_REQUEST)
    assert desk.delivered_once() == {"delivered": 1, "dropped": 1}
    assert desk.state() == [("dropped", 1, None), ("delivered", 1, None)]
    assert len(list(desk.letters.glob("*.html"))) == 1


def test_what_cannot_be_made_holds_up_nothing_else(desk: Desk) -> None:
    first, _ = desk.refer(ROUTINE, ROUTINE)

    def tell(one: Told) -> Outcome:
        if one.referred.id == first:
            raise ZeroDivisionError
        return DELIVERED

    worker = desk.worker(LATER, letter=tell)
    worker.run_once()
    assert (worker.tally["delivered"], worker.tally["failed"]) == (1, 1)
    assert desk.state() == [("waiting", 1, "unforeseen"), ("delivered", 1, None)]


def test_letters_that_cannot_be_written_are_written_later(desk: Desk) -> None:
    desk.refer(ROUTINE, ROUTINE)
    desk.letters.write_text("a file stands in its place")
    assert desk.delivered_once(AT_ONCE_AGAIN) == {"failed": 2}
    assert desk.state() == [("waiting", 1, "not_written")] * 2
    desk.letters.unlink()
    assert desk.delivered_once() == {"delivered": 2}


def test_it_goes_on_until_it_is_asked_to_end_and_finishes_what_it_began(desk: Desk) -> None:
    begun, asked, finished = list[str](), threading.Event(), list[str]()

    def tell(one: Told) -> Outcome:
        begun.append(one.due.id)
        asked.wait(LONGEST_WAIT)
        finished.append(one.due.id)
        return DELIVERED

    def both_begun() -> bool:
        if len(begun) == 2:
            asked.set()
        return asked.is_set()

    desk.refer(ROUTINE, ROUTINE, ROUTINE)
    desk.worker(Pace(at_once=2), letter=tell).run(Asked(both_begun))
    assert len(finished) == 2
    assert sorted(one[0] for one in desk.state()) == ["delivered", "delivered", "waiting"]


def test_what_comes_while_it_runs_is_told_as_well(desk: Desk) -> None:
    worker = desk.worker()
    with ThreadPoolExecutor(1) as threads:
        running = threads.submit(worker.run, Asked(lambda: worker.tally["delivered"] == 3))
        for _ in range(3):
            desk.refer()
        running.result(LONGEST_WAIT)
    assert desk.outbox.counts() == (0, 0)


def test_it_waits_for_a_log_that_cannot_be_reached(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.refer()
    worker, claim, away = desk.worker(), desk.outbox.claim, [1, 2, 3]

    def claiming(_self: object, *asked: object) -> object:
        if away:
            away.pop()
            raise LogUnavailableError("away")
        return claim(*asked)  # type: ignore[arg-type]

    monkeypatch.setattr("triage.store.outbox.Outbox.claim", claiming)
    with pytest.raises(LogUnavailableError):
        worker.run_once()
    worker.run(Asked(lambda: worker.tally["delivered"] == 1))
    assert away == []


def test_what_was_delivered_and_could_not_be_noted_is_delivered_again_with_its_id(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.refer()
    told: list[str] = []

    def tell(one: Told) -> Outcome:
        told.append(one.due.id)
        return DELIVERED

    def away(*_asked: object) -> None:
        raise LogUnavailableError("away")

    with monkeypatch.context() as patch:
        patch.setattr("triage.store.outbox.Outbox.delivered", away)
        desk.worker(Pace(lease=timedelta(seconds=1)), letter=tell).run_once()
    assert desk.state()[0][0] == "waiting"
    worker = desk.worker(letter=tell)
    worker.run(Asked(lambda: worker.tally["delivered"] == 1))
    assert desk.state()[0][0] == "delivered"
    assert len(told) > 1
    assert len(set(told)) == 1


ELSEWHERE = replace(referral_builder(), referrer=replace(A_PRACTICE, ods_code="B99999"))
"""A referral by another practice, which gets letters."""


def test_a_receiver_that_says_nothing_holds_up_nobody_else(desk_by: DeskBy) -> None:
    desk = desk_by(Channel.MESSAGE, "https://dead.example.org/")
    desk.refer(*[CRISIS] * 12, ELSEWHERE)
    begun, written = list[str](), threading.Event()

    def hold(one: Told) -> Outcome:
        begun.append(one.due.id)
        written.wait(LONGEST_WAIT)
        return Outcome("timed_out")

    def write(_one: Told) -> Outcome:
        begun.append("letter")
        written.set()
        return DELIVERED

    desk.worker(LATER, message=hold, letter=write).run_once()
    assert begun.index("letter") <= AT_ONCE


def test_a_receiver_that_failed_several_times_in_a_row_is_left_alone_for_a_moment(
    desk_by: DeskBy,
) -> None:
    with receiving() as receiver:
        receiver.taken = status(500)
        desk = desk_by(Channel.MESSAGE, receiver.url)
        desk.refer(*[CRISIS] * 12, ELSEWHERE)
        tally = desk.delivered_once(LATER)
        asked = len(receiver.received)
    assert tally == {"delivered": 1, "failed": asked}
    assert IN_A_ROW <= asked < IN_A_ROW + AT_ONCE
    untouched = [one for one in desk.state() if one == ("waiting", 0, None)]
    assert len(untouched) == 12 - asked


def test_nothing_is_begun_a_second_time_while_it_is_still_under_way(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("triage.deliver.worker.IDLE_SECONDS", 0.1)
    begun, released = list[str](), threading.Event()
    looks = iter(range(4))

    def tell(one: Told) -> Outcome:
        begun.append(one.due.id)
        released.wait(LONGEST_WAIT)
        return DELIVERED

    def enough() -> bool:
        if next(looks) == 3:
            released.set()
        return released.is_set()

    desk.refer()
    desk.worker(Pace(lease=timedelta(0)), letter=tell).run(Asked(enough))
    assert len(begun) == 1
    assert desk.state() == [("delivered", 1, None)]


def test_one_go_ends_early_where_it_is_asked_to_and_finishes_what_it_began(desk: Desk) -> None:
    begun = threading.Event()

    def tell(_one: Told) -> Outcome:
        begun.set()
        return DELIVERED

    desk.refer(ROUTINE, ROUTINE, ROUTINE)
    worker = desk.worker(Pace(at_once=1), letter=tell)
    worker.run_once(stop=Asked(begun.is_set))
    assert worker.tally["delivered"] == 1
    assert sorted(one[0] for one in desk.state()) == ["delivered", "waiting", "waiting"]


def test_a_channel_that_is_not_known_is_given_up_and_holds_up_nothing_else(desk: Desk) -> None:
    desk.refer(CRISIS, ROUTINE)
    with desk.log.database.change() as connection:
        connection.execute(text("UPDATE outbox SET channel = 'fax' WHERE sequence = 1"))
    assert desk.delivered_once() == {"delivered": 1, "given_up": 1}
    assert desk.state() == [("dead", 1, "unknown_channel"), ("delivered", 1, None)]


def test_two_workers_deliver_each_once(desk_by: DeskBy) -> None:
    with receiving() as receiver, ThreadPoolExecutor(2) as threads:
        desk = desk_by(Channel.WEBHOOK, receiver.url)
        desk.refer(*[ROUTINE] * 40)
        workers = [desk.worker(), desk.worker()]
        for each in [threads.submit(one.run_once) for one in workers]:
            each.result(60)
    assert len(receiver.ids()) == len(set(receiver.ids())) == 40
    assert sum(one.tally["delivered"] for one in workers) == 40
    assert desk.outbox.counts() == (0, 0)


def test_whoever_watches_hears_how_far_it_is(desk: Desk) -> None:
    heard: list[tuple[int, int, int]] = []
    desk.refer(ROUTINE, ROUTINE)
    desk.worker().run_once(
        lambda tally, waiting, dead: heard.append((tally["delivered"], waiting, dead))
    )
    assert heard[-1] == (2, 0, 0)
