"""Writes letters to a folder, from which somebody prints and posts them."""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from triage.deliver.outcome import DELIVERED, Outcome

_FULL = "disk_full"

FAILURES: Mapping[int | None, str] = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EACCES: "not_allowed",
    errno.EPERM: "not_allowed",
    errno.EROFS: "not_allowed",
}
"""What is said of an error of the system; of any other that it is not written."""


@dataclass(frozen=True, slots=True)
class Letters:
    """A folder of letters, which nobody but its owner reads unless they made it otherwise."""

    folder: Path

    def put(self, delivery_id: str, attempt: int, forms: Mapping[str, bytes]) -> Outcome:
        """Put a letter there in each of its forms; what came of it.

        Each file is there whole, or not at all, and a second attempt puts it in the same place.
        ``failure`` is one of ``disk_full``, ``not_allowed`` and ``not_written``.
        """
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            for ending, content in forms.items():
                self._put(f"{delivery_id}{ending}", attempt, content)
            _sync(self.folder)
        except OSError as error:
            return Outcome(FAILURES.get(error.errno, "not_written"))
        return DELIVERED

    def _put(self, name: str, attempt: int, content: bytes) -> None:
        """Write a file under another name first: each attempt under one of its own."""
        made = self.folder / f".{name}.{attempt}"
        try:
            with os.fdopen(os.open(made, _WRITTEN_ANEW, 0o600), "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            made.replace(self.folder / name)
        finally:
            for left in self.folder.glob(f".{name}.*"):  # of attempts that were broken off as well
                with suppress(OSError):
                    left.unlink()


_WRITTEN_ANEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC


def _sync(folder: Path) -> None:
    """Let the names of the files outlast a crash as well."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
