"""What a local rulebook changes of its base, where the files of the base are at hand."""

from __future__ import annotations

from triage.domain.rules import NamedValue, Rule
from triage.rulebook import Cell, Rulebook


def values_changed(rulebook: Rulebook) -> list[tuple[NamedValue, NamedValue]]:
    """The named values that differ: each as it is in the base, and as it is here."""
    if rulebook.base is None:
        return []
    there = rulebook.base.values
    return [
        (there[name], here)
        for name, here in rulebook.values.items()
        if name in there and there[name].value != here.value
    ]


def rules_added(rulebook: Rulebook) -> list[Rule]:
    """The rules that the base does not have."""
    if rulebook.base is None:
        return []
    there = {rule.id for rule in rulebook.base.rules}
    return [rule for rule in rulebook.rules if rule.id not in there]


def cells_changed(rulebook: Rulebook) -> list[Cell]:
    """The cells of the matrix that stand for other routes than in the base."""
    if rulebook.base is None:
        return []
    return [cell for cell in rulebook.cells if cell not in rulebook.base.cells]


def place_changed(rulebook: Rulebook) -> str | None:
    """The place of somebody of whom no place is known, where it is not the one of the base."""
    directory, base = rulebook.directory, rulebook.base
    if base is None or directory.default_place == base.directory.default_place:
        return None
    return directory.places[directory.default_place].title
