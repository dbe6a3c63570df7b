"""`triage db`: the tables of the decision log."""

from __future__ import annotations

import click

from triage.cli.lazy import Verbs

VERBS = {"upgrade": "triage.cli.db_upgrade:upgrade"}

EPILOG = """\b
Examples:
  triage db upgrade
"""


@click.group(cls=Verbs, verbs=VERBS, epilog=EPILOG)
def db() -> None:
    """Look after the database of the decision log."""
