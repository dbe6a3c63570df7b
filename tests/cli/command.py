"""The `triage` command as a person or a script starts it: a process of its own."""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock

from tests.cli.forking import STREAMS, Asked
from tests.kept import KEPT

REPOSITORY = Path(__file__).parents[2]

A_REFERRAL = '{"reference": "one", "answers": {"phq9_total": 12, "thoughts_of_harm": "none"}}'
IN_DANGER = '{"reference": "two", "answers": {"plan": "active"}}'
FAULTY = '{"answers": {"phq9_total": 28, "plan": "active"}}'

STARTING = "PYTHON"
"""How settings begin that Python reads when it starts, and never again."""

LONGEST_WAIT = 600

Ended = tuple[int, bytes, bytes]
"""How a process ended, and what it said on both streams."""


def triage(
    *arguments: str, text: str | bytes = b"", environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run `triage` and give what it said. Settings of whoever runs the tests do not count."""
    given = text.encode() if isinstance(text, str) else text
    settings = environment or {}
    changed = settings.items() - os.environ.items()
    run = started if any(name.startswith(STARTING) for name, _ in changed) else ran
    status, said, told = run(arguments, {**_clean(), **settings}, given)
    return subprocess.CompletedProcess(arguments, status, said.decode(), told.decode())


def started(arguments: Sequence[str], environment: Mapping[str, str], text: bytes = b"") -> Ended:
    """What comes of a process that is started anew."""
    command = [sys.executable, "-m", "triage", *arguments]
    done = subprocess.run(
        command,
        input=text,
        capture_output=True,
        check=False,
        timeout=LONGEST_WAIT,
        env=environment,
    )
    return done.returncode, done.stdout, done.stderr


def ran(arguments: Sequence[str], environment: Mapping[str, str], text: bytes = b"") -> Ended:
    """What comes of a process that is forked from one which has imported everything."""
    with TemporaryDirectory() as folder:
        given, said, told = (Path(folder) / name for name in STREAMS)
        given.write_bytes(text)
        status = _forking().run(Asked(arguments, environment, folder))
        return status, said.read_bytes(), told.read_bytes()


def _clean() -> dict[str, str]:
    found = {name: value for name, value in os.environ.items() if not name.startswith("TRIAGE_")}
    return {**found, "PYTHONPATH": str(REPOSITORY)}


class _Forking:
    """The process that imported everything. It runs one command at a time."""

    def __init__(self) -> None:
        command, pipe = [sys.executable, "-m", "tests.cli.forking"], subprocess.PIPE
        self._process = subprocess.Popen(command, cwd=REPOSITORY, stdin=pipe, stdout=pipe)
        self._lock = Lock()
        KEPT.enter_context(self._process)
        KEPT.callback(self._process.kill)

    def run(self, asked: Asked) -> int:
        """Have a command run to its end; how it ended."""
        assert self._process.stdin
        assert self._process.stdout
        with self._lock, selectors.DefaultSelector() as said:
            said.register(self._process.stdout, selectors.EVENT_READ)
            self._process.stdin.write(json.dumps(asdict(asked)).encode() + b"\n")
            self._process.stdin.flush()
            assert said.select(LONGEST_WAIT), f"in vain waited for: {asked.arguments}"
            return int(self._process.stdout.readline())


@cache
def _forking() -> _Forking:
    """The one of this run of tests."""
    return _Forking()
