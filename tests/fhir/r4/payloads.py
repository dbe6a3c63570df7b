"""The published examples of FHIR messages, where they are at hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parents[4] / "shared" / "payloads"

needs_payloads = pytest.mark.skipif(not FOLDER.is_dir(), reason="the published examples are absent")


def payload(name: str) -> dict[str, Any]:
    """One example, as JSON."""
    read: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text())
    return read


def payloads() -> list[dict[str, Any]]:
    """Every example that is JSON."""
    found = []
    for path in sorted(FOLDER.glob("*.json")):
        try:
            found.append(json.loads(path.read_text()))
        except ValueError:
            continue
    return found
