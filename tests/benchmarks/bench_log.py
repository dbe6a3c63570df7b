"""How long it takes to prove a log of a million entries, one entry of it, and to decide it again.

The log is made once for each database, in a folder that is gone afterwards; ``BENCH_ENTRIES`` in
the environment sets another length. Entries are as the service records them, about 6 kB each, so a
million take 7 GB and some minutes. Run it with ``pytest -s tests/benchmarks/bench_log.py``, and
with ``-k sqlite`` for one of them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter

import pytest

from tests.benchmarks.conftest import Say
from tests.benchmarks.figures import timed
from tests.bulk import fill
from tests.databases import KINDS, log_settings
from triage.config import Settings
from triage.replay import Replayer
from triage.store.log import DecisionLog
from triage.store.opening import open_log
from triage.store.verification import Elsewhere, verify

ENTRIES = int(os.environ.get("BENCH_ENTRIES", "1000000"))

PROOFS, REPLAYS = 500, 2_000


@pytest.fixture(scope="module", params=KINDS)
def log(request: pytest.FixtureRequest) -> Iterator[DecisionLog]:
    """A log of that length."""
    with TemporaryDirectory() as folder, log_settings(request.param, Path(folder)) as settings:
        yield from _filled(settings)


def _filled(settings: Settings) -> Iterator[DecisionLog]:
    fill(settings, ENTRIES, size="real")
    with closing(open_log(settings)) as log:
        yield log


def test_verification_of_the_whole_log(log: DecisionLog, say: Say) -> None:
    begun = perf_counter()
    found = verify(log.database, Elsewhere(person_key=log.person_key))
    seconds = perf_counter() - begun
    assert found.entries == ENTRIES
    say(
        f"verified {ENTRIES:,} entries in {seconds:.1f} s on {os.cpu_count()} cores:"
        f" {ENTRIES / seconds:,.0f} a second"
    )


def test_the_proof_of_one_entry(log: DecisionLog, say: Say) -> None:
    random = Random(1)
    sequences = [random.randint(1, ENTRIES) for _ in range(PROOFS)]
    say(f"proof of one entry:  {timed(log.inclusion, sequences, rounds=1)}")


def test_replay(log: DecisionLog, say: Say) -> None:
    entries = list(islice(log.decisions(1, ENTRIES), REPLAYS))
    with closing(Replayer(log)) as replayer:
        replayer.replay(entries[0])
        begun = perf_counter()
        identical = sum(replayer.replay(entry).identical for entry in entries)
        seconds = perf_counter() - begun
    assert identical == len(entries)
    say(f"replay on one core:  {len(entries) / seconds:,.0f} decisions a second, all identical")
