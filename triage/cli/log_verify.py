"""`triage log verify`: is the log what it was when it was signed?"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import click

from triage.cli.opened import opened_database
from triage.cli.options import NothingDone, color_option
from triage.cli.progress import bar
from triage.config import Settings, keys_folder
from triage.errors import DamagedLogError, LogError, SettingsError
from triage.store import schema, verification
from triage.store.checkpoint import SignedHead
from triage.store.database import Database
from triage.store.keys import PersonKey
from triage.store.verification import Elsewhere, HeldHead, Verified

EPILOG = """\b
Examples:
  triage log verify
  triage log verify --head head-of-last-month.txt --head head-of-today.txt
  triage log verify --key log.vkey --json

\b
Exit codes: 0 everything is proved; 1 it is not, and the first bad entry is
named; 2 there is no log, or it cannot be read.
"""

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(epilog=EPILOG)
@click.option("--head", "heads", type=FILE, multiple=True, help="A head that was kept elsewhere.")
@click.option("--key", "keys", type=FILE, multiple=True, help="A key as it was published.")
@click.option("--json", "as_json", is_flag=True, help="What was found as JSON, for machines.")
@color_option
def verify(
    heads: tuple[Path, ...], keys: tuple[Path, ...], *, as_json: bool, no_color: bool
) -> None:
    """Verify the whole log where it is kept: entries, tree, heads, indexes, identities, rulebooks.

    Nothing is written, and no private key is needed. Only with a head that was kept elsewhere can
    it be seen whether the end of the log was cut off, or all of it written anew with its own key.
    """
    elsewhere = Elsewhere(
        heads=[_held(path) for path in heads],
        vkeys=[line for path in keys for line in _text(path).split()],
        person_key=_person_key(),
    )
    began = perf_counter()
    with opened_database() as database:
        found = _found(database, elsewhere, no_color=no_color)
        name = database.name
    if isinstance(found, DamagedLogError):
        click.echo(json.dumps(_as_dict(found)) if as_json else _not_proved(found))
        sys.exit(1)
    if as_json:
        click.echo(json.dumps(found.as_dict()))
    else:
        click.echo("\n".join(_proved(found, name, perf_counter() - began)))


def _found(
    database: Database, elsewhere: Elsewhere, *, no_color: bool
) -> Verified | DamagedLogError:
    """What is proved of a log, or what is wrong with it."""
    schema.check(database)
    try:
        with bar("verifying", no_color=no_color) as watcher:
            return verification.verify(database, elsewhere, watcher=watcher)
    except DamagedLogError as damage:
        return damage


def _person_key() -> PersonKey | None:
    """The key by which people are found, if it is on this machine."""
    try:
        return PersonKey.open(keys_folder(Settings.from_environment()))
    except SettingsError:
        return None


def _held(path: Path) -> HeldHead:
    """A head that was kept: as ``triage log head`` prints it, or as the service answers it."""
    text = _text(path)
    try:
        note = json.loads(text)["checkpoint"] if text.lstrip().startswith("{") else text
        return HeldHead(SignedHead.parse(note), str(path))
    except (LogError, ValueError, KeyError, TypeError) as error:
        raise NothingDone(f"{path} does not hold a head of a log: {error}") from None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise NothingDone(f"{path} cannot be read: {error}") from None


def _proved(found: Verified, name: str, seconds: float) -> Iterator[str]:
    if found.head is None:
        yield f"PROVED: {name} holds the log {found.log}, without an entry as yet."
    else:
        head = found.head.head
        yield f"PROVED: the {found.entries:,} entries in {name} are the log {found.log}"
        yield f"as its key signed it at {head.at}: numbered without a gap, none changed, added,"
        yield "taken out or moved, and each found by what it says."
        yield f"The root is {head.root.hex()}; {found.heads:,} heads are signed."
    if found.erased:
        yield f"Identities erased, each as an entry says: {found.erased:,}."
    if not found.people_found:
        yield "The key of this log for finding people is not here, so whether they are found by"
        yield "their NHS number was not looked at."
    if found.held:
        yield f"It goes on from every head held elsewhere that was given: {found.held}."
    else:
        yield "No head held elsewhere was given. Only with one (--head) can it be seen whether the"
        yield "end of the log was cut off, or all of it was written anew with its own key."
    yield f"It took {seconds:.1f} seconds."


def _not_proved(damage: DamagedLogError) -> str:
    if not damage.first:
        return f"NOT PROVED: {damage.problem}."
    return f"NOT PROVED: the first bad entry is {damage.entries}: {damage.problem}."


def _as_dict(damage: DamagedLogError) -> dict[str, object]:
    named = {"first": damage.first or None, "last": damage.last or None}
    return {"proved": False, "problem": damage.problem, **named}
