"""A count on standard error, where a person is watching and has something to wait for."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import TypeVar

T = TypeVar("T")

Watcher = Callable[[int, int], object]
"""Told how many are done, of how many."""

FEW = 20
"""Up to how many referrals are done before anybody could read a count."""


def watched(items: Iterable[T], *, no_color: bool) -> Iterator[T]:
    """The items as they are, with a count on standard error from the twenty-first on.

    No count where standard error is no terminal, or where the decisions themselves go to one.
    """
    iterator = iter(items)
    if not sys.stderr.isatty() or sys.stdout.isatty():
        yield from iterator
        return
    yield from islice(iterator, FEW)
    for one in iterator:
        yield one
        yield from _counted(iterator, FEW + 1, no_color=no_color)


def _counted(items: Iterator[T], done: int, *, no_color: bool) -> Iterator[T]:
    from rich.console import Console  # noqa: PLC0415 (slow to import, and seldom needed)
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    console = Console(stderr=True, no_color=no_color or None)
    columns = (SpinnerColumn(), TextColumn("{task.completed:,.0f} referrals"), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("deciding", total=None, completed=done)
        for one in items:
            yield one
            progress.advance(task)


@contextmanager
def bar(what: str, *, no_color: bool) -> Iterator[Watcher]:
    """How much of a whole is done, on standard error where that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda _done, _of: None
        return
    from rich.console import Console  # noqa: PLC0415 (slow to import, and seldom needed)
    from rich.progress import (  # noqa: PLC0415
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TimeRemainingColumn,
    )

    console = Console(stderr=True, no_color=no_color or None)
    columns = ("{task.description}", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, redirect_stdout=sys.stdout.isatty()) as progress:
        task = progress.add_task(what, total=None)
        yield lambda done, of: progress.update(task, completed=done, total=of)
