"""`triage decide`: referrals in, one decision a line out."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import BinaryIO

import click

from triage.cli.answers import Answer, Answerer
from triage.cli.options import NothingDone, color_option, rulebook_in, rules_option
from triage.cli.progress import watched
from triage.cli.reading import referrals_in
from triage.decide import Decider
from triage.wire import as_bytes

EPILOG = """\b
Examples:
  triage decide referrals.ndjson > decisions.ndjson
  triage decide --pretty --explain referral.json
  cat referrals.ndjson | triage decide - | jq -r .route.id

\b
A line that cannot be decided gives {"line": n, "error": {...}} and the others
go on. Exit codes: 0 every referral decided; 1 some were not; 2 nothing could
be done.
"""

Say = Callable[[Answer], None]


@click.command(epilog=EPILOG)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--pretty", is_flag=True, help="For people: route, reasons, what is missing.")
@click.option("--explain", is_flag=True, help="With --pretty: what would alter the route, too.")
@rules_option
@color_option
def decide(
    files: tuple[str, ...], rules: Path | None, *, pretty: bool, explain: bool, no_color: bool
) -> None:
    """Decide referrals: one JSON object, a JSON list, or one referral a line (NDJSON).

    FILE may be - for standard input. Decisions come out in the order of the referrals, one JSON
    object a line. Nothing is recorded.
    """
    if explain and not pretty:
        raise click.UsageError("--explain goes with --pretty; add it")
    for name in files:
        with _opened(name):
            pass
    with closing(Decider(rulebook_in(rules))) as decider:
        say = _pretty(decider, explain=explain, no_color=no_color) if pretty else _as_json
        answers = watched(_answers(files, Answerer(decider)), no_color=no_color)
        with _quiet_where_nobody_reads():
            said, failed = _say_all(answers, say)
    if not said:
        click.echo("No referral was found.", err=True)
    sys.exit(1 if failed else 0)


def _answers(files: Sequence[str], answerer: Answerer) -> Iterator[Answer]:
    for name in files:
        with _opened(name) as file:
            for found in referrals_in(file):
                yield answerer.answer(found, name if len(files) > 1 else None)


def _say_all(answers: Iterator[Answer], say: Say) -> tuple[int, int]:
    """Say each answer; how many there were, and how many of them are problems."""
    said = failed = 0
    for answer in answers:
        say(answer)
        said += 1
        failed += answer.problem is not None
    return said, failed


def _as_json(answer: Answer) -> None:
    sys.stdout.buffer.write(as_bytes(answer.as_dict()) + b"\n")
    sys.stdout.buffer.flush()


def _pretty(decider: Decider, *, explain: bool, no_color: bool) -> Say:
    from triage.cli.telling import Teller  # noqa: PLC0415 (rich is slow to import)

    return Teller(decider, explain=explain, no_color=no_color).say


@contextmanager
def _opened(name: str) -> Iterator[BinaryIO]:
    if name == "-":
        yield sys.stdin.buffer
        return
    try:
        with Path(name).open("rb") as file:
            yield file
    except OSError as error:
        raise NothingDone(f"{name}: {error.strerror}; nothing was decided") from None


@contextmanager
def _quiet_where_nobody_reads() -> Iterator[None]:
    """Stop without a word where the reader of our output has gone, as `head` does."""
    try:
        yield
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
