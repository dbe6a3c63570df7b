"""The parts of a card's detail that are its own. Whatever stands in them is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable

from triage.feedback.sections import escaped

MOST_LINES = 10
"""How many lines of a list are told one by one."""

_TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Characters that turn the direction in which text is read (Unicode, bidirectional controls)."""


def listed(heading: str, lines: Iterable[str]) -> str:
    """A heading with a list under it, as GFM; empty where there is nothing to list."""
    every = list(dict.fromkeys(lines))
    told = [f"- {escaped(line)}" for line in every[:MOST_LINES]]
    if len(every) > MOST_LINES:
        told.append(f"- And {len(every) - MOST_LINES} more.")
    return "\n".join([f"**{escaped(heading)}:**", "", *told]) + "\n" if told else ""


def shown(text: str) -> str:
    """A text as it may be shown: nothing in it turns the direction of what is read."""
    return _TURNING.sub("", text)
