"""Diagrams that were built, kept in files by the digest of their rulebook.

A file is believed only where it says what it should: this rulebook, this very code, and its own
checksum. Anything else is built anew. Nobody's answers are in it.
"""

from __future__ import annotations

import json
from contextlib import suppress
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from triage.diagram.diagram import Diagram
from triage.diagram.model import routing_rules
from triage.diagram.space import space_of
from triage.rulebook import Rulebook

MADE_BY = ("triage.diagram", "triage.domain", "triage.rulebook")
"""The code that a diagram comes of: whatever is changed in it, every diagram is built again."""


def _code() -> str:
    """The digest of the code that makes diagrams."""
    found = sha256()
    for package in MADE_BY:
        for file in sorted(files(package).iterdir(), key=lambda each: each.name):
            if file.name.endswith(".py"):
                found.update(file.name.encode() + file.read_bytes())
    return found.hexdigest()


def kept_diagram(rulebook: Rulebook, folder: Path) -> Diagram:
    """The diagram of a rulebook: from its file or, where there is none to believe, built and kept.

    A folder that cannot be written to is no fault: the diagram is built again next time.
    """
    file = folder / f"{rulebook.stamp.digest.removeprefix('sha256:')}.json"
    nodes = _read(file, rulebook)
    if nodes is not None:
        return Diagram(rulebook.stamp, space_of(rulebook, routing_rules(rulebook)), nodes)
    built = Diagram.of(rulebook)
    with suppress(OSError):
        _write(file, _told(built))
    return built


def _told(diagram: Diagram) -> dict[str, Any]:
    """What a file says of a diagram."""
    nodes = [
        [depth, list(outcome if outcome is not None else below)]
        for depth, below, outcome in zip(
            diagram.depths, diagram.children, diagram.outcomes, strict=True
        )
    ]
    told = {
        "code": _code(),
        "digest": diagram.stamp.digest,
        "nodes": nodes,
    }
    return {**told, "checksum": _checksum(told)}


def _checksum(told: dict[str, Any]) -> str:
    return sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _read(file: Path, rulebook: Rulebook) -> list[tuple[int, Any]] | None:
    """The nodes that a file holds; None where it is not there or not to be believed."""
    try:
        told = json.loads(file.read_bytes())
        checksum = told.pop("checksum")
        expected = (_code(), rulebook.stamp.digest)
        if checksum != _checksum(told) or (told["code"], told["digest"]) != expected:
            return None
        return [(depth, below) for depth, below in told["nodes"]]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _write(file: Path, told: dict[str, Any]) -> None:
    """Write a file whole or not at all, whoever else writes it at the same time."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile("w", dir=file.parent, suffix=".part", delete=False) as part:
        try:
            part.write(json.dumps(told, separators=(",", ":")))
            part.close()
            Path(part.name).replace(file)
        finally:
            Path(part.name).unlink(missing_ok=True)
