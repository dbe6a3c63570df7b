"""When a rule fires, as the paper form says it."""

from __future__ import annotations

from dataclasses import replace

from triage.domain.conditions import All, Compare, Condition
from triage.domain.rules import ANOTHER_ROUTE, Rule
from triage.pages.words import Clause, Words


def when(rule: Rule, words: Words) -> Clause:
    """When a rule fires, less what its place in the order of the form says already."""
    if rule.when is None:
        return Clause("Nothing above is ticked")
    return words.condition(_without_place(rule.when))


def _without_place(condition: Condition) -> Condition:
    if not isinstance(condition, All):
        return condition
    parts = [part for part in condition.of if not _is_place(part)]
    return parts[0] if len(parts) == 1 else replace(condition, of=tuple(parts))


def _is_place(part: Condition) -> bool:
    return isinstance(part, Compare) and part.fact == ANOTHER_ROUTE
