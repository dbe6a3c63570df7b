"""Decisions come out the same on another machine, where nothing but the log can be read."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.campaigns import share
from tests.recorded import GP, drawn
from tests.replay.versions import VERSIONS, versions
from triage.decide import Decider
from triage.rulebook import Rulebook
from triage.store.entries import Kind, NewEntry

ROOT = Path(__file__).parents[2]

REFERRALS = 6_000
"""How many decisions are made again in each surroundings by the long campaign."""


def leaves(rulebook: Rulebook, seed: int, count: int) -> list[str]:
    """Entries of decisions on a rulebook, as the log would hold them."""
    draw, found = drawn(rulebook, seed), []
    with closing(Decider(rulebook)) as decider:
        for sequence in range(1, count + 1):
            kept = decider.known(draw()).without_own_words(rulebook.vocabulary)
            decision = decider.conclude(kept).as_dict()
            del decision["reference"]
            parts = {"referral": kept.as_dict(), "decision": decision}
            _, leaf = NewEntry(Kind.DECISION, GP, parts).leaf(sequence, "2026-11-22T10:15:00.123Z")
            found.append(leaf.decode())
    return found


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """Decisions of many versions with their rulebooks in a file, and how many there are."""
    folder = tmp_path_factory.mktemp("versions")
    rulebooks, entries = {}, []
    for seed, rulebook in enumerate(versions(folder)):
        rulebooks[rulebook.stamp.digest] = json.dumps(rulebook.content, ensure_ascii=False)
        entries += leaves(rulebook, seed, share(REFERRALS) // VERSIONS)
    file = folder / "given.json"
    file.write_text(json.dumps({"rulebooks": rulebooks, "leaves": entries}), encoding="utf-8")
    return file, len(entries)


def replayed(given: Path, surroundings: dict[str, str]) -> tuple[int, str]:
    """How many come out identical in some surroundings, and a digest of what came out."""
    told = subprocess.run(
        [sys.executable, "-m", "tests.replay.far_away", str(given)],
        cwd=ROOT,
        env={**os.environ, **surroundings},
        capture_output=True,
        check=False,
        text=True,
    )
    assert told.returncode == 0, told.stderr
    identical, digest = told.stdout.split()
    return int(identical), digest


def test_every_surroundings_give_the_same_bytes(given: tuple[Path, int]) -> None:
    file, count = given
    found = {
        replayed(file, {"PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": locale})
        for seed, zone, locale in (
            ("0", "UTC", "C"),
            ("1", "Asia/Tokyo", "C.UTF-8"),
            ("4711", "America/Los_Angeles", "tr_TR.UTF-8"),
        )
    }
    assert len(found) == 1
    ((identical, _),) = found
    assert identical == count >= VERSIONS


def test_whoever_asks_for_more_is_refused(tmp_path: Path) -> None:
    script = (
        "import sys; sys.argv[1:] = [sys.argv[1]]\n"
        "from tests.replay import far_away\n"
        "import datetime, time\n"
        "for asked in (datetime.datetime.now, datetime.date.today):\n"
        "    try: asked()\n"
        "    except AssertionError: continue\n"
        "    sys.exit('was told')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], cwd=ROOT, check=False, capture_output=True
    )
    assert done.returncode == 0, done.stderr
