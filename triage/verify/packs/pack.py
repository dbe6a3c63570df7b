"""A pack of tests as one value, and as lines of JSON: a heading, then one test a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from triage.errors import PackError
from triage.rulebook import Stamp
from triage.wire import as_bytes

FORMAT = 1
"""What the heading of a pack says it is."""


@dataclass(frozen=True, slots=True)
class Test:
    """A referral as callers send it, and what the rules say of it.

    ``shows`` names everything that it is there for; ``rule`` and ``title`` are those of the first,
    and ``rule`` is None where that is what the vocabulary says of routes.
    """

    __test__ = False

    id: str
    rule: str | None
    title: str
    shows: tuple[str, ...]
    referral: Mapping[str, Any] = field(repr=False)
    expected: Mapping[str, Any] = field(repr=False)

    @property
    def rules(self) -> frozenset[str]:
        """The rules that it is there for."""
        return frozenset(name.partition("/")[0] for name in self.shows)

    def as_dict(self) -> dict[str, Any]:
        """The test as one line of a pack."""
        return {
            "id": self.id,
            "rule": self.rule,
            "title": self.title,
            "shows": list(self.shows),
            "referral": self.referral,
            "expected": self.expected,
        }


@dataclass(frozen=True, slots=True)
class Pack:
    """The tests of one rulebook, and what no test of it can show.

    ``not_apart``: comparisons of which no decision tells whether they hold. ``never_needed``:
    conclusions without which every decision would be the same. Each says why.
    """

    stamp: Stamp
    tests: tuple[Test, ...]
    not_apart: tuple[str, ...] = ()
    never_needed: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """How much there is of it."""
        return {
            "tests": len(self.tests),
            "shown": sum(len(test.shows) for test in self.tests),
            "cannot be told apart": len(self.not_apart),
            "never needed": len(self.never_needed),
        }

    def heading(self) -> dict[str, Any]:
        """The first line of a pack."""
        stamp = self.stamp
        return {
            "pack": FORMAT,
            "rulebook": {"id": stamp.id, "version": stamp.version, "digest": stamp.digest},
            "counts": self.counts,
            "cannot_be_told_apart": list(self.not_apart),
            "never_needed": list(self.never_needed),
        }


def written(pack: Pack) -> Iterator[bytes]:
    """The lines of a pack. The same rulebook gives the same bytes."""
    for one in (pack.heading(), *(test.as_dict() for test in pack.tests)):
        yield as_bytes(one) + b"\n"


def pack_in(lines: Iterable[bytes]) -> Pack:
    """The pack that lines are. Raises ``PackError``, with the line, where they are none."""
    found = _read(lines)
    number, heading = next(found, (1, {}))
    if heading.get("pack") != FORMAT:
        raise PackError(f"line {number} is not the heading of a pack; make one with rules tests")
    try:
        return Pack(
            Stamp(**heading["rulebook"]),
            tuple(_test(number, one) for number, one in found),
            tuple(heading["cannot_be_told_apart"]),
            tuple(heading["never_needed"]),
        )
    except (KeyError, TypeError):
        raise PackError(f"line {number} is not the heading of a whole pack") from None


def _read(lines: Iterable[bytes]) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(lines, 1):
        try:
            found = json.loads(line)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise PackError(f"line {number} is not one JSON object; was the file cut short?")
        yield number, found


def _test(number: int, one: dict[str, Any]) -> Test:
    try:
        return Test(**{**one, "shows": tuple(one["shows"])})
    except (KeyError, TypeError):
        raise PackError(f"line {number} is not a whole test") from None
