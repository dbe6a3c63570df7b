"""Reads after which answers a question makes sense."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from triage.domain.vocabulary import Answer, AskedWhen, Kind
from triage.rulebook.strict_yaml import Node

HOW = ("is", "is_not")
"""How the other answer may be compared."""


def with_follow_ups(node: Node, answers: Mapping[str, Answer]) -> dict[str, Answer]:
    """The answers, each with what it is asked after. Raises ``Refused`` where that cannot be."""
    hanging = {each["name"].text() for each in node.listed() if "asked_when" in each.value}
    known = {
        name: one
        for name, one in answers.items()
        if name not in hanging and one.term.kind in (Kind.BOOLEAN, Kind.CHOICE)
    }
    return {
        each["name"].text(): _following(each, answers[each["name"].text()], known)
        for each in node.listed()
    }


def _following(node: Node, answer: Answer, known: Mapping[str, Answer]) -> Answer:
    """An answer with what it is asked after; one that can get worse is asked whatever else is."""
    after = node.get("asked_when")
    if after is None:
        return answer
    if answer.worse:
        raise after.refuse(f"{answer.name} can get worse, so it is always asked; take this out")
    return replace(answer, asked_when=tuple(_asked_when(each, known) for each in after.listed()))


def _asked_when(node: Node, known: Mapping[str, Answer]) -> AskedWhen:
    node.mapping(("answer",), HOW)
    given = [how for how in HOW if how in node.value]
    if len(given) != 1:
        raise node.refuse("say what the other answer must be: either is, or is_not")
    other = known[node["answer"].one_of(known, "a choice or a yes or no that is always asked")]
    value = _value(node[given[0]], other)
    return AskedWhen(other.name, value, is_not=given[0] == "is_not")


def _value(node: Node, other: Answer) -> bool | str:
    if other.term.kind is Kind.BOOLEAN:
        return node.boolean()
    return node.one_of(other.term.choices, f"a choice of {other.name}")
