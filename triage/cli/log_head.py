"""`triage log head` and `triage log key`: what to keep elsewhere, to prove the log by later."""

from __future__ import annotations

import click

from triage.cli.opened import opened_log

HEAD_EPILOG = """\b
Examples:
  triage log head > head-of-today.txt
  triage log verify --head head-of-today.txt

\b
Exit codes: 0 done; 2 there is no log, or it cannot be read.
"""

KEY_EPILOG = """\b
Examples:
  triage log key > log.vkey

\b
Exit codes: 0 done; 2 there is no log, or it cannot be read.
"""


@click.command(epilog=HEAD_EPILOG)
def head() -> None:
    """Print the newest signed head of the log: keep it where the log is not.

    As long as somebody has it, no entry before it can be changed, taken out or cut off unseen, not
    even by whoever holds the key of the log.
    """
    with opened_log() as log:
        click.echo(log.head().note(), nl=False)


@click.command(epilog=KEY_EPILOG)
def key() -> None:
    """Print the public key of the log, by which its heads are checked."""
    with opened_log() as log:
        click.echo(log.vkey)
