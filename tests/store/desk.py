"""Somebody who checks exports with the stand-alone verifier."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest

from tests.store.made_logs import KEY, ORIGIN, Item, MadeLog, exported
from tests.store.tampering import row_of
from triage import verify_log
from triage.store.checkpoint import SignedHead

VKEY = KEY.vkey(ORIGIN)

LOG = MadeLog.drawn(Random(7), 60)


class Desk:
    """Somebody who checks exports: writes files, asks the verifier, reads what it says."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._capsys = capsys

    def file(self, name: str, text: str | bytes) -> str:
        """A file with some content."""
        path = self.folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(path)

    def export(self, items: Sequence[Item]) -> str:
        """A file with an export."""
        return self.file("log.ndjson", "".join(exported(items)))

    def ask(self, *arguments: str) -> tuple[int, str]:
        """How the verifier ends, and what it says."""
        status = verify_log.main(arguments)
        said = self._capsys.readouterr()
        return status, said.out + said.err

    def check(self, items: Sequence[Item], *more: str) -> tuple[int, str]:
        """The same, of an export under the log's own key."""
        return self.ask(self.export(items), "--key", VKEY, *more)


def head_at(size: int, log: MadeLog = LOG) -> SignedHead:
    """The first head of a log that covers so many entries."""
    return next(head for head in log.heads if head.head.size >= size)


def index_of(sequence: int) -> int:
    """Where an entry stands among the lines of the log."""
    return LOG.items.index(row_of(LOG, sequence))
