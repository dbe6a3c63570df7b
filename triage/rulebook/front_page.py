"""Reads what the front page shares with every ruleset: its sources and its named values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from triage.domain.rules import Authority, NamedValue, Source
from triage.domain.vocabulary import Kind, Term, Vocabulary
from triage.rulebook.conditions import ConditionReader
from triage.rulebook.shared import Shared
from triage.rulebook.strict_yaml import Node

T = TypeVar("T")


def read_shared(front: Node, vocabulary: Vocabulary) -> Shared:
    """What every ruleset shares; the named values that are words are words like any other."""
    sources = _each(front["sources"], _source)
    early = Shared(vocabulary, {}, sources, ConditionReader({}, {}))
    values = _each(front["values"], _named_value(early))
    switches = {name: _switch(one) for name, one in values.items() if one.choices}
    for name in switches.keys() & vocabulary.terms.keys():
        raise front["values"][name].refuse_name(
            f"{name} is in the vocabulary already; rename the value"
        )
    words = replace(vocabulary, terms={**vocabulary.terms, **switches})
    return Shared(words, values, sources, ConditionReader(words.terms, values))


def _switch(value: NamedValue) -> Term:
    words = dict.fromkeys(value.choices, "")
    return Term(value.name, value.title, Kind.CHOICE, 0, 0, value.choices, words)


def _each(node: Node, read_one: Callable[[str, Node], T]) -> dict[str, T]:
    return {name: read_one(name, entry) for name, entry in node.open_mapping().items()}


def _source(name: str, node: Node) -> Source:
    node.mapping(("title", "authority"))
    authority = Authority(node["authority"].one_of(Authority, "an authority"))
    return Source(name, node["title"].text(), authority)


def _named_value(shared: Shared) -> Callable[[str, Node], NamedValue]:
    def read_one(name: str, node: Node) -> NamedValue:
        node = node.within(name)
        node.mapping(("title", "value", "basis"), ("from", "to", "choices", "unit"))
        basis = shared.read_basis(node["basis"])
        title, unit = node["title"].text(), node.get("unit")
        if node.get("choices"):
            choices = tuple(each.text() for each in node["choices"].listed())
            value = node["value"].one_of(choices, f"a choice of {name}")
            return NamedValue(name, title, value, basis, choices=choices)
        node.mapping(("title", "value", "basis", "from", "to"), ("unit",))
        low, high, number = (node[key].number() for key in ("from", "to", "value"))
        if not low <= number <= high:
            raise node["value"].refuse(f"{number} is outside the range {low} to {high}")
        return NamedValue(name, title, number, basis, low, high, unit=unit.text() if unit else "")

    return read_one
