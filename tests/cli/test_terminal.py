"""What a person at a real terminal sees: colours unless turned off, a count only when it helps."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.cli.command import A_REFERRAL, IN_DANGER, LONGEST_WAIT, REPOSITORY

COLOUR = "\x1b["


def on_a_terminal(
    *arguments: str, environment: Mapping[str, str] | None = None, only_errors: bool = False
) -> str:
    """What `triage` writes to a terminal; with ``only_errors`` standard output goes elsewhere."""
    ours, theirs = pty.openpty()
    kept = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    process = subprocess.Popen(
        [sys.executable, "-m", "triage", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL if only_errors else theirs,
        stderr=theirs,
        cwd=REPOSITORY,
        env={**kept, "TERM": "xterm-256color", **(environment or {})},
    )
    os.close(theirs)
    said = b"".join(_chunks(ours))
    os.close(ours)
    process.wait(LONGEST_WAIT)
    return said.decode()


def _chunks(terminal: int) -> Iterator[bytes]:
    while True:
        try:
            chunk = os.read(terminal, 65_536)
        except OSError:  # the other end has closed
            return
        if not chunk:
            return
        yield chunk


@pytest.fixture
def in_danger(tmp_path: Path) -> str:
    """A file with one referral in danger."""
    file = tmp_path / "one.json"
    file.write_text(IN_DANGER)
    return str(file)


def test_a_terminal_shows_colours(in_danger: str) -> None:
    assert COLOUR in on_a_terminal("decide", "--pretty", in_danger)
    assert COLOUR in on_a_terminal("rules", "check")


def test_colours_turn_off(in_danger: str) -> None:
    assert "\x1b[31" not in on_a_terminal("decide", "--pretty", "--no-color", in_danger)
    settings = {"NO_COLOR": "1"}
    assert "\x1b[31" not in on_a_terminal("decide", "--pretty", in_danger, environment=settings)


def test_a_count_is_shown_only_where_there_is_something_to_wait_for(tmp_path: Path) -> None:
    few, many = tmp_path / "few.ndjson", tmp_path / "many.ndjson"
    few.write_text(f"{A_REFERRAL}\n" * 3)
    many.write_text(f"{A_REFERRAL}\n" * 400)
    assert on_a_terminal("decide", str(few), only_errors=True) == ""
    assert "400 referrals" in on_a_terminal("decide", str(many), only_errors=True)
