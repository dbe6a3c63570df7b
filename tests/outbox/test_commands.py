"""`triage outbox` as an operator types it, and what it says."""

from __future__ import annotations

import json
import re
import signal
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.builders import referral_builder
from tests.cli.command import triage
from tests.cli.test_terminal import on_a_terminal
from tests.databases import log_settings as log_settings_of
from tests.deliver.processes import Working, environment, until, working
from tests.deliver.receiving import Receiver, receiving, status
from tests.operations.figures import samples, total
from tests.ports import free_port
from tests.recorded import GP
from tests.running import LONGEST_WAIT
from triage.config import Settings
from triage.decide import Decider
from triage.domain.telling import Telling
from triage.recording import Recorder
from triage.rulebook import Rulebook
from triage.store.log import DecisionLog
from triage.store.opening import open_log
from triage.store.outbox import Outbox

NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    """The settings of a log of its own in SQLite."""
    with log_settings_of("sqlite", tmp_path) as found:
        yield found


@pytest.fixture
def log(settings: Settings) -> Iterator[DecisionLog]:
    """That log, without an entry."""
    with closing(open_log(settings)) as opened:
        yield opened


def refer(log: DecisionLog, rulebook: Rulebook, *plans: str, channel: str = "letter") -> list[str]:
    """Decide and record referrals, of which somebody is told by a channel; their ids."""
    with closing(Decider(rulebook)) as decider:
        recorder = Recorder(decider, log, Telling(lambda _code: channel))
        made = [referral_builder(plan=plan).build() for plan in plans]
        return [recorder.record(one, GP).decision_id for one in made]


def test_once_delivers_what_is_due_and_ends(
    log: DecisionLog, settings: Settings, rulebook: Rulebook, tmp_path: Path
) -> None:
    refer(log, rulebook, "none", "active")
    env = environment(settings, tmp_path)
    done = triage("outbox", "--once", environment=env)
    assert (done.returncode, done.stdout) == (0, "2 delivered.\n"), done.stderr
    letters = sorted((tmp_path / "letters").glob("*.html"))
    assert len(letters) == 2
    assert "<html" in letters[0].read_text(encoding="utf-8")
    events = [json.loads(line) for line in done.stderr.splitlines()]
    told = [(one["channel"], one["sequence"]) for one in events if one["event"] == "delivered"]
    assert sorted(told) == [("letter", 1), ("letter", 2)]
    again = triage("outbox", "--once", environment=env)
    assert (again.returncode, again.stdout) == (0, "0 delivered.\n")


def test_once_says_by_its_exit_code_that_something_failed(
    log: DecisionLog, settings: Settings, rulebook: Rulebook, tmp_path: Path
) -> None:
    refer(log, rulebook, "none")
    (tmp_path / "letters").write_text("a file stands in its place")
    done = triage("outbox", "--once", environment=environment(settings, tmp_path))
    assert (done.returncode, done.stdout) == (1, "0 delivered; 1 failed, and tried again later.\n")
    (line,) = [json.loads(line) for line in done.stderr.splitlines() if "delivery_failed" in line]
    assert (line["failure"], line["count"], line["level"]) == ("not_written", 1, "warning")


def once_released(handler: Any) -> None:
    """Take a delivery, but not before the receiver is released."""
    handler.receiver.released.wait(LONGEST_WAIT)
    status(200)(handler)


def asked_to_end(worker: Working, receiver: Receiver, how: signal.Signals) -> str:
    """What a worker said that was asked to end while it was delivering."""
    until(lambda: len(receiver.received) >= 1, "a delivery under way", worker)
    worker.process.send_signal(how)
    receiver.released.set()
    return worker.ended()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_works_until_it_is_asked_to_end_and_finishes_what_it_began(
    log: DecisionLog,
    settings: Settings,
    rulebook: Rulebook,
    tmp_path: Path,
    how: signal.Signals,
) -> None:
    refer(log, rulebook, "none", channel="webhook")
    with receiving(once_released) as receiver:
        env = environment(settings, tmp_path, receiver.url)
        with working(environment=env) as worker:
            said = asked_to_end(worker, receiver, how)
    assert (worker.process.returncode, said) == (0, "1 delivered.\n"), worker.logged()
    assert Outbox(log.database).counts() == (0, 0)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_once_ends_early_where_it_is_asked_to_and_finishes_what_it_began(
    log: DecisionLog,
    settings: Settings,
    rulebook: Rulebook,
    tmp_path: Path,
    how: signal.Signals,
) -> None:
    refer(log, rulebook, *["none"] * 20, channel="webhook")
    with receiving() as receiver:
        receiver.taken = once_released
        env = environment(settings, tmp_path, receiver.url)
        with working("--once", environment=env) as worker:
            said = asked_to_end(worker, receiver, how)
        delivered = len(receiver.received)
    assert 1 <= delivered < 20
    assert (worker.process.returncode, said) == (0, f"{delivered} delivered.\n"), worker.logged()
    assert Outbox(log.database).counts() == (20 - delivered, 0)
    assert [one.leased_until for one in Outbox(log.database).waiting(20)] == [None] * (
        20 - delivered
    )


@pytest.mark.parametrize(
    ("options", "shortest"),
    [(("--lease-seconds", "30"), 30), (("--lease-seconds", "300", "--answer-seconds", "290"), 300)],
)
def test_a_lease_that_an_answer_may_outlast_is_refused(
    options: tuple[str, ...], shortest: int
) -> None:
    done = triage("outbox", "--once", *options)
    assert done.returncode == 2
    assert f"--lease-seconds must be more than {shortest}" in " ".join(done.stderr.split())


