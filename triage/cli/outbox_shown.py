"""What the worker of the outbox shows: a line on a terminal, else lines for a log."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from triage import logs
from triage.deliver.tally import Tally, Watcher, nobody_watches

LOG = logs.logger("triage.outbox")


@contextmanager
def shown(*, no_color: bool) -> Iterator[Watcher]:
    """How far it is, on standard error: one line where that is a terminal."""
    with _on_terminal(no_color=no_color) if sys.stderr.isatty() else _logged() as watcher:
        yield watcher


@contextmanager
def _logged() -> Iterator[Watcher]:
    """Standard error takes nothing but lines of the log meanwhile."""
    logs.start()
    LOG.info("outbox_begun")
    try:
        yield nobody_watches
    finally:
        LOG.info("outbox_ended")
        sys.stderr = sys.__stderr__


@contextmanager
def _on_terminal(*, no_color: bool) -> Iterator[Watcher]:
    from rich.console import Console  # noqa: PLC0415 (slow to import, and seldom needed)
    from rich.progress import Progress, SpinnerColumn, TextColumn  # noqa: PLC0415

    logging.getLogger("triage").addHandler(logging.NullHandler())  # the line says it
    console = Console(stderr=True, no_color=no_color or None)
    columns = (SpinnerColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=console, redirect_stdout=sys.stdout.isatty()) as progress:
        task = progress.add_task("beginning", total=None)
        yield lambda tally, waiting, dead: progress.update(
            task, description=_line(tally, waiting, dead)
        )


def _line(tally: Tally, waiting: int, dead: int) -> str:
    return (
        f"{tally['delivered']:,} delivered, {tally['failed']:,} failed and tried again;"
        f" {waiting:,} wait, {dead:,} given up"
    )
