"""`triage outbox retry`: tries again what was given up, or what waits for its next turn."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

import click

from triage.cli.opened import opened_log
from triage.cli.options import NothingDone
from triage.errors import LogUnavailableError
from triage.store.outbox import Outbox

EPILOG = """\b
Examples:
  triage outbox retry --dead
  triage outbox retry 9f1b6f0c-51f3-5d0c-8d1f-2f4f2a1f7f10

\b
Exit codes: 0 all of them will be tried; 1 some will not: they are not there,
are delivered, or are under way; 2 nothing could be done.
"""


@click.command(epilog=EPILOG)
@click.argument("ids", metavar="[ID]...", nargs=-1, type=click.UUID)
@click.option("--dead", is_flag=True, help="Everything that was given up.")
def retry(ids: Sequence[UUID], *, dead: bool) -> None:
    """Let deliveries be tried now, as if for the first time. `triage outbox` then makes them.

    Put right first what stood in the way: the file of receivers, a folder, or the other side.
    """
    if dead == bool(ids):
        raise click.UsageError("say which, by their ids, or --dead")
    wanted = [str(one) for one in ids]
    try:
        with opened_log() as log:
            outbox, now = Outbox(log.database), datetime.now(UTC)
            found = outbox.revive_dead(now) if dead else len(outbox.revive(wanted, now))
    except LogUnavailableError as error:
        raise NothingDone(str(error)) from None
    click.echo(f"{found:,} will be tried again now.")
    missed = len(set(wanted)) - found
    if not dead and missed:
        click.echo(f"{missed:,} will not: not there, delivered, or under way.", err=True)
        sys.exit(1)
