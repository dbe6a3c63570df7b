"""`triage rules diff`: which referrals are decided otherwise under another rulebook."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from triage.cli.differing import Differing
from triage.cli.options import DIRECTORY, NothingDone, color_option, rulebook_in
from triage.errors import EngineError, RulebookError
from triage.rulebook import Rulebook
from triage.verify.comparison.found import Difference
from triage.verify.difference import difference
from triage.verify.examples import examples_that_fail
from triage.verify.report import Finding

EPILOG = """\b
Examples:
  triage rules diff path/to/rules
  triage rules diff rules/rotherham
  triage rules diff path/to/rules shipped --json | jq .flows
  triage rules diff path/to/rules --recorded

\b
BEFORE and AFTER are directories; the word shipped stands for the rules that
come with the package. Without BEFORE it is the base that AFTER extends, or
else the shipped rules. Shares are of all referrals, and of those that had the
same route and urgency before.

\b
Exit codes: 0 every referral is decided as before; 1 some are not; 2 the two
cannot be compared.
"""

SHIPPED = "shipped"

EXAMPLES_TOLD = 5
"""How many examples that fail are told of one rulebook."""


@click.command(epilog=EPILOG)
@click.argument("books", nargs=-1, required=True, metavar="[BEFORE] AFTER")
@click.option("--recorded", is_flag=True, help="Count recorded decisions through it as well.")
@click.option("--json", "as_json", is_flag=True, help="The difference as JSON, for machines.")
@color_option
def diff(books: tuple[str, ...], *, recorded: bool, as_json: bool, no_color: bool) -> None:
    """Say which referrals are decided otherwise where one rulebook takes the place of another.

    Exactly, over every referral there can be: those that are less urgent first, then every other
    change of route or urgency, then whatever else a decision holds. Each is shown by a referral
    that the live engine has decided under both. Counts are of referrals that differ in something
    rules can read, not of people; --recorded says how many of those in the decision log are among
    them, and records that somebody looked.
    """
    before, after = _books(books)
    failing = {name: list(examples_that_fail(book)) for name, book in _named(before, after)}
    try:
        found = _difference(before, after, recorded=recorded, no_color=no_color)
    except RulebookError as error:
        raise NothingDone(str(error)) from None
    except EngineError as error:
        raise NothingDone(f"the engine does not show what the diagrams say: {error}") from None
    if as_json:
        failed = {name: [str(one) for one in ones] for name, ones in failing.items()}
        click.echo(json.dumps({**found.as_dict(), "examples_that_fail": failed}, indent=2))
    else:
        _tell(found, failing, no_color=no_color)
    sys.exit(0 if found.empty else 1)


def _books(named: tuple[str, ...]) -> tuple[Rulebook, Rulebook]:
    if len(named) > 2:  # noqa: PLR2004 (before and after)
        raise click.UsageError("two rulebooks are compared, not more")
    after = _book(named[-1])
    if len(named) == 1:
        return after.base or _book(SHIPPED), after
    return _book(named[0]), after


def _book(name: str) -> Rulebook:
    if name == SHIPPED:
        return rulebook_in(None)
    return rulebook_in(Path(DIRECTORY.convert(name, None, click.get_current_context())))


def _named(before: Rulebook, after: Rulebook) -> Iterator[tuple[str, Rulebook]]:
    yield "before", before
    yield "after", after


def _difference(before: Rulebook, after: Rulebook, *, recorded: bool, no_color: bool) -> Difference:
    if not recorded:
        return difference(before, after)
    from triage.cli.recorded import population  # noqa: PLC0415 (slow to import, and seldom needed)

    with population("rules diff", no_color=no_color) as referrals:
        return difference(before, after, referrals)


def _tell(found: Difference, failing: dict[str, list[Finding]], *, no_color: bool) -> None:
    console = Console(no_color=no_color or None, highlight=False)
    for name, examples in failing.items():
        for line in _warning(name, examples):
            console.print(Text(line, "yellow"), soft_wrap=True)
    Differing(found, console).tell()


def _warning(name: str, examples: list[Finding]) -> Iterator[str]:
    if examples:
        count = "1 example" if len(examples) == 1 else f"{len(examples)} examples"
        yield f"Warning: {count} of the rulebook {name} fail; it is compared all the same."
        yield from (f"  {one}" for one in examples[:EXAMPLES_TOLD])
