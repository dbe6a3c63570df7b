"""The rulebook as data: what a caller needs to read, compare and check the rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from triage.domain.rules import Ruleset
from triage.rulebook import Cell, Rulebook


def rulebook_data(rulebook: Rulebook) -> dict[str, Any]:
    """Everything the rule files say, apart from the vocabulary, under the digest that names it."""
    content, stamp = rulebook.content, rulebook.stamp
    front, directory = content["rulebook.yaml"], content["service_directory.yaml"]
    return {
        "id": stamp.id,
        "version": stamp.version,
        "digest": stamp.digest,
        "title": rulebook.title,
        "status": rulebook.status,
        "owner": rulebook.owner,
        "safety_net": rulebook.safety_net,
        "precedence": list(rulebook.vocabulary.routes),
        "rulesets": [_ruleset(one, content[one.file]) for one in rulebook.rulesets],
        "values": front["values"],
        "sources": front["sources"],
        "cells": [_cell(cell) for cell in rulebook.cells],
        "default_place": directory["default_place"],
        "places": directory["places"],
        "services": directory["services"],
    }


def _ruleset(ruleset: Ruleset, content: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": ruleset.id,
        "title": ruleset.title,
        "meaning": ruleset.meaning,
        "version": ruleset.version,
        "status": ruleset.status,
        "owner": ruleset.owner,
        "rules": content["rules"],
        "otherwise": content.get("otherwise"),
    }


def _cell(cell: Cell) -> dict[str, Any]:
    return {
        "factor": cell.factor,
        "level": cell.level,
        "destination": cell.destination,
        "routes": list(cell.routes),
    }
