"""Feedback as text: plain, or in the Markdown of GitHub (GFM) with nothing in it but our marks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what stands under it: a line, or a list."""

    heading: str
    line: str = ""
    items: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Is there nothing to tell under this heading?"""
        return not (self.line or self.items)


def as_text(heading: str, sections: Sequence[Section]) -> str:
    """The sections as plain text, each with its list below it."""
    parts = ["\n".join(_text_lines(one)) for one in sections if not one.is_empty]
    return "\n\n".join([heading, *parts]) + "\n"


def _text_lines(section: Section) -> Iterator[str]:
    yield f"{section.heading}: {section.line}" if section.line else f"{section.heading}:"
    yield from (f"- {item}" for item in section.items)


def as_markdown(heading: str, sections: Sequence[Section]) -> str:
    """The sections as GFM. All that rule files, teams and people wrote is escaped."""
    parts = ["\n".join(_markdown_lines(one)) for one in sections if not one.is_empty]
    return "\n\n".join([f"**{escaped(heading)}**", *parts]) + "\n"


def _markdown_lines(section: Section) -> Iterator[str]:
    line = f" {escaped(section.line)}" if section.line else ""
    yield f"**{escaped(section.heading)}:**{line}"
    if section.items:
        yield ""
        yield from (f"- {escaped(item)}" for item in section.items)


_MARKS = re.compile(r"[\\`*_\[\]<>|~&#@$]|(?<=[A-Za-z]):(?=//)|(?<=www)\.", re.IGNORECASE)
"""What has a meaning anywhere in a line of GFM, or begins an address it would make a link of."""

_BLOCK = re.compile(r"^(?:[-+=]|\d+(?=[.)]))")
"""What has a meaning at the start of a line."""


def escaped(text: str) -> str:
    """A text as one line of GFM that reads as it is written, whatever stands in it."""
    line = _MARKS.sub(r"\\\g<0>", " ".join(text.split()))
    begins = _BLOCK.match(line)
    if begins is None:
        return line
    mark = begins[0]
    safe = f"{mark}\\" if mark.isdigit() else f"\\{mark}"
    return safe + line[begins.end() :]
