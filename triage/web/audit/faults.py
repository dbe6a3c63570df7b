"""Faults of what was typed into a form, each at its field and in words for people."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from triage.errors import Fault

SAID: Sequence[tuple[str, str, str]] = (
    ("to", "is not after from", "The last day is before the first; swap them"),
    ("to", "is before from", "The last day is before the first; swap them"),
    ("to", "days from the first day", "The last day is too long after the first; ask for fewer"),
    ("from", "must be", "Enter a day, such as 2026-11-21"),
    ("to", "must be", "Enter a day, such as 2026-11-21"),
)
"""What is said to people instead, by field and by words of what is wrong."""

LABELS: Mapping[str, str] = {
    "from": "The first day",
    "to": "The last day",
    "route": "This",
    "urgency": "This",
    "source": "This",
    "ods_code": "The code of a practice",
    "rule": "This",
    "rulebook": "The rulebook",
    "overridden": "Whether it was overridden",
    "before": "Where the page begins",
    "after": "Where the page begins",
}
"""What fields are called in front of what is wrong with them."""

_NAME = re.compile(r"\w+")


def faults_by_field(faults: Iterable[Fault]) -> dict[str, str]:
    """What is wrong, by the field at which it is said: the first fault of each."""
    found: dict[str, str] = {}
    for fault in faults:
        match = _NAME.match(fault.field)
        name = match[0] if match else fault.field
        found.setdefault(name, _said(name, fault.problem))
    return found


def _said(name: str, problem: str) -> str:
    told = (words for field, part, words in SAID if field == name and part in problem)
    return next(told, f"{LABELS.get(name, name)} {problem}")
