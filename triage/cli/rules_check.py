"""`triage rules check`: is the rulebook right?"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from triage.cli.options import DIRECTORY, color_option, rules_option
from triage.errors import RulebookError
from triage.rulebook import load_rulebook
from triage.verify import Finding, Report, unreadable
from triage.verify import check as check_of

EPILOG = """\b
Examples:
  triage rules check
  triage rules check path/to/rules
  triage rules check --json | jq .faults

\b
Exit codes: 0 clean; 1 faults; 2 no such directory.
"""

HEADINGS = {
    "load": "Rule files that cannot be read",
    "examples": "Examples that the rules do not keep",
    "boundaries": "Values without an example on them and next to them",
    "words": "Words that nothing uses",
    "matrix": "Cells of the referral matrix that the rules do not keep",
}


@click.command(epilog=EPILOG)
@click.argument("directory", type=DIRECTORY, required=False)
@rules_option
@color_option
@click.option("--json", "as_json", is_flag=True, help="The report as JSON, for machines.")
@click.option("--quiet", "-q", is_flag=True, help="Leave out what waits for a signature.")
def check(
    directory: Path | None, rules: Path | None, *, no_color: bool, as_json: bool, quiet: bool
) -> None:
    """Check a rulebook: the shipped one, or the one in DIRECTORY.

    Reads every file, runs every example through the engine, and looks for values without boundary
    examples, words that nothing uses and matrix cells that no rule keeps.
    """
    report = _report(directory or rules)
    if as_json:
        click.echo(json.dumps(report.as_dict(), indent=2))
    else:
        console = Console(no_color=no_color or None, highlight=False, soft_wrap=True)
        _tell(report, console, quiet=quiet)
    sys.exit(0 if report.clean else 1)


def _report(directory: Path | None) -> Report:
    try:
        return check_of(load_rulebook(directory))
    except RulebookError as error:
        return unreadable(error)


def _tell(report: Report, console: Console, *, quiet: bool) -> None:
    if report.stamp:
        stamp = report.stamp
        console.print(Text(f"{stamp.id} {stamp.version}", "bold"), stamp.digest)
        console.print(", ".join(f"{count} {what}" for what, count in report.counts.items()))
    for name, heading in HEADINGS.items():
        _list(heading, [fault for fault in report.faults if fault.check == name], console, "red")
    if not quiet:
        heading = "Local choices that wait for a clinician's signature (no fault)"
        _list(heading, report.to_sign_off, console, "yellow")
    waiting = f"; {len(report.to_sign_off)} wait for a signature" if report.to_sign_off else ""
    console.print()
    if report.clean:
        console.print(Text(f"clean{waiting}", "bold green"))
    else:
        console.print(Text(f"{_number_of(report.faults)}{waiting}", "bold red"))


def _list(heading: str, findings: Sequence[Finding], console: Console, style: str) -> None:
    if findings:
        console.print()
        console.print(Text(heading, f"bold {style}"))
        for finding in findings:
            console.print(Text(f"  {finding}"))


def _number_of(faults: Sequence[Finding]) -> str:
    return "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
