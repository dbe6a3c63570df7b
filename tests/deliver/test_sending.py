"""Whatever a receiver does, sending comes to an end and says what came of it."""

from __future__ import annotations

import socket
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.deliver.receiving import (
    Answering,
    dripping,
    dripping_headers,
    dripping_tls,
    endless,
    hang,
    no_http,
    nobody_listens,
    receiving,
    reset,
    status,
)
from tests.running import LONGEST_WAIT
from triage.deliver.line import Line
from triage.deliver.outcome import DELIVERED, Outcome
from triage.deliver.sending import Sender, seconds_asked

PATIENT = Sender(connect_seconds=LONGEST_WAIT, answer_seconds=LONGEST_WAIT)

QUICK = Sender(answer_seconds=0.3)
"""For receivers of whom nothing is to come."""

BRIEF = Sender(answer_seconds=3)
"""For a receiver that says at once how it went, and all the rest too slowly."""

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)


def sent(answer: Answering, sender: Sender = PATIENT) -> Outcome:
    """What came of sending something to a receiver that answers so."""
    with receiving(answer) as receiver:
        return sender.post(f"{receiver.url}/here", b"{}", {"X-Triage-Delivery": "one"})


@pytest.mark.parametrize("code", [200, 201, 202, 204, 299])
def test_what_is_taken_was_delivered(code: int) -> None:
    assert sent(status(code)) == DELIVERED


@pytest.mark.parametrize("code", [500, 502, 503, 599])
def test_a_receiver_in_trouble_is_asked_again(code: int) -> None:
    assert sent(status(code)) == Outcome(f"status_{code}")


@pytest.mark.parametrize("code", [408, 409, 425, 429])
def test_what_may_be_otherwise_later_is_tried_again(code: int) -> None:
    assert sent(status(code)) == Outcome(f"status_{code}")


@pytest.mark.parametrize("code", [400, 401, 403, 404, 410, 413, 422, 451])
def test_what_will_never_be_taken_is_given_up(code: int) -> None:
    assert sent(status(code)) == Outcome(f"status_{code}", for_good=True)


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_nothing_is_sent_to_where_a_receiver_points(code: int) -> None:
    with receiving() as elsewhere:
        assert sent(status(code, Location=f"{elsewhere.url}/there")) == Outcome("redirected")
        assert elsewhere.received == []


@pytest.mark.parametrize(
    ("answer", "sender", "failure"),
    [
        (hang, QUICK, "timed_out"),
        (reset, PATIENT, "not_reached"),
        (no_http, PATIENT, "not_reached"),
    ],
)
def test_no_answer_is_a_failure_like_any_other(
    answer: Answering, sender: Sender, failure: str
) -> None:
    assert sent(answer, sender) == Outcome(failure)


@pytest.mark.parametrize(("answer", "sender"), [(endless, PATIENT), (dripping, BRIEF)])
def test_an_answer_that_does_not_end_is_not_waited_for(answer: Answering, sender: Sender) -> None:
    assert sent(answer, sender) == DELIVERED


def test_whoever_drips_its_headers_is_cut_off() -> None:
    assert sent(dripping_headers, QUICK) == Outcome("timed_out")


def test_whoever_drips_its_greeting_of_tls_is_cut_off() -> None:
    with dripping_tls() as address:
        assert QUICK.post(address, b"{}", {}) == Outcome("timed_out")


def test_a_name_that_takes_its_time_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    found, looked_up = threading.Event(), threading.Event()

    def slowly(*asked: object, **more: object) -> object:
        found.wait(LONGEST_WAIT)
        looked_up.set()
        return getaddrinfo(*asked, **more)  # type: ignore[arg-type]

    getaddrinfo = socket.getaddrinfo
    with receiving() as receiver:
        monkeypatch.setattr(socket, "getaddrinfo", slowly)
        assert QUICK.post(receiver.url, b"{}", {}) == Outcome("timed_out")
        found.set()
        assert looked_up.wait(LONGEST_WAIT)
        assert receiver.received == []


def test_nothing_goes_over_a_line_that_is_cut() -> None:
    line = Line()
    held, other = socket.socketpair()
    with held, other:
        assert line.hold(held) is held
        line.cut()
        assert other.recv(1) == b""
        with pytest.raises(TimeoutError):
            line.hold(other)
        assert other.fileno() == -1


def test_no_proxy_and_no_password_of_this_machine_is_used(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password something\n")
    netrc.chmod(0o600)
    with receiving() as receiver, receiving() as proxy:
        monkeypatch.setenv("NETRC", str(netrc))
        monkeypatch.setenv("http_proxy", proxy.url)
        monkeypatch.setenv("all_proxy", proxy.url)
        monkeypatch.delenv("no_proxy", raising=False)
        assert PATIENT.post(receiver.url, b"{}", {}) == DELIVERED
    assert proxy.received == []
    assert "authorization" not in receiver.received[0].headers


def test_where_nobody_listens_it_is_tried_again() -> None:
    assert PATIENT.post(nobody_listens(), b"{}", {}) == Outcome("not_reached")


@pytest.mark.parametrize(
    "address", ["https://no-such-host.invalid", "https://[::1]:1", "https://."]
)
def test_an_address_that_leads_nowhere_is_tried_again(address: str) -> None:
    assert QUICK.post(address, b"{}", {}) == Outcome("not_reached")


@pytest.mark.parametrize("address", ["http://192.0.2.7/", "http://example.org/", "ftp://x/", "no"])
def test_nothing_goes_out_in_the_clear(address: str) -> None:
    assert QUICK.post(address, b"{}", {}) == Outcome("not_https", for_good=True)


def test_a_body_and_its_headers_come_as_they_were_sent() -> None:
    with receiving() as receiver:
        PATIENT.post(f"{receiver.url}/$process-message", b'{"a":"\xc3\xa9"}', {"X-A": "b"})
        (came,) = receiver.received
    assert (came.path, came.body) == ("/$process-message", b'{"a":"\xc3\xa9"}')
    assert came.headers["x-a"] == "b"
    assert came.headers["user-agent"] == "referral-triage"


def test_a_receiver_says_for_how_long_to_leave_it_alone() -> None:
    assert sent(status(429, Retry_After="120")) == Outcome("status_429", wait=120)
    assert sent(status(503, Retry_After="soon")) == Outcome("status_503")


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("0", 0),
        ("90", 90),
        (" 90 ", 90),
        ("Thu, 26 Nov 2026 12:01:00 GMT", 60),
        ("Thu, 26 Nov 2026 12:01:00", 60),
        ("Thu, 26 Nov 2026 11:00:00 GMT", 0),
        ("-5", 0),
        ("1e9", 0),
        ("²", 0),
        ("", 0),
    ],
)
def test_the_ways_to_say_how_long(said: str, seconds: float) -> None:
    assert seconds_asked(said, NOW) == seconds


@given(st.text())
def test_nothing_that_is_said_instead_is_trouble(said: str) -> None:
    assert seconds_asked(said, NOW) >= 0
