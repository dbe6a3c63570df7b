"""Options that several verbs share, and the rulebook they name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from triage.errors import RulebookError
from triage.rulebook import Rulebook, load_rulebook

Verb = TypeVar("Verb", bound=Callable[..., Any])

DIRECTORY = click.Path(exists=True, file_okay=False, path_type=Path)


class NothingDone(click.ClickException):
    """The verb could not begin; the message says why and what to do."""

    exit_code = 2


def rules_option(verb: Verb) -> Verb:
    """Give a verb ``--rules DIR``, passed to it as ``rules``."""
    return click.option(
        "--rules",
        type=DIRECTORY,
        envvar="TRIAGE_RULES",
        show_envvar=True,
        help="Another rulebook than the shipped one: its directory.",
    )(verb)


def color_option(verb: Verb) -> Verb:
    """Give a verb ``--no-color``, passed to it as ``no_color``."""
    shown = "No colours. Setting NO_COLOR does the same."
    return click.option("--no-color", is_flag=True, help=shown)(verb)


def rulebook_in(directory: Path | None) -> Rulebook:
    """The rulebook of a directory, or the shipped one; every fault told where it cannot be used."""
    try:
        return load_rulebook(directory)
    except RulebookError as error:
        click.echo(str(error), err=True)
        raise NothingDone("the rulebook cannot be used; put right what is said above") from None
