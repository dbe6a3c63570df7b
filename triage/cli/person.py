"""`triage person`: what a person may ask of those who keep their record."""

from __future__ import annotations

import click

from triage.cli.lazy import Verbs

VERBS = {"erase": "triage.cli.person_erase:erase"}

EPILOG = """\b
Examples:
  triage person erase --reason person_request
"""


@click.group(cls=Verbs, verbs=VERBS, epilog=EPILOG)
def person() -> None:
    """Erase what names a person from the decision log."""
