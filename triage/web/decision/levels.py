"""The seven levels: where each stands in the referral matrix, and by which rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from triage.domain.rules import LEVELS, level_fact
from triage.rulebook import Rulebook
from triage.web.decision.values import Values

ROWS = LEVELS[1:]
"""The rows of the matrix as printed."""


@dataclass(frozen=True, slots=True)
class FactorLevel:
    """The level of one factor, in words and with the rules that found it."""

    title: str
    words: str
    rules: tuple[str, ...]


def levels_of(decision: Mapping[str, Any], rulebook: Rulebook) -> tuple[FactorLevel, ...]:
    """The levels of a decision, in the order of the matrix's columns."""
    values = Values(rulebook.vocabulary, frozenset())
    found: Mapping[str, Any] = decision["levels"]
    return tuple(
        FactorLevel(factor.title, _words(name, found[name]["level"], values), found[name]["rules"])
        for name, factor in rulebook.vocabulary.factors.items()
    )


def marked_in(decision: Mapping[str, Any]) -> Mapping[str, str]:
    """The level of each factor, by which the cells of the matrix are marked."""
    return {factor: found["level"] for factor, found in decision["levels"].items()}


def _words(factor: str, level: str, values: Values) -> str:
    """A level as people read it. Raises ``ValueError`` for what is none."""
    if level not in LEVELS:
        raise ValueError(f"{level} is no level")
    return (
        "Not known" if level == "unknown" else values.said(level_fact(factor), level).capitalize()
    )
