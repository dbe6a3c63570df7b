"""`triage replay`, as an auditor starts it."""

from __future__ import annotations

import json
import os
import pwd

import pytest

from tests.cli.command import triage
from tests.cli.logs import ALog
from tests.cli.test_log import tampered
from tests.cli.test_terminal import on_a_terminal

NOWHERE = "5d2c9f3e-8a41-4f0e-9d0b-0c8f7a3b6e21"


def test_a_decision_is_decided_again(log: ALog) -> None:
    done = triage("replay", log.decisions[1], environment=log.environment)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"IDENTICAL: {log.decisions[1]}, entry 2, on doncaster 2026.1")


def test_that_somebody_looked_is_an_entry(log: ALog) -> None:
    triage("replay", *log.decisions[:2], environment=log.environment)
    triage("replay", "--all", environment=log.environment)
    with log.opened() as opened:
        views = [opened.entry(sequence) for sequence in (5, 6, 7)]
        assert opened.entry(8) is None
    told = [view.content for view in views if view]
    user = pwd.getpwuid(os.getuid()).pw_name
    by = {"role": "operator", "subject": user, "client": "command line", "issuer": None}
    assert all((one["kind"], one["what"], one["by"]) == ("view", "replay", by) for one in told)
    assert [one["about"] for one in told] == [*log.decisions[:2], None]
    assert told[2]["entries"] == {"from": 1, "to": 6}


def test_the_whole_log_is_decided_again(log: ALog) -> None:
    done = triage("replay", "--all", environment=log.environment)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("3 of 3 decisions came out identical, on 1 rulebook(s); ")
    assert "decisions a second" in done.stdout


def test_it_begins_where_it_is_told_to(log: ALog) -> None:
    done = triage("replay", "--from-sequence", "3", "--json", environment=log.environment)
    (told,) = map(json.loads, done.stdout.splitlines())
    assert (told["identical"], told["decision_id"]) == (True, log.decisions[2])
    done = triage("replay", "--from-sequence", "1000", environment=log.environment)
    assert (done.returncode, done.stdout[:6]) == (0, "0 of 0")


def test_what_differs_or_cannot_be_decided_again_is_named(log: ALog) -> None:
    tampered(
        log,
        """UPDATE entries SET leaf = CAST(replace(leaf, '"urgency":"', '"urgency":"un') AS BLOB)
        WHERE sequence = 2""",
        "UPDATE entries SET leaf = CAST('{}' AS BLOB) WHERE sequence = 3",
    )
    done = triage("replay", "--all", environment=log.environment)
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert lines[0].startswith(f"DIFFERENT: {log.decisions[1]}, entry 2, on doncaster")
    assert any(line.startswith("  urgency: recorded") for line in lines)
    assert f"NOT DECIDED AGAIN: {log.decisions[2]}, entry 3: entry 3 does not hold" in done.stdout
    assert lines[-1].startswith("1 of 3 decisions came out identical")


def test_a_log_that_is_not_kept_as_bytes_is_told(log: ALog) -> None:
    tampered(log, "UPDATE entries SET leaf = 'tea' WHERE sequence = 3")
    done = triage("replay", "--all", environment=log.environment)
    assert done.returncode == 2
    assert "entry 3 is not kept as bytes; run: triage log verify" in done.stderr


def test_a_decision_that_is_not_recorded_is_told_and_the_others_go_on(log: ALog) -> None:
    decisions = (NOWHERE, log.decisions[0])
    done = triage("replay", *decisions, "--json", environment=log.environment)
    missing, found = map(json.loads, done.stdout.splitlines())
    assert done.returncode == 1
    assert (missing["decision_id"], found["identical"]) == (NOWHERE, True)
    assert "no decision of that id" in missing["error"]


@pytest.mark.parametrize("asked", [(), ("--all", NOWHERE), ("tea",), ("--from-sequence", "0")])
def test_what_is_asked_wrongly_is_refused(asked: tuple[str, ...]) -> None:
    assert triage("replay", *asked).returncode == 2


def test_a_bar_is_shown_on_a_terminal(log: ALog) -> None:
    said = on_a_terminal("replay", "--all", environment=log.environment)
    assert "replaying" in said
    assert "3 of 3 decisions" in said
