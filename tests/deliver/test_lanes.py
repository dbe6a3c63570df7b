"""Each receiver gets so much at a time, and is left alone for a moment where it is in trouble."""

from __future__ import annotations

import pytest

from triage.deliver.lanes import AT_ONCE, FIRST_SECONDS, IN_A_ROW, LONGEST_SECONDS, Lanes
from triage.deliver.outcome import DELIVERED, Outcome
from triage.deliver.receivers import Receiver, Receivers
from triage.store.deliveries import Channel, Due

RECEIVERS = Receivers(
    {
        "A1A": Receiver(Channel.MESSAGE, "https://one.example.org/a"),
        "B2B": Receiver(Channel.WEBHOOK, "https://ONE.example.org/b"),
        "C3C": Receiver(Channel.LETTER),
        "default": Receiver(Channel.WEBHOOK, "https://others.example.org/"),
    }
)

TIMED_OUT = Outcome("timed_out")


def due(code: str | None, channel: str = "message") -> Due:
    """A delivery to an organisation."""
    return Due("an id", 1, channel, 1, "", code)


class Clock:
    """A clock that goes on where it is told to."""

    now = 0.0

    def __call__(self) -> float:
        """The seconds by now."""
        return self.now


def free(lanes: Lanes, code: str | None, under_way: list[Due], channel: str = "message") -> int:
    """How much more one may get, looked at up to ten."""
    room = lanes.room(under_way)
    return sum(room.take(channel, code) for _ in range(10))


def full(lanes: Lanes, under_way: list[Due]) -> list[tuple[list[str], bool]]:
    """Who is full: codes, and whether everybody but them."""
    return [(sorted(one.codes), one.but) for one in lanes.room(under_way).full()]


def test_so_many_are_under_way_to_one_host() -> None:
    lanes = Lanes(RECEIVERS)
    assert free(lanes, "A1A", []) == AT_ONCE
    assert free(lanes, "A1A", [due("B2B")]) == AT_ONCE - 1
    assert free(lanes, "a1a", [due("B2B"), due("A1A")]) == 0
    assert full(lanes, [due("B2B"), due("A1A")]) == [(["A1A", "B2B"], False)]


def test_everybody_who_is_not_named_shares_what_is_the_default() -> None:
    lanes = Lanes(RECEIVERS)
    assert free(lanes, None, [due("X9X"), due("Y8Y")]) == 0
    assert full(lanes, [due("X9X"), due(None)]) == [(["A1A", "B2B", "C3C"], True)]


def test_there_is_no_end_to_letters() -> None:
    lanes = Lanes(RECEIVERS)
    assert free(lanes, "C3C", [due("C3C", "letter")] * 5, "letter") == 10
    assert free(lanes, "A1A", [due("A1A")] * AT_ONCE, "letter") == 10


def test_after_failures_in_a_row_it_is_left_alone_ever_longer_and_then_one_is_tried() -> None:
    clock = Clock()
    lanes = Lanes(RECEIVERS, clock)
    for _ in range(IN_A_ROW - 1):
        lanes.ended(due("A1A"), TIMED_OUT)
    assert free(lanes, "A1A", []) == AT_ONCE
    waits = []
    for _ in range(8):
        lanes.ended(due("A1A"), TIMED_OUT)
        begun = clock.now
        while not free(lanes, "A1A", []):
            clock.now += 1
        waits.append(clock.now - begun)
        assert free(lanes, "A1A", []) == 1
        assert free(lanes, "X9X", []) == AT_ONCE
    assert (waits[0], waits[1], waits[-1]) == (FIRST_SECONDS, 2 * FIRST_SECONDS, LONGEST_SECONDS)
    lanes.ended(due("B2B"), DELIVERED)
    assert free(lanes, "A1A", []) == AT_ONCE


@pytest.mark.parametrize("failure", ["timed_out", "not_reached", "status_500", "status_503"])
def test_who_is_in_trouble_is_left_alone(failure: str) -> None:
    lanes = Lanes(RECEIVERS, Clock())
    for _ in range(IN_A_ROW):
        lanes.ended(due("A1A"), Outcome(failure))
    assert free(lanes, "A1A", []) == 0


@pytest.mark.parametrize("failure", ["status_404", "status_409", "no_secret", "unforeseen"])
def test_what_is_no_trouble_of_the_receiver_does_not_count(failure: str) -> None:
    lanes = Lanes(RECEIVERS, Clock())
    for _ in range(2 * IN_A_ROW):
        lanes.ended(due("A1A"), Outcome(failure))
    assert free(lanes, "A1A", []) == AT_ONCE
