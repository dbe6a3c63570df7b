"""The files of a rulebook: what they are called, and how one of them is opened."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources.abc import Traversable
from pathlib import Path

from triage.rulebook.strict_yaml import Faults, Node, Refused, read

FRONT_PAGE = "rulebook.yaml"
VOCABULARY = "vocabulary.yaml"
DIRECTORY = "service_directory.yaml"
OVERLAY = "overlay.yaml"

Files = Callable[[str], Node | None]
"""Gives what a rule file says, by its name; None where there is no such file. Raises
``Refused``."""


def opened(path: Path | Traversable, name: str, faults: Faults) -> Node | None:
    """What a file says, under the name by which faults call it; None where it is not there."""
    if not path.is_file():
        return None
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        faults.note(name, 1, "is not UTF-8 text; save it as UTF-8")
        raise Refused(name) from None
    return read(text, name, faults)


def files_in(directory: Path | Traversable, faults: Faults) -> Files:
    """The files of a directory."""
    return lambda name: opened(directory / name, name, faults)
