"""`triage rules`: what clinicians and developers do with a rulebook."""

from __future__ import annotations

import click

from triage.cli.lazy import Verbs

VERBS = {
    "check": "triage.cli.rules_check:check",
    "show": "triage.cli.rules_show:show",
}

EPILOG = """\b
Examples:
  triage rules check
  triage rules show -o rules.html
"""


@click.group(cls=Verbs, verbs=VERBS, epilog=EPILOG)
def rules() -> None:
    """Check the rulebook, or show it as a page to read and sign."""
