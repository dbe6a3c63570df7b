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
        node.mapping(("source", "where"), ("sign_off",))
        source = self.sources[node["source"].one_of(self.sources, "a source of the rulebook")]
        sign_off = node.get("sign_off")
        return Basis(source, node["where"].text(), sign_off.boolean() if sign_off else False)
