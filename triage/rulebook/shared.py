"""What every ruleset of a rulebook shares: its words, its named values and its sources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from triage.domain.rules import Basis, NamedValue, Source
from triage.domain.vocabulary import Vocabulary
from triage.rulebook.conditions import ConditionReader
from triage.rulebook.strict_yaml import Node


@dataclass(frozen=True, slots=True)
class Shared:
    """The words, values and sources of a rulebook; ``lines`` is where each rule id stands."""

    vocabulary: Vocabulary
    values: Mapping[str, NamedValue]
    sources: Mapping[str, Source]
    conditions: ConditionReader
    lines: dict[str, str] = field(default_factory=dict)

    def read_basis(self, node: Node) -> Basis:
        """The basis of a rule or a named value."""
        node.mapping(("source", "where"), ("sign_off", "signed"))
        source = self.sources[node["source"].one_of(self.sources, "a source of the rulebook")]
        sign_off, signed = node.get("sign_off"), node.get("signed")
        return Basis(
            source,
            node["where"].text(),
            sign_off.boolean() if sign_off else False,
            signed.text() if signed else "",
        )

    def read_signed_basis(self, node: Node) -> Basis:
        """The basis of what somebody must answer for by name: it is signed, or waits for that."""
        found = self.read_basis(node)
        if not (found.sign_off or found.signed):
            problem = "is not signed; say signed: who and when, or sign_off: true until it is"
            raise node.refuse(problem)
        return found
