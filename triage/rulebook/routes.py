"""Reads the routes of the vocabulary, with what is said of each to people and to other systems."""

from __future__ import annotations

from collections.abc import Callable

from triage.domain.vocabulary import RouteTerm
from triage.rulebook.phrases import read_phrases
from triage.rulebook.strict_yaml import Node

TOLD = ("ordered_as", "suits", "script", "to_caller")
"""What a route may say of itself to people and to other systems."""


def route_reader(routes: Node) -> Callable[[str, Node], RouteTerm]:
    """What reads a route of a list, whose names it knows. Raises ``Refused``."""
    known = {each["name"].text() for each in routes.listed() if "name" in each.open_mapping()}

    def read(name: str, node: Node) -> RouteTerm:
        node.mapping(
            ("name", "title", "meaning"),
            ("step", "replaces", "concurrent_with", "gives_way", *TOLD),
        )
        return RouteTerm(
            id=name,
            title=node["title"].text(),
            meaning=node["meaning"].text(),
            step=node["step"].number() if node.get("step") else None,
            replaces=_names(node.get("replaces"), known),
            concurrent_with=_names(node.get("concurrent_with"), known),
            gives_way=node["gives_way"].boolean() if node.get("gives_way") else False,
            ordered_as=read_phrases(node.get("ordered_as")),
            suits=node["suits"].text() if node.get("suits") else "",
            script=_sentences(node.get("script")),
            to_caller=node["to_caller"].text() if node.get("to_caller") else "",
        )

    return read


def _sentences(node: Node | None) -> tuple[str, ...]:
    return tuple(each.text() for each in node.listed()) if node else ()


def _names(node: Node | None, known: set[str]) -> frozenset[str]:
    return (
        frozenset(each.one_of(known, "a route") for each in node.listed()) if node else frozenset()
    )
