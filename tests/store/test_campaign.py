"""A thousand logs, each tampered with in every way; a thousand honest ones; and one large log."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from tests.campaigns import share
from tests.store.made_logs import KEY, KEYS, ORIGIN, MadeLog, Row, exported, records
from tests.store.tampering import KINDS, Tampered
from triage import verify_log

LOGS = 1_000

LARGE = 100_000

BATCHES = 10
"""A campaign is ten tests, so that several processes share it and its progress is seen."""

VERIFIER = Path(verify_log.__file__)


def drawn(seed: int) -> tuple[MadeLog, Random]:
    """A log of 20 to 500 entries, and what is drawn after it."""
    random = Random(seed)
    return MadeLog.drawn(random, random.randint(20, 500)), random


def found_in(tampered: Tampered) -> verify_log.NotProved:
    """What the verifier finds; it must find something."""
    held = [verify_log.head_of(head.note(), "held") for head in tampered.held]
    with pytest.raises(verify_log.NotProved) as found:
        verify_log.check(lambda: records(tampered.items), KEYS, held)
    return found.value


def proved(log: MadeLog, held: list[verify_log.Head], *, every_head: bool) -> verify_log.Proof:
    """What the verifier proves of an honest log."""
    return verify_log.check(lambda: records(log.items), KEYS, held, every_head=every_head)


def is_named(log: MadeLog, tampered: Tampered, found: verify_log.NotProved) -> bool:
    """Is the entry named where tampering began, as closely as can be known?

    Where all that is unsigned was put right, nothing but signatures is left to go by, so the
    entry is known to be one of its commit. What was put in moves the rest by one.
    """
    if tampered.exact:
        return found.first == found.last == tampered.first
    start, end = log.around(tampered.first)
    return start <= found.first <= tampered.first <= found.last <= end + 1


@pytest.mark.parametrize("batch", range(BATCHES))
@pytest.mark.parametrize("kind", KINDS[:4], ids=[kind.__name__ for kind in KINDS[:4]])
def test_whatever_was_tampered_with_is_caught_and_named(
    kind: Callable[[MadeLog, Random], Tampered], batch: int
) -> None:
    for seed in range(batch, share(LOGS), BATCHES):
        log, random = drawn(seed)
        tampered = kind(log, random)
        found = found_in(tampered)
        told = (seed, tampered.what, tampered.first, found.first, found.last, found.why)
        assert is_named(log, tampered, found), told
        assert found.proved < found.first, told


@pytest.mark.parametrize("batch", range(BATCHES))
def test_a_log_that_was_cut_short_is_caught(batch: int) -> None:
    for seed in range(batch, share(LOGS), BATCHES):
        tampered = KINDS[4](*drawn(seed))
        found = found_in(tampered)
        longer = tampered.held[0].head.size
        rows = sum(isinstance(item, Row) for item in tampered.items)
        why = f"truncated: the head held elsewhere covers {longer} entries, the export holds {rows}"
        assert found.why.startswith(why), (seed, found.why)


@pytest.mark.parametrize("batch", range(BATCHES))
def test_a_history_written_twice_is_caught(batch: int) -> None:
    for seed in range(batch, share(LOGS), BATCHES):
        tampered = KINDS[5](*drawn(seed))
        found = found_in(tampered)
        told = (seed, tampered.first, found.first, found.last, found.why)
        assert found.why.startswith("forked: "), told
        assert found.first <= tampered.first <= found.last == tampered.held[0].head.size, told


@pytest.mark.parametrize("batch", range(BATCHES))
def test_an_honest_log_is_never_doubted(batch: int) -> None:
    for seed in range(batch, share(LOGS), BATCHES):
        log, random = drawn(seed)
        heads = random.sample(log.heads, min(3, len(log.heads)))
        held = [verify_log.head_of(head.note(), "held") for head in heads]
        proof = proved(log, held, every_head=seed % 2 == 0)
        assert (proof.entries, proof.held) == (len(log.entries), len(held))
        assert proof.head.root == log.heads[-1].head.root


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> tuple[MadeLog, Path]:
    """One large log, and its export."""
    log = MadeLog.drawn(Random(0), share(LARGE))
    path = tmp_path_factory.mktemp("large") / "log.ndjson"
    with path.open("w", encoding="utf-8") as file:
        file.writelines(exported(log.items))
    return log, path


def verified(path: Path) -> tuple[int, str, int]:
    """How the verifier ends on its own, what it says, and the memory it took, in kibibytes."""
    command = [sys.executable, "-I", "-S", str(VERIFIER), str(path), "--key", KEY.vkey(ORIGIN)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout
        said = running.stdout.read()
        _, status, used = os.wait4(running.pid, 0)
        running.returncode = os.waitstatus_to_exitcode(status)
    return running.returncode, said, used.ru_maxrss


def test_a_large_log_is_proved_in_little_memory(
    large: tuple[MadeLog, Path], tmp_path: Path
) -> None:
    log, path = large
    small = tmp_path / "small.ndjson"
    small.write_text("".join(exported(MadeLog.drawn(Random(1), 20).items)), encoding="utf-8")
    _, _, least = verified(small)
    status, said, used = verified(path)
    assert (status, said.split()[:4]) == (0, ["PROVED:", "the", str(len(log.entries)), "entries"])
    assert used - least < 8_000


def test_one_entry_of_a_large_log_is_named(large: tuple[MadeLog, Path], tmp_path: Path) -> None:
    log, path = large
    wanted = Random(2).randint(1, len(log.entries))
    changed = tmp_path / "changed.ndjson"
    with path.open(encoding="utf-8") as lines, changed.open("w", encoding="utf-8") as file:
        for line in lines:
            here = f'\\"sequence\\":{wanted}}}' in line
            file.write(line.replace("iapt_step", "iapt_stop") if here else line)
    status, said, _ = verified(changed)
    assert status == 1
    assert said.startswith(f"NOT PROVED: the first bad entry is entry {wanted}: it is not what")
