"""`triage person erase`: forgets who somebody was. What was decided stays, and stays provable."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

import click

from triage import persons
from triage.cli.opened import caller, opened_log
from triage.cli.options import NothingDone, color_option
from triage.cli.progress import bar
from triage.config import Settings
from triage.domain.nhs_number import check_digit_is_right, digits_of
from triage.persons import Reason
from triage.store.identities import Erasable
from triage.store.log import DecisionLog

EPILOG = """\b
Examples:
  triage person erase --reason person_request
  triage person erase --reason recorded_in_error \\
    --decision 5d2c9f3e-8a41-4f0e-9d0b-0c8f7a3b6e21
  triage person erase --reason person_request --yes < nhs-number.txt
  triage person erase --retention
  triage person erase --retention --yes

\b
Exit codes: 0 erased, or nothing was to be (with --retention alone: only
counted); 1 nothing names this person, or it was not confirmed; 2 nothing
could be done.
"""


@dataclass(frozen=True, slots=True)
class Found:
    """What names whoever is to be erased: decisions, and calls in progress by their ids.

    ``nhs_number`` is theirs, where they are looked for by it.
    """

    decisions: Sequence[Erasable]
    calls: Sequence[str] = ()
    nhs_number: str = ""


Look = Callable[[], Found]

REASON = click.Choice([Reason.PERSON_REQUEST.value, Reason.RECORDED_IN_ERROR.value])


@click.command(epilog=EPILOG)
@click.option("--reason", type=REASON, help="Why; the log keeps it.")
@click.option("--decision", type=click.UUID, help="Only what one decision says, by its id.")
@click.option("--retention", is_flag=True, help="Everybody not heard of for the years to keep.")
@click.option("--yes", is_flag=True, help="Erase without asking.")
@color_option
def erase(
    reason: str | None, decision: UUID | None, *, retention: bool, yes: bool, no_color: bool
) -> None:
    """Erase what names a person: for good, for it is nowhere else.

    The NHS number is asked for, or read from standard input; never give it on the command line,
    where others see it. Every decision of that person is concerned, and every comment on one, and
    every call in progress in which their number stands. The entries themselves stay, and so do all
    proofs; that somebody was erased is an entry too.

    With --retention, it is everybody last heard of longer ago than TRIAGE_RETENTION_YEARS: they are
    counted, and erased where --yes is said.
    """
    if retention == bool(reason) or (retention and decision):
        raise click.UsageError("say --retention, or a --reason for one person or one --decision")
    with opened_log() as log:
        look = _looking(log, decision, retention=retention)
        found = look()
        click.echo(_told(found))
        if not (found.decisions or found.calls):
            sys.exit(0 if retention else 1)
        if retention and not yes:
            click.echo("Nothing was erased: to erase for good, say --yes.")
            return
        _confirm(yes=yes)
        while found.decisions or found.calls:  # and what was recorded of the same person meanwhile
            _erase(log, found, Reason(reason or Reason.RETENTION), no_color=no_color)
            found = look()


def _looking(log: DecisionLog, decision: UUID | None, *, retention: bool) -> Look:
    """How to find what is to be erased, as often as need be."""
    if retention:
        years = Settings.from_environment().retention_years
        return lambda: Found(persons.out_of_date(log, years))
    if decision:
        return lambda: Found(persons.of_decision(log, str(decision)))
    number = _nhs_number()
    return lambda: Found(
        persons.of_person(log, number), persons.calls_of_person(log, number), number
    )


def _nhs_number() -> str:
    if sys.stdin.isatty():
        said = click.prompt("NHS number", hide_input=True, err=True)
    else:
        said = sys.stdin.readline()
    number = digits_of(said)
    if number is None:
        raise NothingDone("an NHS number has ten digits; nothing was looked for")
    if not check_digit_is_right(number):
        click.echo("The check digit of this NHS number is wrong: was it meant so?", err=True)
    return number


def _told(found: Found) -> str:
    """How much is concerned, and from when; nothing that names anybody."""
    told = [*_told_of_decisions(found.decisions)]
    if found.calls:
        told.append(f"{len(found.calls):,} call(s) in progress, which will be gone.")
    return "\n".join(told) or "Nothing here names anybody who is to be erased."


def _told_of_decisions(found: Sequence[Erasable]) -> Iterator[str]:
    if not found:
        return
    times = sorted(at for one in found for at in one.times)
    comments = len(times) - len(found)
    yield (
        f"{len(found):,} decision(s) and {comments:,} comment(s) on them, recorded from"
        f" {times[0][:10]} to {times[-1][:10]}."
    )
    if len(found) == 1 and found[0].others:
        yield f"{found[0].others:,} more decision(s) name the same person, by their NHS number."


def _confirm(*, yes: bool) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        raise NothingDone("nobody can be asked here; say --yes to erase for good")
    asked = "Who this was can then never be told again. Erase it for good?"
    if not click.confirm(asked, err=True):
        click.echo("Nothing was erased.")
        sys.exit(1)


def _erase(log: DecisionLog, found: Found, reason: Reason, *, no_color: bool) -> None:
    by, entries = caller(), []
    with bar("erasing", no_color=no_color) as watcher:
        for done, one in enumerate(found.decisions, 1):
            entries.append(persons.erase(log, one, by, reason))
            watcher(done, len(found.decisions))
    if found.calls:
        entries.append(persons.erase_calls(log, found.nhs_number, by, reason))
    sequences = [entry.sequence for entry in entries if entry]
    if sequences:
        click.echo(f"Erased. Entries {sequences[0]} to {sequences[-1]} of the log say so.")
    if not log.database.forget():
        click.echo(
            "Somebody reads the database now: what was erased leaves its files once they are done"
            " and something more is recorded.",
            err=True,
        )
