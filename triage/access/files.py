"""Files that are read again when they have changed, and not otherwise."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

Content = TypeVar("Content")


class FileReader(Generic[Content]):
    """Gives what a file holds. ``read`` makes it of the path, and may raise."""

    def __init__(self, path: Path, read: Callable[[Path], Content]) -> None:
        self._path, self._read = path, read
        self._held: tuple[tuple[int, ...], Content] | None = None

    def content(self) -> Content:
        """What the file holds now. Raises ``OSError`` without a file, and what ``read`` raises."""
        found = self._path.stat()
        stamp = (found.st_mtime_ns, found.st_size, found.st_ino)
        held = self._held
        if held is None or held[0] != stamp:
            held = self._held = (stamp, self._read(self._path))
        return held[1]
