"""Reads by which words practices name a route, or what they ask for, in orders."""

from __future__ import annotations

from triage.rulebook.strict_yaml import Node


def read_phrases(node: Node | None) -> tuple[str, ...]:
    """The phrases of a list, each as it is compared and once. Raises ``Refused``."""
    found: dict[str, None] = {}
    for each in node.listed() if node else ():
        phrase = each.text()
        if not any(map(str.isalnum, phrase)) or phrase != " ".join(phrase.lower().split()):
            raise each.refuse("write words in small letters, with one space between them")
        if phrase in found:
            raise each.refuse(f"{phrase} is in the list already; take one out")
        found[phrase] = None
    return tuple(found)
