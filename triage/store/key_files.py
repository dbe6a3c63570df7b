"""Files that hold a key: made once, whole or not at all, and read by their owner alone."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from tempfile import mkstemp

from triage.errors import SettingsError

OTHERS = stat.S_IRWXG | stat.S_IRWXO
"""What a group or the rest of the world might do with a file."""


def read_key_file(path: Path) -> bytes:
    """What a key file holds.

    Raises ``SettingsError`` where it is missing, cannot be read, or is open to others.
    """
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            content = file.read()
    except FileNotFoundError:
        raise SettingsError(
            f"there is no key file {path}; put the key there, or set TRIAGE_KEYS to its folder"
        ) from None
    except OSError as error:
        raise SettingsError(f"the key file {path} cannot be read: {error.strerror}") from error
    if mode & OTHERS:
        raise SettingsError(
            f"the key file {path} is open to others than its owner; type: chmod 600 {path}"
        )
    return content


def create_key_file(path: Path, content: bytes) -> None:
    """Write a key file, and its folder where that is missing, unless the file is there already.

    The file appears whole and on disk, or not at all: of several processes that do this at once,
    one has its content kept, and every one then reads the same. Raises ``SettingsError`` where
    the folder cannot be written to.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _put(path, content)
    except OSError as error:
        raise SettingsError(
            f"the key file {path} cannot be written: {error.strerror}; let TRIAGE_KEYS name a "
            "folder that this service may write to"
        ) from error


def _put(path: Path, content: bytes) -> None:
    descriptor, name = mkstemp(dir=path.parent, prefix=f".{path.name}.")  # 0600 from the first
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        _link(name, path)
    finally:
        Path(name).unlink()


def _link(name: str, path: Path) -> None:
    try:
        os.link(name, path)  # unlike a rename, this never takes the place of a file
    except FileExistsError:
        return
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
