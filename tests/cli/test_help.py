"""Every verb explains itself, with an example and its exit codes, and in no colour unless asked."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from triage.cli import VERBS, main
from triage.cli.db import VERBS as DB_VERBS
from triage.cli.log import VERBS as LOG_VERBS
from triage.cli.outbox import VERBS as OUTBOX_VERBS
from triage.cli.person import VERBS as PERSON_VERBS
from triage.cli.rules import VERBS as RULES_VERBS

GROUPS = {
    "rules": RULES_VERBS,
    "log": LOG_VERBS,
    "person": PERSON_VERBS,
    "outbox": OUTBOX_VERBS,
    "db": DB_VERBS,
}

IN_GROUPS = [(group, verb) for group, verbs in GROUPS.items() for verb in verbs]

ALL = [(), *((verb,) for verb in VERBS), *IN_GROUPS]


@pytest.mark.parametrize("verb", ALL, ids=" ".join)
def test_help_shows_an_example(verb: tuple[str, ...]) -> None:
    shown = CliRunner().invoke(main, [*verb, "--help"]).output
    assert "Examples:" in shown
    assert f"  triage {' '.join(verb)}".rstrip() in shown


@pytest.mark.parametrize(
    "verb", [("decide",), ("serve",), ("replay",), ("outbox",), *IN_GROUPS], ids=" ".join
)
def test_help_tells_the_exit_codes(verb: tuple[str, ...]) -> None:
    assert "Exit codes:" in CliRunner().invoke(main, [*verb, "--help"]).output


def test_a_verb_that_does_not_exist_is_refused() -> None:
    done = CliRunner().invoke(main, ["divine"])
    assert done.exit_code == 2
    assert "divine" in done.output


def test_the_version_is_that_of_the_package() -> None:
    assert CliRunner().invoke(main, ["--version"]).output.startswith("triage, version ")
