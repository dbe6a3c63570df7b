"""`triage rules tests`: tests that are made from the rules, run again, and scored."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import click

from triage.cli.options import DIRECTORY, NothingDone, color_option, rulebook_in, rules_option
from triage.cli.progress import bar
from triage.decide import Decider
from triage.errors import PackError, RulebookError
from triage.rulebook import Rulebook
from triage.verify.mutants import mutants
from triage.verify.packs import Pack, Score, broken, pack_in, pack_of, score, written

EPILOG = """\b
Examples:
  triage rules tests -o pack.ndjson
  triage rules tests --run pack.ndjson path/to/rules
  triage rules tests --score

\b
Exit codes: 0 written, or every test holds, or the score is good enough; 1 a
test no longer holds, or the score is under 95 %; 2 nothing could be done.
"""

LEAST = 0.95
"""The least share of slips that tests must notice."""

WRITE = click.Path(dir_okay=False, path_type=Path)
READ = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(epilog=EPILOG)
@click.argument("directory", type=DIRECTORY, required=False)
@rules_option
@color_option
@click.option("-o", "--output", type=WRITE, help="The file to write.")
@click.option("--run", type=READ, help="Run this pack instead of writing one.")
@click.option("--score", is_flag=True, help="Count what the tests would notice.")
def tests(directory: Path | None, rules: Path | None, *, no_color: bool, **asked: Any) -> None:
    """Write tests from the rules: the shipped ones, or those in DIRECTORY.

    One JSON object a line: a referral as callers send it, and what must be decided. Every threshold
    has a referral on it and next to it, every comparison two referrals that differ in what it reads
    alone and of which the rule fires on one, every conclusion a decision that hangs on it.

    With --run, the tests that a pack holds are run against the rules as they are now. With --score,
    the rules are changed in one place after another, and what a test notices is counted.
    """
    to_do = _ToDo(**asked)
    if sum(map(bool, to_do)) > 1:
        raise click.UsageError("say one of --output, --run and --score")
    rulebook = rulebook_in(directory or rules)
    if to_do.run:
        sys.exit(0 if _run(to_do.run, rulebook, no_color=no_color) else 1)
    pack = _made(rulebook, no_color=no_color)
    if to_do.score:
        sys.exit(0 if _scored(rulebook, pack, no_color=no_color) else 1)
    _write(pack, to_do.output)


class _ToDo(NamedTuple):
    """What is to be done with a pack; without any, it goes to standard output."""

    output: Path | None
    run: Path | None
    score: bool


def _made(rulebook: Rulebook, *, no_color: bool) -> Pack:
    try:
        with bar("reading rules", no_color=no_color) as watcher:
            return pack_of(rulebook, watcher)
    except (PackError, RulebookError) as error:
        raise NothingDone(str(error)) from None


def _write(pack: Pack, output: Path | None) -> None:
    """The pack to its file or to standard output; what it cannot show to standard error."""
    if output is None:
        sys.stdout.buffer.writelines(written(pack))
    else:
        try:
            output.write_bytes(b"".join(written(pack)))
        except OSError as error:
            raise NothingDone(f"{output}: {error.strerror}") from None
    shown = sum(len(test.shows) for test in pack.tests)
    click.echo(f"{len(pack.tests)} tests of {_named(pack)} show {shown:,} things", err=True)
    _list("No decision tells whether these comparisons hold:", pack.not_apart, err=True)
    _list("No decision hangs on these conclusions:", pack.never_needed, err=True)


def _run(file: Path, rulebook: Rulebook, *, no_color: bool) -> bool:
    """Do all tests of a pack hold? Those that do not are told."""
    try:
        with file.open("rb") as lines:
            pack = pack_in(lines)
    except (OSError, PackError) as error:
        raise NothingDone(f"{file}: {error}") from None
    with closing(Decider(rulebook)) as decider, bar("testing", no_color=no_color) as watcher:
        found = list(broken(pack, decider, watcher))
    for one in found:
        click.echo(str(one))
    stamp = rulebook.stamp
    now = f"{stamp.id} {stamp.version} ({stamp.digest})"
    how_many = f"{len(found)} of {len(pack.tests)} tests no longer hold"
    verdict = how_many if found else f"All {len(pack.tests)} tests hold"
    click.echo(f"{verdict}: made from {_named(pack)}, run on {now}")
    return not found


def _scored(rulebook: Rulebook, pack: Pack, *, no_color: bool) -> bool:
    """Is enough of what could be wrong noticed?"""
    with bar("changing rules", no_color=no_color) as watcher:
        found = score(rulebook, pack, list(mutants(rulebook)), watcher)
    _list("Changed so, no referral is decided otherwise:", (one.said for one in found.equivalent))
    _list("Changed so, no test notices:", (one.said for one in found.survived))
    click.echo(_summed_up(found))
    return found.share >= LEAST


def _summed_up(found: Score) -> str:
    survived = len(found.survived)
    could_be = found.killed + survived
    return (
        f"{found.killed:,} of {could_be:,} changes that matter are noticed: {found.share:.2%}."
        f" {survived} are not; {len(found.equivalent)} change no decision;"
        f" {found.refused} are refused when the rules are read."
    )


def _named(pack: Pack) -> str:
    return f"{pack.stamp.id} {pack.stamp.version} ({pack.stamp.digest})"


def _list(heading: str, lines: Iterable[str], *, err: bool = False) -> None:
    every = list(lines)
    if every:
        click.echo(heading, err=err)
    for line in every:
        click.echo(f"  {line}", err=err)
