"""`triage rules check`: is the rulebook right?"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from triage.cli.options import DIRECTORY, NothingDone, color_option, rules_option
from triage.config import Settings, diagrams_folder
from triage.diagram.kept import kept_diagram
from triage.errors import RulebookError, SettingsError
from triage.rulebook import Rulebook, load_rulebook
from triage.verify import Finding, Proof, Report, unreadable
from triage.verify import check as check_of
from triage.verify.report import how_many
from triage.verify.witnesses import outcome_of, told

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
    """Check a rulebook, and prove it: the shipped one, or the one in DIRECTORY.

    Reads every file, runs every example through the engine, looks for values without boundary
    examples, words that nothing uses and matrix cells that no rule keeps. Then proves, over every
    referral there can be, that each gets one route, that a worse answer about risk is never less
    urgent, that unknown risk is seen today, and that no rule is dead; whatever speaks against a
    proof is shown by a referral. `triage rules show --proofs` gives the same as a page.
    """
    rulebook, report = _report(directory or rules)
    if as_json:
        click.echo(json.dumps(report.as_dict(), indent=2))
    else:
        console = Console(no_color=no_color or None, highlight=False, soft_wrap=True)
        _Telling(rulebook, console).tell(report, quiet=quiet)
    sys.exit(0 if report.clean else 1)


def _report(directory: Path | None) -> tuple[Rulebook | None, Report]:
    """The rulebook, where there is one, and what the check of it found; its diagram is kept."""
    try:
        rulebook = load_rulebook(directory)
        kept_diagram(rulebook, diagrams_folder(Settings.from_environment(os.environ)))
        return rulebook, check_of(rulebook)
    except RulebookError as error:
        return None, unreadable(error)
    except SettingsError as error:
        raise NothingDone(str(error)) from None


class _Telling:
    """Tells a report on a terminal."""

    def __init__(self, rulebook: Rulebook | None, console: Console) -> None:
        self._rulebook, self._console = rulebook, console

    def tell(self, report: Report, *, quiet: bool) -> None:
        """Everything in the order in which a reader wants it: what was checked, proved, found."""
        say = self._console.print
        if report.stamp:
            stamp = report.stamp
            say(Text(f"{stamp.id} {stamp.version}", "bold"), stamp.digest)
            say(", ".join(f"{count} {what}" for what, count in report.counts.items()))
        self._proofs(report.proofs)
        for name, heading in HEADINGS.items():
            mine = [one for one in report.beside_proofs if one.check == name]
            self._list(heading, mine, "red")
        if not quiet:
            heading = "Local choices that wait for a clinician's signature (no fault)"
            self._list(heading, report.to_sign_off, "yellow")
        waiting = f"; {len(report.to_sign_off)} wait for a signature" if report.to_sign_off else ""
        verdict = "clean" if report.clean else _number_of(report.faults)
        say()
        say(Text(f"{verdict}{waiting}", "bold green" if report.clean else "bold red"))

    def _proofs(self, proofs: Sequence[Proof]) -> None:
        if not proofs:
            return
        self._console.print()
        over = f"Proved over {how_many(proofs[0].cells)} referrals: every one that rules can tell"
        self._console.print(Text(f"{over} apart, whatever has not been asked", "bold"))
        for proof in proofs:
            mark, style = ("holds", "green") if proof.holds else ("FAILS", "bold red")
            self._console.print(Text(f"  {mark}  ", style), Text(proof.claim), sep="")
            for said in proof.said:
                self._console.print(Text(f"         {said}", "dim"))
            for finding in proof.findings:
                self._finding(finding, "       ")

    def _list(self, heading: str, findings: Sequence[Finding], style: str) -> None:
        if findings:
            self._console.print()
            self._console.print(Text(heading, f"bold {style}"))
            for finding in findings:
                self._finding(finding, "  ")

    def _finding(self, finding: Finding, margin: str) -> None:
        self._console.print(Text(f"{margin}{finding}"))
        if self._rulebook is None:
            return
        words = self._rulebook.vocabulary
        for witness in finding.witnesses:
            shown = "; ".join(told(witness, words))
            self._console.print(Text(f"{margin}  shown by: {shown}"))
            self._console.print(Text(f"{margin}  decided:  {outcome_of(witness, words)}"))


def _number_of(faults: Sequence[Finding]) -> str:
    return "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
