"""A decision in one line, short enough for the card that a GP system shows (CDS Hooks 2.0)."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import shorten

MOST = 139
"""Characters of a summary: the specification asks for fewer than 140."""


@dataclass(frozen=True, slots=True)
class Headline:
    """What a summary is made of. ``danger``: the referrer rings the team now."""

    title: str
    clock: str
    phone: str
    danger: bool
    held: bool

    @property
    def heading(self) -> str:
        """Where it goes and how fast."""
        return f"{self.title}: {self.clock}" if self.clock else self.title

    def summary(self) -> str:
        """Where, how fast and whom to ring. A title that is too long loses words at its end."""
        whole = self._line(self.title)
        if len(whole) <= MOST:
            return whole
        room = MOST - (len(whole) - len(self.title))
        return _cut(self._line(_cut(self.title, room)), MOST)

    def _line(self, title: str) -> str:
        joint = ", " if "," in title else " "
        where = f"{title}{joint}{self.clock}" if self.clock else title
        held = "; book nothing until a clinician has looked" if self.held else ""
        return f"{where}: {self._ring()}{held}"

    def _ring(self) -> str:
        if not self.danger:
            return self.phone
        return f"ring {self.phone}" if self.clock == "now" else f"ring {self.phone} now"


def _cut(text: str, room: int) -> str:
    """As many whole words as there is room for."""
    return shorten(text, max(room, 1), placeholder="…", break_on_hyphens=False)
