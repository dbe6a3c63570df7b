"""The shipped rules as plain data that a test may break, and the rulebook that they then are."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from triage.rulebook import Rulebook, rulebook_of
from triage.verify.proofs.ground import Ground
from triage.verify.report import Proof

Written = dict[str, Any]
"""A part of a rule file as it is written."""


class Edited:
    """The content of a rulebook, to be edited; ``rulebook`` reads it as strictly as any other."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.content: dict[str, Written] = json.loads(json.dumps(rulebook.content))

    def rules(self) -> Iterator[Written]:
        """Every rule that has a condition."""
        for name in self.content["rulebook.yaml"]["rulesets"]:
            yield from self.content[f"{name}.yaml"]["rules"]

    def rule(self, name: str) -> Written:
        """The rule of this id."""
        return next(one for one in self.rules() if one["id"] == name)

    def add(self, *rules: Written, file: str = "eligibility.yaml") -> None:
        """Write rules at the end of a file."""
        self.content[file]["rules"] += rules

    def drop(self, name: str) -> None:
        """Take a rule out."""
        self.content = self.without(name)

    def without(self, name: str) -> dict[str, Written]:
        """The content without a rule; what is edited stays as it is."""
        return {
            file: {**said, "rules": [one for one in said["rules"] if one["id"] != name]}
            if isinstance(said.get("rules"), list)
            else said
            for file, said in self.content.items()
        }

    def words(self, part: str) -> Any:
        """A part of the vocabulary."""
        return self.content["vocabulary.yaml"][part]

    def route(self, name: str) -> Written:
        """A route of the vocabulary."""
        found: Written = next(one for one in self.words("routes") if one["name"] == name)
        return found

    def rulebook(self) -> Rulebook:
        """What is written now, read as any rulebook is. Raises ``RulebookError``."""
        return rulebook_of(json.dumps(self.content))

    def write(self, directory: Path) -> Path:
        """Write it as rule files; gives the directory. Whatever is JSON is YAML."""
        for name, written in self.content.items():
            (directory / name).write_text(json.dumps(written, indent=1), encoding="utf-8")
        return directory


def proved(claim: Callable[[Ground], Proof | None], rulebook: Rulebook) -> Proof:
    """What one proof finds of a rulebook."""
    with closing(Ground(rulebook)) as ground:
        proof = claim(ground)
    assert proof is not None
    return proof


def named(proof: Proof) -> list[str | None]:
    """The rules, or answers, that the findings of a proof name."""
    return [finding.rule for finding in proof.findings]


def a_rule(name: str, when: Mapping[str, Any], *then: Mapping[str, Any], **also: Any) -> Written:
    """A rule as it is written; its examples say no more than that it has two."""
    return {
        "id": name,
        "title": "Written for a test",
        "basis": {"source": "local", "where": "nowhere", "sign_off": True},
        "when": dict(when),
        "because": "It was written so.",
        "then": [dict(one) for one in then],
        "examples": [
            {"title": "one side", "given": {}, "fires": True},
            {"title": "the other", "given": {}, "fires": False},
        ],
        **also,
    }


def to(route: str, urgency: str = "routine") -> Written:
    """The conclusion that a route is taken."""
    return {"route": {"to": route, "urgency": urgency}}


def both(*parts: Mapping[str, Any]) -> Written:
    """The condition that every part holds."""
    return {"all": [dict(one) for one in parts]}
