"""Reads the ``when`` of a rule, and refuses what could not mean what it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from triage.domain.conditions import WRITTEN, All, AnyOf, AtLeastOf, Compare, Condition, Not
from triage.domain.rules import NamedValue
from triage.domain.sentences import Sentence
from triage.domain.vocabulary import Kind, Term, Value
from triage.nearest import nearest
from triage.rulebook.strict_yaml import Node

JOINS = ("all", "any", "not", "at_least_of")

OPERATORS_OF: Mapping[Kind, tuple[str, ...]] = {
    Kind.BOOLEAN: ("is", "known"),
    Kind.CHOICE: ("is", "in", "known"),
    Kind.NUMBER: ("is", "at_least", "at_most", "above", "below", "known"),
    Kind.LIST: ("includes", "known"),
    Kind.DATE: ("known",),
    Kind.ITEMS: ("known",),
}
"""The operators that make sense for each kind of fact."""


class ConditionReader:
    """Reads conditions over the terms of a vocabulary and the named values of a rulebook."""

    def __init__(self, terms: Mapping[str, Term], values: Mapping[str, NamedValue]) -> None:
        self._terms, self._values = terms, values

    def condition(self, node: Node) -> Condition:
        """The condition that a mapping in a rule file stands for."""
        entries = dict(node.open_mapping())
        told = entries.pop("because", None)
        because = self.sentence(told) if told else None
        if len(entries) != 1:
            raise node.refuse(f"must have one condition beside its because, not {len(entries)}")
        ((key, value),) = entries.items()
        found = self._join(key, value) if key in JOINS else self._comparisons(key, value)
        return replace(found, because=because)

    def sentence(self, node: Node) -> Sentence:
        """A sentence whose every {place} is a fact."""
        found = Sentence(node.text())
        for name in found.reads:
            if name not in self._terms:
                raise node.refuse(f"{{{name}}} is not a fact; {nearest(name, self._terms)}")
        return found

    def _join(self, key: str, node: Node) -> Condition:
        if key == "not":
            return Not(self.condition(node))
        if key == "at_least_of":
            return self._at_least_of(node)
        of = tuple(self.condition(each) for each in node.listed())
        return All(of) if key == "all" else AnyOf(of)

    def _at_least_of(self, node: Node) -> Condition:
        node.mapping(("count", "of"))
        of = tuple(self.condition(each) for each in node["of"].listed())
        count = self._number(node["count"], 1, len(of))
        return AtLeastOf(count, of)

    def _comparisons(self, name: str, node: Node) -> Condition:
        term = self._terms.get(name)
        if term is None:
            raise node.refuse(f"{name} is not in the vocabulary; {nearest(name, self._terms)}")
        entries = node.open_mapping()
        if not entries:
            raise node.refuse(f"{name} is compared with nothing; {nearest('', WRITTEN)}")
        found = tuple(self._compare(term, operator, at) for operator, at in entries.items())
        if len(found) > 1 and not _can_all_hold(term, found):
            raise node.refuse(f"no {name} is all of this at once; put the range right")
        return found[0] if len(found) == 1 else All(found)

    def _compare(self, term: Term, operator: str, node: Node) -> Compare:
        allowed = OPERATORS_OF[term.kind]
        if operator not in allowed:
            problem = f"{operator} cannot be asked of {term.name}, a {term.kind}"
            raise node.refuse(f"{problem}; {nearest(operator, allowed)}")
        if operator == "known":
            return Compare(term.name, operator, node.boolean())
        return Compare(term.name, operator, self._wanted(term, operator, node))

    def _wanted(self, term: Term, operator: str, node: Node) -> Value:
        if term.kind is Kind.BOOLEAN:
            return node.boolean()
        if term.kind is Kind.NUMBER:
            return self._threshold(term, operator, node)
        known = term.choices
        if operator == "in":
            return self._several(term, node)
        return node.one_of(known, f"a value of {term.name}") if known else node.text()

    def _several(self, term: Term, node: Node) -> tuple[str, ...]:
        found = tuple(
            each.one_of(term.choices, f"a value of {term.name}") for each in node.listed()
        )
        if len(set(found)) < len(found):
            raise node.refuse("names a value twice; take one out")
        if len(found) == len(term.choices):
            raise node.refuse(f"names every value of {term.name}; write known: true")
        return found

    def _threshold(self, term: Term, operator: str, node: Node) -> int:
        wanted = self._number(node, term.low, term.high)
        dead = {
            "at_least": wanted == term.low,
            "at_most": wanted == term.high,
            "above": wanted == term.high,
            "below": wanted == term.low,
        }
        if dead.get(operator):
            verdict = "always" if operator in ("at_least", "at_most") else "never"
            span = f"{term.name} runs from {term.low} to {term.high}"
            raise node.refuse(f"{operator} {wanted} is {verdict} true; {span}")
        return wanted

    def _number(self, node: Node, low: int, high: int) -> int:
        wanted = number(node, self._values)
        if not low <= wanted <= high:
            raise node.refuse(f"{wanted} is outside the range {low} to {high}")
        return wanted


def _can_all_hold(term: Term, found: tuple[Compare, ...]) -> bool:
    if term.kind is not Kind.NUMBER or any(one.of_absent for one in found):
        return term.kind is not Kind.NUMBER
    numbers = range(term.low, term.high + 1)
    return any(all(one.holds_of(each) for one in found) for each in numbers)


def number(node: Node, values: Mapping[str, NamedValue]) -> int:
    """A number written out, or the named value that ``{value: name}`` asks for."""
    if not isinstance(node.value, dict):
        return node.number()
    node.mapping(("value",))
    numeric = {one.name: one.value for one in values.values() if isinstance(one.value, int)}
    return numeric[node["value"].one_of(numeric, "a named value")]
