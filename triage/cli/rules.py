"""`triage rules`: what clinicians and developers do with a rulebook."""

from __future__ import annotations

import click

from triage.cli.lazy import Verbs

VERBS = {
    "check": "triage.cli.rules_check:check",
    "diff": "triage.cli.rules_diff:diff",
    "show": "triage.cli.rules_show:show",
    "tests": "triage.cli.rules_tests:tests",
}

EPILOG = """\b
Examples:
  triage rules check
  triage rules diff path/to/rules
  triage rules show -o rules.html
  triage rules tests -o pack.ndjson
"""


@click.group(cls=Verbs, verbs=VERBS, epilog=EPILOG)
def rules() -> None:
    """Check and prove the rulebook, compare it, show it, or write tests from it."""
