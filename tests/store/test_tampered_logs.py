"""A thousand logs tampered with in every way: all are found out, and the right entry named."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import text

from tests.bulk import fill
from tests.campaigns import share
from tests.store import hands_beside, hands_on_entries
from tests.store.hands import Expected, Hand
from tests.store.lived_logs import LivedLog, lived, living, tampering
from triage.config import Settings
from triage.errors import DamagedLogError
from triage.rulebook import Rulebook
from triage.store import stretches, verification
from triage.store.opening import open_log

HANDS = (*hands_on_entries.HANDS, *hands_beside.HANDS)

LARGE = 400_000
"""How many entries a large log has: enough for several processes, also where a tenth is tried."""


def found_in(log: LivedLog, tamper: Callable[[Hand], Expected], seed: int) -> None:
    """Tamper with a log, and see that it is found."""
    with tampering(log) as connection:
        expected = tamper(Hand(log, connection, Random(seed)))
    with pytest.raises(DamagedLogError) as caught:
        log.verified(expected.held)
    found = caught.value
    told = (seed, tamper.__name__, expected, found.first, found.last, found.problem)
    assert expected.first <= found.first <= found.last <= expected.last, told
    assert expected.words in found.problem, told


@pytest.mark.parametrize("tamper", HANDS, ids=[hand.__name__ for hand in HANDS])
def test_every_way_to_tamper_is_found_on_either_database(
    lived_log: LivedLog, tamper: Callable[[Hand], Expected]
) -> None:
    found_in(lived_log, tamper, 3)


@pytest.mark.parametrize("stretch", [4, 32])
@pytest.mark.parametrize("tamper", HANDS, ids=[hand.__name__ for hand in HANDS])
def test_it_is_found_however_the_log_is_cut_up(
    copied: LivedLog,
    tamper: Callable[[Hand], Expected],
    stretch: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(verification, "STRETCH", stretch)
    monkeypatch.setattr(verification, "FEW", 1000)
    found_in(copied, tamper, stretch)


LOGS = 1_000

BATCHES = 10
"""A campaign is ten tests, so that several processes share it and its progress is seen."""

STEPS = 10
"""An honest log is verified so many times while it grows: it is another log each time."""


def drawn(seed: int, rulebook: Rulebook, folder: Path) -> LivedLog:
    """A log of 20 to 500 entries in SQLite."""
    random = Random(seed)
    file = folder / f"{seed}.db"
    settings = Settings(database_url=f"sqlite:///{file}", keys=folder / "keys" / str(seed))
    return lived(settings, rulebook, random, random.randint(20, 500))


@pytest.mark.parametrize("batch", range(BATCHES))
def test_a_thousand_tampered_logs_are_found_out(
    batch: int, rulebook: Rulebook, tmp_path: Path
) -> None:
    log = drawn(batch, rulebook, tmp_path)
    for seed in range(batch, share(LOGS), BATCHES):
        if seed % (BATCHES * BATCHES) == batch and seed > batch:
            log = drawn(seed, rulebook, tmp_path)
        found_in(log.copied(tmp_path / "tampered.db"), HANDS[seed // BATCHES % len(HANDS)], seed)


@pytest.mark.parametrize("batch", range(BATCHES))
def test_a_thousand_honest_logs_are_never_doubted(
    batch: int, rulebook: Rulebook, tmp_path: Path
) -> None:
    for begun in range(batch, share(LOGS), BATCHES * STEPS):
        random = Random(begun)
        file, keys = tmp_path / f"{begun}.db", tmp_path / "keys" / str(begun)
        settings = Settings(database_url=f"sqlite:///{file}", keys=keys)
        steps = [random.randint(10, 50) for _ in range(STEPS)]
        for log in living(settings, rulebook, random, steps):
            held = random.sample(log.heads, min(3, len(log.heads)))
            assert log.verified(held).entries == log.size
        file.unlink()


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> LivedLog:
    """A large log, made fast."""
    folder = tmp_path_factory.mktemp("large")
    settings = Settings(database_url=f"sqlite:///{folder / 'log.db'}", keys=folder / "keys")
    fill(settings, share(LARGE))
    with closing(open_log(settings)) as log:
        return LivedLog(settings, log.head().head.size, [log.head()])


def test_a_large_log_is_proved_by_several_processes(large: LivedLog) -> None:
    assert large.size > verification.FEW * stretches.STRETCH
    assert large.verified(large.heads).entries == large.size


@pytest.mark.parametrize("far", [0, 1])
def test_one_entry_of_a_large_log_is_named(large: LivedLog, tmp_path: Path, far: int) -> None:
    copied = large.copied(tmp_path / "copied.db")
    first = Random(far).randint(1, 1000) + far * (large.size - 2000)
    with tampering(copied) as connection:
        hand = Hand(copied, connection, Random(0))
        for sequence in (first + 3, first, first + 20_000):
            if sequence <= large.size:
                hand.write(sequence, by=None)
    with pytest.raises(DamagedLogError) as caught:
        copied.verified()
    assert caught.value.first == caught.value.last == first


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE spans SET earliest = '2000' WHERE last = 2048",
        "DELETE FROM spans WHERE last = 2048",
    ],
)
def test_an_entry_hidden_from_a_search_by_time_is_found_out(
    large: LivedLog, tmp_path: Path, statement: str
) -> None:
    copied = large.copied(tmp_path / "copied.db")
    with tampering(copied) as connection:
        connection.execute(text(statement))
    with pytest.raises(DamagedLogError, match="the time at which it was recorded") as caught:
        copied.verified()
    assert (caught.value.first, caught.value.last) == (1025, 2048)
