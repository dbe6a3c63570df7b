"""Versions of the shipped rulebook, each of which decides some referral otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.edited_rules import EditedRules
from triage.rulebook import Rulebook, load_rulebook

VERSIONS = 12


def versions(folder: Path) -> Iterator[Rulebook]:
    """The rulebooks, whose files are written into a folder."""
    for number in range(VERSIONS):
        directory = folder / f"version-{number}"
        directory.mkdir()
        rules = EditedRules(directory)
        rules.replace("rulebook.yaml", 'version: "2026.1"', f'version: "2026.{number}"')
        rules.set_value("minimum_age", 16 + number % 3)
        rules.replace(
            "levels.yaml",
            "{phq9_total: {at_least: 20}, because",
            f"{{phq9_total: {{at_least: {16 + number % 7}}}, because",
        )
        rules.replace("safety.yaml", "There is an emergency now.", f"Emergency {number}, naïve.")
        yield load_rulebook(directory)
