"""What the templates of the rules are filled with, wherever the rules are shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from triage.domain.rules import LEVELS, NO_INDICATORS
from triage.pages.changes import changes_between
from triage.pages.marks import AUTHORITIES, authority_of, route_urgencies, uses_of_values
from triage.pages.words import Words
from triage.rulebook import Rulebook


def told_of(rulebook: Rulebook) -> dict[str, Any]:
    """Everything that the templates below ``rules`` ask for, but where links to rules lead."""
    values_of = uses_of_values(rulebook)
    return {
        "book": rulebook,
        "words": Words(rulebook.vocabulary),
        "authorities": AUTHORITIES,
        "authority_of": authority_of,
        "no_indicators": NO_INDICATORS,
        "levels": LEVELS[1:],
        "cells": _matrix(rulebook),
        "urgencies_of": route_urgencies(rulebook),
        "values_of": values_of,
        "rules_of": {
            name: [rule for rule in rulebook.rules if value in values_of[rule.id]]
            for name, value in rulebook.values.items()
        },
        "has_lines": any(rule.line > 1 for rule in rulebook.rules),
        "to_sign": sum(rule.basis.sign_off for rule in rulebook.rules),
        "place": _place(rulebook),
        "since_base": changes_between(rulebook.base, rulebook) if rulebook.base else None,
    }


def _matrix(rulebook: Rulebook) -> Mapping[str, Mapping[str, Any]]:
    """The cells of the referral matrix, by level and then by factor."""
    return {
        level: {cell.factor: cell for cell in rulebook.cells if cell.level == level}
        for level in LEVELS[1:]
    }


def _place(rulebook: Rulebook) -> str | None:
    """The place of somebody of whom no place is known, where it is not the one of the base."""
    directory, base = rulebook.directory, rulebook.base
    if base is None or directory.default_place == base.directory.default_place:
        return None
    return directory.places[directory.default_place].title
