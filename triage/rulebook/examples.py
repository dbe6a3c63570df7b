"""Reads the boundary examples of a rule."""

from __future__ import annotations

from collections.abc import Mapping

from triage.domain.rules import Example
from triage.domain.vocabulary import Kind, Term, Value
from triage.nearest import nearest
from triage.rulebook.shared import Shared
from triage.rulebook.strict_yaml import Node


def read_examples(node: Node, shared: Shared) -> tuple[Example, ...]:
    """The examples of a rule, each under a title of its own."""
    found: dict[str, Example] = {}
    for each in node.listed():
        example = _example(each, shared, found)
        if example.title in found:
            raise each.refuse(f"two examples are called '{example.title}'; rename one")
        found[example.title] = example
    return tuple(found.values())


def _example(node: Node, shared: Shared, earlier: Mapping[str, Example]) -> Example:
    """An example.

    With ``like`` it differs from an earlier one only in what it gives, and a fact given as null
    is not known.
    """
    node.mapping(("title", "given", "fires"), ("like",))
    like = node.get("like")
    given = dict(earlier[like.one_of(earlier, "an earlier example")].given) if like else {}
    terms = shared.vocabulary.terms
    for name, value in node["given"].open_mapping().items():
        if name not in terms:
            raise value.refuse(f"{name} is not in the vocabulary; {nearest(name, terms)}")
        if value.value is None:
            given.pop(name, None)
        else:
            given[name] = _value(terms[name], value)
    return Example(node["title"].text(), given, node["fires"].boolean(), node.line)


def _value(term: Term, node: Node) -> Value:
    """A value of a fact as an example gives it, refused where the fact has no such value."""
    match term.kind:
        case Kind.BOOLEAN:
            return node.boolean()
        case Kind.NUMBER:
            found = node.number()
            if not term.low <= found <= term.high:
                raise node.refuse(f"{found} is outside the range {term.low} to {term.high}")
            return found
        case Kind.CHOICE:
            return node.one_of(term.choices, f"a value of {term.name}")
        case Kind.LIST:
            return tuple(each.text() for each in node.listed())
        case _:
            return node.text()
