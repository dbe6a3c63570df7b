"""Finds the referrals in a file, one at a time: NDJSON, one JSON object, or a JSON list of them.

A file is never held as a whole. A line that is broken costs that line and no other; inside a JSON
list the same holds for each member.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from triage.api.lax_json import MOST_BYTES

LONGEST = MOST_BYTES
"""The most bytes of one referral that are looked at, for danger if for nothing else."""

CHUNK = 64 * 1024
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_MARKS = re.compile(rb'["{}\[\],\n]')
_STRING_MARKS = re.compile(rb'["\\\n]')


@dataclass(frozen=True, slots=True)
class Found:
    """The text of what should be one referral, and the line on which it begins."""

    line: int
    text: bytes
    too_long: bool = False


def referrals_in(file: BinaryIO) -> Iterator[Found]:
    """Everything in a file that should be a referral, in order."""
    first, line = _first_line(file)
    if not first:
        return
    if _is_document(first, file):
        yield from _Members(line).of(first, file)
    else:
        yield from _lines(first, line, file)


def _first_line(file: BinaryIO) -> tuple[bytes, int]:
    """The first line that is not blank (its beginning, where it is very long), and its number."""
    number = 0
    while line := file.readline(LONGEST + 1):
        number += 1
        line = line.removeprefix(_BYTE_ORDER_MARK) if number == 1 else line
        if line.strip():
            return line, number
    return b"", number


def _is_document(first: bytes, file: BinaryIO) -> bool:
    """Is it JSON over several lines, or a list, rather than one referral a line?

    A line that opens more than it closes goes on below, unless the next line opens anew: then it
    is one broken line among others.
    """
    stripped = first.strip()
    if stripped.startswith(b"["):
        return stripped[1:].lstrip()[:1] in (b"", b"{", b"]")
    return stripped.startswith(b"{") and _depth(stripped) > 0 and not _next_opens(file)


def _depth(text: bytes) -> int:
    """How many braces and brackets are still open at the end of a text."""
    bare = re.sub(rb'"(?:[^"\\]|\\.)*"', b"", text)
    return sum(step * bare.count(mark) for mark, step in _STEPS.items())


def _next_opens(file: BinaryIO) -> bool:
    peek = getattr(file, "peek", None)
    return peek is not None and peek(1).lstrip().startswith(b"{")


def _lines(first: bytes, number: int, file: BinaryIO) -> Iterator[Found]:
    line = first
    while line:
        too_long = len(line) > LONGEST and not line.endswith(b"\n")
        while too_long and line and not line.endswith(b"\n"):
            line = file.readline(LONGEST)
        if too_long or line.strip():
            yield Found(number, b"" if too_long else line.strip(), too_long)
        line, number = file.readline(LONGEST + 1), number + 1


class _Members:
    """Cuts a stream of JSON into its values, and the lists at its top into their members."""

    def __init__(self, line: int) -> None:
        self._line, self._begun = line, line
        self._depth, self._floor, self._in_string = 0, 0, False
        self._text = bytearray()
        self._too_long = False

    def of(self, first: bytes, file: BinaryIO) -> Iterator[Found]:
        """The values of a stream whose beginning was read already."""
        chunk = _whole(first, file)
        while chunk:
            yield from self._cut(chunk)
            chunk = _whole(file.read(CHUNK), file)
        yield from self._end()

    def _cut(self, chunk: bytes) -> Iterator[Found]:
        place = 0
        while mark := (_STRING_MARKS if self._in_string else _MARKS).search(chunk, place):
            self._keep(chunk[place : mark.start()])
            place = mark.end()
            if mark.group() == b"\\":
                self._keep(chunk[mark.start() : place + 1])
                place += 1
            elif self._ends_at(mark.group()):
                yield from self._end()
        self._keep(chunk[place:])

    def _ends_at(self, mark: bytes) -> bool:
        """Take in one mark of structure: does a value end with it?"""
        was = self._depth
        self._line += mark == b"\n"
        self._in_string = (mark == b'"') is not self._in_string and mark != b"\n"
        self._depth = max(was + _STEPS.get(mark, 0), 0)
        if mark == b"[" and was == 0:
            self._floor = 1
        elif mark == b"]" and was == self._floor:
            self._floor = 0
            return True
        elif mark == b"," and was == self._floor:
            return True
        else:
            self._keep(mark)
        return mark == b"}" and self._depth == 0

    def _keep(self, text: bytes) -> None:
        if not self._text:
            text = text.lstrip()
            self._begun = self._line
        if len(self._text) + len(text) > LONGEST:
            self._too_long = True
        else:
            self._text += text

    def _end(self) -> Iterator[Found]:
        text = bytes(self._text).strip()
        if self._too_long:
            yield Found(self._begun, b"", too_long=True)
        elif text:
            yield Found(self._begun, text)
        self._text.clear()
        self._too_long = False


_STEPS = {b"{": 1, b"[": 1, b"}": -1, b"]": -1}


def _whole(chunk: bytes, file: BinaryIO) -> bytes:
    """A chunk that does not end between a backslash and what it escapes."""
    while chunk.endswith(b"\\") and (more := file.read(1)):
        chunk += more
    return chunk
