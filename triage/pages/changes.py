"""What differs between two rulebooks, such as a local one and its base, as a person reads it."""

from __future__ import annotations

from collections.abc import Sized
from dataclasses import dataclass

from triage.domain.rules import NamedValue, Rule
from triage.rulebook import Cell, Rulebook
from triage.verify.comparison.edits import Changed, edits_between
from triage.verify.comparison.everybody import for_everybody

ValueChange = tuple[NamedValue | None, NamedValue | None]
"""A named value as it was and as it is; None where it was not there, or is not."""

CellChange = tuple[Cell | None, Cell]
"""A cell of the matrix as it was and as it is."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What is written otherwise. Of the rules in ``words`` nothing changed but what they say.

    ``others`` and ``everybody`` name things by their names in the rule files.
    """

    added: tuple[Rule, ...]
    dropped: tuple[Rule, ...]
    changed: tuple[tuple[Rule, Rule], ...]
    renamed: tuple[tuple[Rule, Rule], ...]
    words: tuple[tuple[Rule, Rule], ...]
    values: tuple[ValueChange, ...]
    cells: tuple[CellChange, ...]
    others: tuple[Changed, ...]
    everybody: tuple[Changed, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many of each differ, by what they are called; none that are nought."""
        counted: dict[str, Sized] = {
            "rules added": self.added,
            "rules taken out": self.dropped,
            "rules changed": self.changed,
            "rules under another name": self.renamed,
            "rules with other words": self.words,
            "named values changed": self.values,
            "cells of the matrix changed": self.cells,
            "other things changed": self.others + self.everybody,
        }
        return {what: len(changed) for what, changed in counted.items() if changed}


def changes_between(before: Rulebook, after: Rulebook) -> Changes:
    """Everything that is written otherwise in the later of two rulebooks."""
    edits = edits_between(before, after)
    old, new = _by_id(before), _by_id(after)
    return Changes(
        added=tuple(new[name] for name in edits.added),
        dropped=tuple(old[name] for name in edits.dropped),
        changed=tuple((old[name], new[name]) for name in edits.changed),
        renamed=tuple((old[one.before], new[one.after]) for one in edits.renamed),
        words=tuple((old[name], new[name]) for name in edits.words),
        values=tuple(_values(before, after)),
        cells=tuple(_cells(before, after)),
        others=tuple(one for one in edits.shared if not one.what.startswith("named value ")),
        everybody=tuple(for_everybody(before, after)),
    )


def _by_id(rulebook: Rulebook) -> dict[str, Rule]:
    return {rule.id: rule for rule in rulebook.rules}


def _values(before: Rulebook, after: Rulebook) -> list[ValueChange]:
    pairs = (
        (before.values.get(name), after.values.get(name))
        for name in dict.fromkeys((*before.values, *after.values))
    )
    return [(was, now) for was, now in pairs if _set_to(was) != _set_to(now)]


def _set_to(value: NamedValue | None) -> int | str | None:
    return value.value if value else None


def _cells(before: Rulebook, after: Rulebook) -> list[CellChange]:
    was = {(cell.factor, cell.level): cell for cell in before.cells}
    pairs = ((was.get((cell.factor, cell.level)), cell) for cell in after.cells)
    return [(old, new) for old, new in pairs if old != new]
