"""`triage log`: what auditors and operators do with the decision log."""

from __future__ import annotations

import click

from triage.cli.lazy import Verbs

VERBS = {
    "verify": "triage.cli.log_verify:verify",
    "head": "triage.cli.log_head:head",
    "key": "triage.cli.log_head:key",
    "proof": "triage.cli.log_proof:proof",
    "export": "triage.cli.log_export:export",
}

EPILOG = """\b
Examples:
  triage log verify
  triage log head > head-of-today.txt
  triage log verify --head head-of-today.txt
  triage log export -o log.ndjson.gz
"""


@click.group(cls=Verbs, verbs=VERBS, epilog=EPILOG)
def log() -> None:
    """Prove that the decision log is untouched, or take it away to be checked elsewhere."""
