"""`triage log proof`: that an entry is in the log."""

from __future__ import annotations

import json

import click

from triage.cli.opened import opened_log
from triage.cli.options import NothingDone
from triage.errors import NotRecordedError
from triage.reading import proof_of

EPILOG = """\b
Examples:
  triage log proof 17
  triage log proof 17 > proof.json

\b
Exit codes: 0 done; 2 there is no such entry, or the log cannot be read.
"""


@click.command(epilog=EPILOG)
@click.argument("sequence", type=click.IntRange(min=1))
def proof(sequence: int) -> None:
    """Print the proof that entry SEQUENCE is in the log, as JSON.

    The stand-alone verifier checks it on any machine, with the key of the log alone.
    """
    with opened_log() as log:
        try:
            found = proof_of(log, sequence)
        except NotRecordedError as error:
            raise NothingDone(str(error)) from None
        click.echo(json.dumps(found.as_dict(), indent=2))
