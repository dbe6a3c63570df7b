"""`triage person erase`, as an operator starts it."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.cli.command import LONGEST_WAIT, REPOSITORY, triage
from tests.cli.logs import NUMBER, ALog, a_log, of
from tests.recorded import recorded
from triage.domain.caller import Caller, Role
from triage.domain.drafts import Draft, Way
from triage.rulebook import Rulebook
from triage.store.drafts import Drafts
from triage.store.entries import now
from triage.store.verification import verify

ASKED = ("person", "erase", "--reason", "person_request")


def held(log: ALog) -> list[int]:
    """The entries of which the identity is there."""
    with log.opened() as opened, opened.database.read() as connection:
        found = connection.execute(text("SELECT sequence FROM identities ORDER BY sequence"))
        return list(found.scalars())


def test_a_person_is_erased_by_the_number_on_standard_input(log: ALog) -> None:
    done = triage(*ASKED, "--yes", text="999 000 0026\n", environment=log.environment)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("2 decision(s) and 1 comment(s) on them, recorded from 20")
    assert "Erased. Entries 5 to 6 of the log say so." in done.stdout
    assert NUMBER not in done.stdout + done.stderr
    assert held(log) == [2]
    with log.opened() as opened:
        assert verify(opened.database).erased == 3
        entry = opened.entry(5)
        assert entry is not None
        assert entry.content["by"]["client"] == "command line"


def test_calls_in_progress_about_a_person_go_as_well(log: ALog) -> None:
    with log.opened() as opened:
        drafts = Drafts(opened.database, opened.person_key)
        for number in ("9990000042", "999 000 0042", NUMBER, "999"):
            drafts.begin(a_call(number))
    done = triage(*ASKED, "--yes", text="9990000042", environment=log.environment)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("2 call(s) in progress, which will be gone.\nErased. Entries 5 ")
    with log.opened() as opened:
        left = Drafts(opened.database, opened.person_key).in_progress()
        assert {one.body["patient"]["nhs_number"] for one in left} == {NUMBER, "999"}
        entry = opened.entry(5)
        assert entry is not None
        assert (entry.content["about"], entry.content["sequences"]) == (None, [])
        assert len(entry.content["calls"]) == 2
        assert verify(opened.database).erased == 0


def a_call(number: str) -> Draft:
    """A call in progress about somebody."""
    at, body = now(), {"patient": {"nhs_number": number}}
    return Draft(str(uuid.uuid4()), 1, Way.CALL, Caller(Role.CALL_HANDLER, "one"), at, at, body)


def test_one_decision_is_erased_by_its_id(log: ALog) -> None:
    wrong = ("person", "erase", "--reason", "recorded_in_error", "--yes")
    done = triage(*wrong, "--decision", log.decisions[2], environment=log.environment)
    assert done.returncode == 0, done.stderr
    assert "1 more decision(s) name the same person" in done.stdout
    assert held(log) == [1, 2, 4]


def test_somebody_whom_nothing_names_is_told(log: ALog) -> None:
    done = triage(*ASKED, "--yes", text="9990000042", environment=log.environment)
    assert done.returncode == 1
    assert "Nothing here names anybody" in done.stdout
    assert held(log) == [1, 2, 3, 4]


def test_a_wrong_check_digit_is_told_and_still_looked_for(log: ALog) -> None:
    done = triage(*ASKED, "--yes", text="9990000027", environment=log.environment)
    assert done.returncode == 1
    assert "check digit" in done.stderr


@pytest.mark.parametrize("number", ["", "tea", "999000002", "99900000261", "\uff19990000026"])
def test_what_is_no_nhs_number_is_refused_and_not_repeated(log: ALog, number: str) -> None:
    done = triage(*ASKED, "--yes", text=number, environment=log.environment)
    assert done.returncode == 2
    assert "ten digits" in done.stderr
    assert not number or number not in done.stderr


def test_without_somebody_to_ask_nothing_is_erased(log: ALog) -> None:
    done = triage(*ASKED, text=NUMBER, environment=log.environment)
    assert done.returncode == 2
    assert "--yes" in done.stderr
    assert held(log) == [1, 2, 3, 4]


RETENTION = ("person", "erase", "--retention")


def test_nobody_is_out_of_date_in_a_young_log(log: ALog) -> None:
    done = triage(*RETENTION, environment={**log.environment, "TRIAGE_RETENTION_YEARS": "1"})
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "Nothing here names anybody who is to be erased.\n"


def test_who_is_out_of_date_is_counted_first_and_erased_when_told_to(
    tmp_path: Path, rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch, a_log("sqlite", tmp_path, rulebook) as log:
        patch.setattr("triage.store.batch.now", lambda: "2001-02-03T10:00:00.000Z")
        with log.opened() as opened:
            recorded(opened, rulebook, [of("9990000042"), of("9990000042"), of(NUMBER)])
        counted = triage(*RETENTION, environment=log.environment)
        assert counted.returncode == 0
        assert "2 decision(s) and 0 comment(s) on them, recorded from 2001-02-03" in counted.stdout
        assert "to erase for good, say --yes" in counted.stdout
        assert held(log) == [1, 2, 3, 4, 5, 6, 7]
        done = triage(*RETENTION, "--yes", environment=log.environment)
        assert done.returncode == 0
        assert held(log) == [1, 2, 3, 4, 7]
        with log.opened() as opened:
            entry = opened.entry(8)
        assert entry is not None
        assert entry.content["reason"] == "retention"


@pytest.mark.parametrize(
    "asked",
    [
        ("person", "erase"),
        ("person", "erase", "--retention", "--reason", "person_request"),
        ("person", "erase", "--retention", "--decision", "5d2c9f3e-8a41-4f0e-9d0b-0c8f7a3b6e21"),
        (*ASKED, "--decision", NUMBER),
        (*ASKED, NUMBER),
        ("person", "erase", "--reason", "because"),
    ],
)
def test_what_is_asked_wrongly_is_refused(asked: tuple[str, ...]) -> None:
    assert triage(*asked).returncode == 2


def typed(log: ALog, *answers: str) -> tuple[int, str]:
    """How it ends, and what a terminal shows, where a person types at it."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "triage", *ASKED],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=REPOSITORY,
        env={**os.environ, **log.environment},
    )
    os.close(theirs)
    shown = b""
    for prompt, answer in zip((b"NHS number: ", b"[y/N]: "), answers, strict=False):
        while prompt not in shown:
            shown += os.read(ours, 1000)
        os.write(ours, f"{answer}\n".encode())
    try:
        while chunk := os.read(ours, 1000):
            shown += chunk
    except OSError:  # the other end has closed
        pass
    os.close(ours)
    return process.wait(LONGEST_WAIT), shown.decode()


def test_a_person_at_a_terminal_is_asked_and_the_number_is_not_shown(log: ALog) -> None:
    status, shown = typed(log, NUMBER, "y")
    assert status == 0, shown
    assert NUMBER not in shown
    assert "Who this was can then never be told again" in shown
    assert held(log) == [2]


def test_who_thinks_better_of_it_erases_nothing(log: ALog) -> None:
    status, shown = typed(log, NUMBER, "")
    assert status == 1
    assert "Nothing was erased." in shown
    assert held(log) == [1, 2, 3, 4]
