"""`triage outbox list`: what waits to be delivered, and what was given up."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import click

from triage.cli.opened import opened_log
from triage.cli.options import NothingDone
from triage.domain.clock import LONDON
from triage.errors import LogUnavailableError
from triage.store.deliveries import Delivery, State
from triage.store.entries import written
from triage.store.outbox import Outbox

EPILOG = """\b
Examples:
  triage outbox list
  triage outbox list --dead
  triage outbox list --dead --limit 1000 --json |
    jq -r .id | xargs -r triage outbox retry

\b
Exit codes: 0 done; 2 there is no log, or it cannot be read.
"""

MOST = 100
"""How many are shown unless it is said."""


@click.command("list", epilog=EPILOG)
@click.option("--dead", is_flag=True, help="What was given up, instead of what waits.")
@click.option("--limit", type=click.IntRange(1), default=MOST, show_default=True, help="How many.")
@click.option("--json", "as_json", is_flag=True, help="A line of JSON for each.")
def list_(limit: int, *, dead: bool, as_json: bool) -> None:
    """Show what waits to be delivered, the first that was made first. Nothing names anybody.

    A delivery that somebody is making now waits as well, until it is known what came of it.
    """
    try:
        with opened_log() as log:
            outbox = Outbox(log.database)
            found = outbox.dead(limit) if dead else outbox.waiting(limit)
            waiting, given_up = outbox.counts()
    except LogUnavailableError as error:
        raise NothingDone(str(error)) from None
    if as_json:
        for one in found:
            click.echo(json.dumps(one.as_dict()))
        return
    for line in _table(found) if found else ():
        click.echo(line)
    click.echo(f"{waiting:,} wait, {given_up:,} were given up.")


HEADINGS = ("delivery", "entry", "tells of", "urgency", "by", "tries", "next", "failed for")


def _table(found: Sequence[Delivery]) -> Iterator[str]:
    """Lines whose columns stand one below the other, however wide the terminal is."""
    now = written(datetime.now(UTC))
    rows = [HEADINGS, *(_cells(one, now) for one in found)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()


def _cells(one: Delivery, now: str) -> Sequence[str]:
    failure = (one.failure or "-").replace("_", " ")
    told = (one.kind.replace("_", " "), one.urgency or "-", one.channel)
    return (one.id, str(one.sequence), *told, str(one.attempts), _next(one, now), failure)


def _next(one: Delivery, now: str) -> str:
    """When it is tried next, in words and by the clock of the United Kingdom."""
    if one.state == State.DEAD:
        return "given up"
    if one.leased_until and one.leased_until > now:
        return "under way"
    if one.due_at <= now:
        return "now"
    return f"{datetime.fromisoformat(one.due_at).astimezone(LONDON):%d %b %H:%M}"
