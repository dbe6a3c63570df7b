"""The same referral, rulebook and time give the same bytes for ever, anywhere."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

import triage
from tests.decide.say_bytes import digest
from tests.random_things import Drawer
from triage.decide import Decider

ROOT = Path(__file__).parents[2]
PACKAGE = Path(triage.__file__).parent
PURE = [
    *(PACKAGE / "domain").rglob("*.py"),
    *(PACKAGE / "rulebook").rglob("*.py"),
    *(PACKAGE / "engine").rglob("*.py"),
    *(PACKAGE / f"{name}.py" for name in ("decide", "outlook", "stakes", "replay")),
]


def test_the_same_referral_gives_the_same_bytes_twice(decider: Decider) -> None:
    drawer, random = Drawer(decider.rulebook), Random(1)
    for _ in range(200):
        referral = drawer.referral(random)
        first, second = (
            json.dumps(decider.decide(referral).as_dict(), default=str) for _ in range(2)
        )
        assert first == second


@pytest.fixture(scope="module")
def digest_here() -> str:
    return digest()


@pytest.mark.parametrize(
    "surroundings",
    [
        {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C"},
        {"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo", "LC_ALL": "C.UTF-8"},
        {"PYTHONHASHSEED": "4711", "TZ": "America/Los_Angeles", "LC_ALL": "tr_TR.UTF-8"},
    ],
    ids=lambda surroundings: surroundings["TZ"],
)
def test_another_process_elsewhere_gives_the_same_bytes(
    digest_here: str, surroundings: dict[str, str]
) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "tests.decide.say_bytes"],
        cwd=ROOT,
        env={**os.environ, **surroundings},
        capture_output=True,
        check=True,
        text=True,
    )
    assert told.stdout.strip() == digest_here


FORBIDDEN_MODULES = {"time", "random", "locale", "uuid", "secrets", "os", "socket", "logging"}
FORBIDDEN_CALLS = {"now", "utcnow", "today", "getenv", "urandom", "monotonic", "perf_counter"}


def impure(path: Path) -> Iterator[str]:
    """Every place in a module that could read a clock, chance or the surroundings."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names = {(node.module or "").split(".")[0]}
        elif isinstance(node, ast.Attribute) and node.attr in (*FORBIDDEN_CALLS, "environ"):
            yield f"{path.name}:{node.lineno} {node.attr}"
            continue
        else:
            continue
        for name in names & FORBIDDEN_MODULES:
            yield f"{path.name}:{node.lineno} imports {name}"


@pytest.mark.parametrize("path", PURE, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_the_core_reads_no_clock_no_chance_and_no_surroundings(path: Path) -> None:
    assert list(impure(path)) == []


def test_the_scan_sees_what_it_is_to_see(tmp_path: Path) -> None:
    bad = tmp_path / "bad.py"
    bad.write_text("import time\nfrom os import environ\nnow = datetime.now()\nos.environ\n")
    assert len(list(impure(bad))) == 4
