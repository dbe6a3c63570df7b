"""Reads what the front page of a local rulebook says of its base: what was laid over it, and why.

These are written by laying an overlay over its base, never by hand.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from triage.domain.overlays import Laid, Retired, Waiver
from triage.rulebook.rulebook import Stamp
from triage.rulebook.shared import Shared
from triage.rulebook.strict_yaml import Node

LOCAL = ("extends", "overlays", "retired", "waivers")
"""What stands on the front page of a local rulebook alone."""

T = TypeVar("T")


def base_extended(front: Node) -> Stamp | None:
    """What names the base; None for a rulebook that extends none."""
    node = front.get("extends")
    if node is None:
        return None
    node.mapping(("rulebook", "version", "digest"))
    return Stamp(node["rulebook"].text(), node["version"].text(), node["digest"].text())


def overlays_laid(front: Node) -> tuple[Laid, ...]:
    """The overlays that were laid over the base, by name."""
    return _each(front.get("overlays"), _laid)


def rules_retired(front: Node, shared: Shared) -> tuple[Retired, ...]:
    """The rules of the base that do not hold here."""
    return _each(front.get("retired"), lambda node: _retired(node, shared))


def waivers_named(front: Node, shared: Shared) -> tuple[Waiver, ...]:
    """Where the local rules may be less urgent than the base."""
    return _each(front.get("waivers"), lambda node: _waiver(node, shared))


def _each(node: Node | None, read_one: Callable[[Node], T]) -> tuple[T, ...]:
    return tuple(read_one(each) for each in node.listed()) if node else ()


def _laid(node: Node) -> Laid:
    node.mapping(("overlay", "title", "version"))
    return Laid(node["overlay"].text(), node["title"].text(), node["version"].text())


def _retired(node: Node, shared: Shared) -> Retired:
    node.mapping(("rule", "title", "because", "basis"))
    rule = node["rule"].text()
    node = node.within(rule)
    basis = shared.read_signed_basis(node["basis"])
    return Retired(rule, node["title"].text(), node["because"].text(), basis)


def _waiver(node: Node, shared: Shared) -> Waiver:
    node.mapping(("id", "title", "urgency", "basis"), ("when",))
    name, when = node["id"].text(), node.get("when")
    node = node.within(name)
    before, after = _lowered(node["urgency"], shared)
    return Waiver(
        id=name,
        title=node["title"].text(),
        when=shared.conditions.condition(when) if when else None,
        before=before,
        after=after,
        basis=shared.read_signed_basis(node["basis"]),
    )


def _lowered(node: Node, shared: Shared) -> tuple[str, str]:
    """The urgency of the base and the lower one that may stand in its place."""
    node.mapping(("from", "to"))
    known = shared.vocabulary.urgencies
    before, after = (node[key].one_of(known, "an urgency") for key in ("from", "to"))
    if not known[before].sooner_than(known[after]):
        problem = f"{after} is no less urgent than {before}, which needs no waiver; take it out"
        raise node.refuse(problem)
    return before, after
