"""When a rule fires, as the paper form says it."""

from __future__ import annotations

from triage.domain.rules import Rule
from triage.pages.words import Clause, Words


def when(rule: Rule, words: Words) -> Clause:
    """When a rule fires; the one without a condition fires when nothing above it does."""
    if rule.when is None:
        return Clause("Nothing above is ticked")
    return words.condition(rule.when)
