"""The inks of charts: a pattern and a colour each, so that nobody needs to tell colours apart.

Every colour has a contrast of at least 3 to 1 with white, which parts the boxes of a chart from one
another, and with the inks before and after it: dark ones and light ones take turns.
"""

from __future__ import annotations

from dataclasses import dataclass

TILE = 8
"""How wide and high the tile of a pattern is."""


@dataclass(frozen=True, slots=True)
class Ink:
    """The colour, and the path in a tile that is filled with it or, where it is a line, drawn."""

    colour: str
    path: str
    line: bool = True


INKS = (
    Ink("#003087", "M0 0h8v8h-8z", line=False),
    Ink("#cc6f17", "M-2 2l4-4M0 8l8-8M6 10l4-4"),
    Ink("#4c1130", "M0 0h4v4h-4zM4 4h4v4h-4z", line=False),
    Ink("#009c8d", "M0 2h8M0 6h8"),
    Ink("#212b32", "M0 0l8 8M8 0l-8 8"),
    Ink("#9877cf", "M2 0v8M6 0v8"),
    Ink("#00401c", "M-2 6l4 4M0 0l8 8M6-2l4 4"),
    Ink("#0091c9", "M2 2h4v4h-4z", line=False),
    Ink("#5c1a00", "M0 4h8M4 0v8"),
    Ink("#d9667f", "M0 6l4-4 4 4"),
    Ink("#3b2060", "M1 1h2v2h-2zM5 5h2v2h-2z", line=False),
    Ink("#ad7f26", "M0 4h8"),
)
"""One for each part of a bar or column, the first for the lowest."""


def ink_of(place: int) -> int:
    """The place among ``INKS`` for the part of a bar in a place; they begin anew after the last."""
    return place % len(INKS)