def test_help_says_where_letters_lie_and_who_may_read_them() -> None:
    said = " ".join(triage("outbox", "--help").stdout.split())
    assert "TRIAGE_LETTERS" in said
    assert "~/.local/share/referral-triage/letters" in said
    assert "0700" in said
    assert "0600" in said


def test_figures_are_given_at_a_port_of_this_machine(
    log: DecisionLog, settings: Settings, rulebook: Rulebook, tmp_path: Path
) -> None:
    refer(log, rulebook, "none")
    port = free_port()
    env = environment(settings, tmp_path)
    with working("--metrics-port", str(port), environment=env) as worker:
        until(lambda: Outbox(log.database).counts() == (0, 0), "an empty outbox", worker)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
            found = samples(answer.read().decode())
    labels = {"channel": "letter", "outcome": "delivered"}
    assert total(found, "triage_deliveries_total", **labels) == 1
    assert "triage_outbox_waiting" in found
    assert "triage_outbox_dead" in found


def test_on_a_terminal_a_line_says_how_far_it_is(
    log: DecisionLog, settings: Settings, rulebook: Rulebook, tmp_path: Path
) -> None:
    refer(log, rulebook, "none")
    env = environment(settings, tmp_path)
    said = on_a_terminal("outbox", "--once", environment=env)
    assert "1 delivered, 0 failed and tried again; 0 wait, 0 given up" in said
    assert '"event"' not in said


def test_what_waits_and_what_was_given_up_is_listed_and_tried_again(
    log: DecisionLog, settings: Settings, rulebook: Rulebook, tmp_path: Path
) -> None:
    env = environment(settings, tmp_path)
    assert triage("outbox", "list", environment=env).stdout == "0 wait, 0 were given up.\n"
    decisions = refer(log, rulebook, "none", "active", "none")
    outbox, now = Outbox(log.database), datetime.now(UTC)
    first, second, third = outbox.claim(now, 3, timedelta(minutes=5))
    outbox.buried(first, "status_404")
    outbox.failed(second, "timed_out", now + timedelta(hours=3))

    listed = triage("outbox", "list", environment=env)
    heading, *lines, counts = listed.stdout.splitlines()
    assert counts == "2 wait, 1 were given up."
    assert heading.split() == [
        "delivery",
        "entry",
        "tells",
        "of",
        "urgency",
        "by",
        "tries",
        "next",
        "failed",
        "for",
    ]
    shown = {row[0]: row[2:] for row in (re.split(r"  +", line) for line in lines)}
    assert shown.keys() == {second.id, third.id}
    told = "very_urgent" if second.sequence == 2 else "routine"
    assert shown[second.id][:4] == ["decision", told, "letter", "1"]
    assert (shown[second.id][5], shown[third.id][4:]) == ("timed out", ["under way", "-"])

    dead = triage("outbox", "list", "--dead", "--json", environment=env)
    (one,) = [json.loads(line) for line in dead.stdout.splitlines()]
    assert (one["id"], one["failure"], one["state"]) == (first.id, "status_404", "dead")
    assert one["decision_id"] in decisions

    retried = triage("outbox", "retry", first.id, second.id, environment=env)
    assert (retried.returncode, retried.stdout) == (0, "2 will be tried again now.\n")
    missed = triage("outbox", "retry", third.id, NOBODY, environment=env)
    assert (missed.returncode, missed.stdout) == (1, "0 will be tried again now.\n")
    assert "2 will not: not there, delivered, or under way." in missed.stderr
    assert triage("outbox", "--once", environment=env).stdout == "2 delivered.\n"


def test_everything_given_up_is_tried_again_with_one_word(
    log: DecisionLog, settings: Settings, rulebook: Rulebook, tmp_path: Path
) -> None:
    refer(log, rulebook, "none", "none")
    outbox = Outbox(log.database)
    for one in outbox.claim(datetime.now(UTC), 2, timedelta(minutes=5)):
        outbox.buried(one, "status_404")
    env = environment(settings, tmp_path)
    done = triage("outbox", "retry", "--dead", environment=env)
    assert (done.returncode, done.stdout) == (0, "2 will be tried again now.\n")
    assert outbox.counts() == (2, 0)


@pytest.mark.parametrize("asked", [[], ["--dead", NOBODY], ["tea"]])
def test_what_is_to_be_tried_again_must_be_said(asked: list[str]) -> None:
    assert triage("outbox", "retry", *asked).returncode == 2


def test_a_file_of_receivers_with_a_fault_is_told_before_anything_is_done(
    log: DecisionLog, settings: Settings, rulebook: Rulebook, tmp_path: Path
) -> None:
    refer(log, rulebook, "none")
    env = environment(settings, tmp_path, "http://example.org/")
    done = triage("outbox", "--once", environment=env)
    assert done.returncode == 2
    assert "[default] webhook must be an address that begins with https://" in done.stderr
    assert Outbox(log.database).counts() == (1, 0)


def test_a_secret_that_cannot_be_read_is_told_before_anything_is_done(
    log: DecisionLog, settings: Settings, tmp_path: Path
) -> None:
    assert log.head().head.size == 0
    env = environment(settings, tmp_path, "https://example.org/")
    (tmp_path / "shared.secret").unlink()
    done = triage("outbox", "--once", environment=env)
    assert done.returncode == 2
    assert "there is no file" in done.stderr


@pytest.mark.parametrize("verb", [("--once",), ("list",), ("retry", "--dead")], ids=" ".join)
def test_where_there_is_no_log_nothing_can_be_done(tmp_path: Path, verb: tuple[str, ...]) -> None:
    env = {"TRIAGE_DATABASE_URL": f"sqlite:///{tmp_path / 'none.db'}"}
    done = triage("outbox", *verb, environment=env)
    assert done.returncode == 2
    assert "there is no log" in done.stderr
