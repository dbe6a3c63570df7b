"""`triage log export`: the log as a file that anybody can check, or decisions for a spreadsheet."""

from __future__ import annotations

import gzip
import os
import sys
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from functools import partial
from pathlib import Path
from typing import IO, Any, cast

import click

from schemas.search import SearchReader
from triage.cli.opened import caller, opened_log
from triage.cli.options import NothingDone, color_option, rulebook_in, rules_option
from triage.cli.progress import Watcher, bar
from triage.domain.search import Format, Search
from triage.errors import LogError, ReferralError
from triage.searching import Exporter
from triage.store.log import DecisionLog
from triage.store.search import ever

EPILOG = """\b
Examples:
  triage log export -o log.ndjson.gz
  triage log export --from-sequence 1001 >> log.ndjson
  triage log export --format csv --from 2026-11-01T00:00:00Z --route crisis \\
    -o november.csv

\b
Exit codes: 0 done; 2 there is no log, it cannot be read, or what is asked
for is not right. FILE is written whole or not at all.
"""

WHOLE = "log"
"""The format that holds everything that is needed to check the log."""

LEVEL = 6
"""How hard gzip tries, of 9: what comes after takes long and saves little."""

FILE = click.Path(dir_okay=False, path_type=Path)

FILTERS = (
    click.option("--from", metavar="TIME", help="Recorded then or later: 2026-11-21T10:15:00Z."),
    click.option("--to", metavar="TIME", help="Recorded before then."),
    click.option("--route", multiple=True, metavar="ROUTE", help="Any of these routes."),
    click.option("--urgency", multiple=True, metavar="URGENCY", help="Any of these urgencies."),
    click.option("--source", multiple=True, metavar="CODE", help="Any of these sources."),
    click.option("--ods-code", multiple=True, metavar="CODE", help="Any of these organisations."),
    click.option("--rule", multiple=True, metavar="RULE", help="All of these rules fired."),
    click.option("--rulebook", metavar="DIGEST", help="The rulebook that decided."),
    click.option(
        "--overridden/--not-overridden", default=None, help="Did an override come into force?"
    ),
)


def filter_options(verb: Callable[..., None]) -> Callable[..., None]:
    """Give a verb the filters of a search, by their names in a search."""
    for option in reversed(FILTERS):
        verb = option(verb)
    return verb


@click.command(epilog=EPILOG)
@click.option("-o", "--output", type=FILE, help="Write here; packed, if the name ends in .gz.")
@click.option(
    "--format",
    "form",
    type=click.Choice([WHOLE, "ndjson", "csv"]),
    default=WHOLE,
    show_default=True,
    help="The whole log to be checked; decision entries, one a line; or a table of decisions.",
)
@click.option(
    "--from-sequence",
    "first",
    type=click.IntRange(min=1),
    default=1,
    help="Begin with this entry: for the end of an export that holds those before it.",
)
@filter_options
@rules_option
@color_option
def export(
    output: Path | None,
    form: str,
    first: int,
    rules: Path | None,
    *,
    no_color: bool,
    **filters: Any,
) -> None:
    """Write the log to a file, or to standard output.

    The log as it is written can be checked on any machine, by triage/verify_log.py and a published
    key. Nothing in it names a person. The other formats hold decisions alone, and only they take
    filters. That the log was exported is an entry of it.
    """
    asked = {name: _value(value) for name, value in filters.items() if value not in (None, ())}
    if form == WHOLE and asked:
        raise click.UsageError("the whole log takes no filters; say --format ndjson or csv")
    if form != WHOLE and first > 1:
        raise click.UsageError("--from-sequence is for the whole log alone")
    with (
        opened_log() as log,
        _written(output) as file,
        _shown(output, no_color=no_color) as watcher,
    ):
        exporter = Exporter(log, watcher)
        if form == WHOLE:
            parts = _whole(exporter, first)
        else:
            found, as_ = _read(log, rules, {**asked, "format": form})
            parts = exporter.decisions(found, as_, caller())
        for part in parts:
            file.write(part)


def _value(given: Any) -> Any:
    return list(given) if isinstance(given, tuple) else given


def _whole(exporter: Exporter, first: int) -> Iterator[bytes]:
    """The whole log; nothing can be put on top of one that is damaged, but it can be taken away."""
    try:
        return exporter.whole_log(first, caller())
    except LogError as error:
        click.echo(f"That the log is exported could not be recorded: {error}", err=True)
        return exporter.unrecorded_log(first)


def _read(log: DecisionLog, rules: Path | None, asked: Mapping[str, Any]) -> tuple[Search, Format]:
    """What is to be taken away, read as the service reads it."""
    rulebook = rulebook_in(rules)
    names = [rule.id for rule in rulebook.rules]
    try:
        return SearchReader(rulebook.vocabulary, names, partial(ever, log)).read_export(asked)
    except ReferralError as error:
        faults = "\n".join(f"{fault.field}: {fault.problem}" for fault in error.faults)
        raise NothingDone(f"this cannot be looked for:\n{faults}") from None


def _shown(output: Path | None, *, no_color: bool) -> AbstractContextManager[Watcher]:
    """How far it is, unless the lines themselves go to the terminal."""
    if output is None and sys.stdout.isatty():
        return nullcontext(lambda _done, _last: None)
    return bar("exporting", no_color=no_color)


@contextmanager
def _written(output: Path | None) -> Iterator[IO[bytes]]:
    """Where the lines go: standard output, or a file that gets its name when it is whole."""
    if output is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    made = output.with_name(f".{output.name}-{uuid.uuid4().hex}")
    try:
        with os.fdopen(os.open(made, _NEW, 0o600), "wb") as file:
            with _packed(file) if output.suffix == ".gz" else nullcontext(file) as lines:
                yield lines
            file.flush()
            os.fsync(file.fileno())
        made.replace(output)
    except OSError as error:
        raise NothingDone(f"{output} cannot be written: {error.strerror}") from None
    finally:
        with suppress(OSError):
            made.unlink()


_NEW = os.O_CREAT | os.O_EXCL | os.O_WRONLY


def _packed(file: IO[bytes]) -> AbstractContextManager[IO[bytes]]:
    return cast("AbstractContextManager[IO[bytes]]", gzip.GzipFile("", "wb", LEVEL, file))
