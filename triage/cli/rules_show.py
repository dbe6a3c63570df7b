"""`triage rules show`: the rulebook as a page to read and sign, its proofs, or a paper form."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import click

from triage.cli.options import DIRECTORY, NothingDone, rulebook_in, rules_option
from triage.pages import paper_form, proof_page, rule_page
from triage.rulebook import Rulebook
from triage.verify import check

EPILOG = """\b
Examples:
  triage rules show -o rules.html
  triage rules show --paper > paper.html
  triage rules show --proofs -o proofs.html
  triage rules show path/to/rules -o draft.html

\b
Exit codes: 0 done; 2 the rulebook cannot be used, or the file not written.
"""

PAGES: Mapping[str, Callable[[Rulebook], str]] = {
    "rules": rule_page,
    "paper": paper_form,
    "proofs": lambda rulebook: proof_page(rulebook, check(rulebook)),
}
FILE = click.Path(dir_okay=False, path_type=Path)


@click.command(epilog=EPILOG)
@click.argument("directory", type=DIRECTORY, required=False)
@rules_option
@click.option("--paper", is_flag=True, help="The form to route by hand while the service is down.")
@click.option("--proofs", is_flag=True, help="What the check proved of it, with what it found.")
@click.option("-o", "--output", type=FILE, help="The file to write.")
def show(
    directory: Path | None, rules: Path | None, *, paper: bool, proofs: bool, output: Path | None
) -> None:
    """Show a rulebook as one page of HTML: the shipped one, or the one in DIRECTORY.

    The page needs nothing from anywhere; print it from a browser. Without -o it goes to standard
    output or, on a terminal, to a file named for the rulebook.
    """
    if paper and proofs:
        raise click.UsageError("say --paper or --proofs, not both")
    rulebook = rulebook_in(directory or rules)
    kind = "paper" if paper else "proofs" if proofs else "rules"
    page = PAGES[kind](rulebook)
    if output is None and not sys.stdout.isatty():
        sys.stdout.buffer.write(page.encode())
        return
    output = output or Path(f"{rulebook.stamp.id}-{rulebook.stamp.version}-{kind}.html")
    try:
        output.write_text(page, encoding="utf-8")
    except OSError as error:
        raise NothingDone(f"{output}: {error.strerror}") from None
    click.echo(f"Wrote {output}", err=True)
