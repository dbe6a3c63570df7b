"""`triage replay`: decides recorded decisions again, each on its own rulebook."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any
from uuid import UUID

import click

from triage.cli.opened import caller, opened_log
from triage.cli.options import color_option
from triage.cli.progress import Watcher, bar
from triage.errors import EngineError, LogError, NotRecordedError
from triage.reading import decision_in, note_view, note_views
from triage.replay import Replayed, Replayer
from triage.store.entries import Entry
from triage.store.log import DecisionLog
from triage.wire import as_bytes

EPILOG = """\b
Examples:
  triage replay 5d2c9f3e-8a41-4f0e-9d0b-0c8f7a3b6e21
  triage replay --all
  triage replay --from-sequence 100000 --json > replayed.ndjson

\b
Exit codes: 0 the same bytes came out every time; 1 they did not, or a decision
could not be decided again; 2 there is no log, or it cannot be read.
"""


@click.command(epilog=EPILOG)
@click.argument("decisions", nargs=-1, type=click.UUID, metavar="[DECISION_ID]...")
@click.option("--all", "every", is_flag=True, help="Every decision in the log.")
@click.option("--from-sequence", type=click.IntRange(min=1), help="Every one from this entry on.")
@click.option("--json", "as_json", is_flag=True, help="Each as JSON, one a line, for machines.")
@color_option
def replay(
    decisions: tuple[UUID, ...],
    from_sequence: int | None,
    *,
    every: bool,
    as_json: bool,
    no_color: bool,
) -> None:
    """Decide recorded decisions again, each from its entry and on the rulebook that decided it.

    The same bytes must come out, whatever the rules are now. That somebody looked is recorded.
    """
    if bool(decisions) == bool(every or from_sequence):
        raise click.UsageError("name decisions, or say --all or --from-sequence")
    with opened_log() as log, closing(Replayer(log)) as replayer:
        replays = _Replays(replayer, as_json=as_json, each=bool(decisions))
        if decisions:
            replays.run(_named(log, decisions, replays))
        else:
            with bar("replaying", no_color=no_color) as watcher:
                replays.run(_from(log, from_sequence or 1, watcher))
    if not as_json and not decisions:
        replays.sum_up()
    sys.exit(1 if replays.failed else 0)


def _named(log: DecisionLog, decisions: Iterable[UUID], replays: _Replays) -> Iterator[Entry]:
    for one in decisions:
        try:
            entry = decision_in(log, str(one)).entry
        except NotRecordedError as error:
            replays.fail({"decision_id": str(one)}, f"{one}: {error}")
            continue
        note_view(log, caller(), str(one), "replay")
        yield entry


def _from(log: DecisionLog, first: int, watcher: Watcher) -> Iterator[Entry]:
    """The decisions from an entry on. That all are looked at is one entry of its own."""
    last = log.head().head.size
    note_views(log, caller(), (first, last), "replay")
    for entry in log.decisions(first, last):
        yield entry
        watcher(entry.sequence - first + 1, last - first + 1)


@dataclass(slots=True)
class _Replays:
    """What came out so far. ``each``: every replay is told, not only what is wrong."""

    replayer: Replayer
    as_json: bool
    each: bool
    identical: int = 0
    failed: int = 0
    rulebooks: set[str] = field(default_factory=set)
    began: float = field(default_factory=perf_counter)

    def run(self, entries: Iterable[Entry]) -> None:
        """Replay decisions, and tell of each as it comes out."""
        for entry in entries:
            try:
                self._tell(self.replayer.replay(entry))
            except (LogError, EngineError) as error:
                where = {"decision_id": entry.id, "sequence": entry.sequence}
                self.fail(where, f"{entry.id}, entry {entry.sequence}: {error}")

    def fail(self, where: dict[str, Any], problem: str) -> None:
        """Tell of a decision that could not be decided again."""
        self.failed += 1
        told = json.dumps({**where, "error": problem})
        click.echo(told if self.as_json else f"NOT DECIDED AGAIN: {problem}")

    def _tell(self, found: Replayed) -> None:
        self.identical += found.identical
        self.failed += not found.identical
        self.rulebooks.add(found.rulebook["digest"])
        if self.as_json:
            click.echo(as_bytes(found.as_dict()))
        elif self.each or not found.identical:
            click.echo("\n".join(_lines(found)))

    def sum_up(self) -> None:
        """Tell how it went, for people."""
        done = self.identical + self.failed
        rate = done / (perf_counter() - self.began)
        click.echo(
            f"{self.identical:,} of {done:,} decisions came out identical, on"
            f" {len(self.rulebooks)} rulebook(s); {rate:,.0f} decisions a second."
        )


def _lines(found: Replayed) -> Iterator[str]:
    book = found.rulebook
    named = f"{found.decision_id}, entry {found.sequence}, on {book['id']} {book['version']}"
    yield f"{'IDENTICAL' if found.identical else 'DIFFERENT'}: {named} ({book['digest']})"
    for one in found.differences:
        recorded, replayed = (json.dumps(value) for value in (one.recorded, one.replayed))
        yield f"  {one.path}: recorded {recorded}, decided again {replayed}"
