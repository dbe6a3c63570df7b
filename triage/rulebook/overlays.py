"""Finds and reads overlays: what a local rulebook changes of the base that it extends."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from triage.rulebook.files import FRONT_PAGE, OVERLAY, opened
from triage.rulebook.rulebook import Stamp
from triage.rulebook.strict_yaml import Faults, Node, Refused

HEADING = ("overlay", "title", "version", "status", "owner", "extends")

CHANGES = ("values", "rules", "retired", "default_place")
"""What an overlay may change of the rules; the other parts only go along with such a change."""

OPTIONAL = (*CHANGES, "beside", "cells", "sources", "waivers")

STATUSES = ("draft", "approved")

NAME = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Added:
    """A rule that an overlay adds to a ruleset of the base."""

    id: str
    ruleset: str
    node: Node


@dataclass(frozen=True, slots=True)
class Overlay:
    """An overlay as it is written, each part by name.

    ``base`` is the directory of the rulebook that it extends; ``beside`` are those of the overlays
    to be laid over the base with it.
    """

    name: str
    title: str
    version: str
    status: str
    owner: str
    node: Node
    base: Path
    beside: tuple[Path, ...]
    sources: Mapping[str, Node]
    values: Mapping[str, Node]
    retired: Mapping[str, Node]
    waivers: Mapping[str, Node]
    cells: Mapping[str, Node]
    default_place: Mapping[str, Node]
    added: tuple[Added, ...]

    def check_written_for(self, base: Stamp) -> None:
        """Raises ``Refused`` where the base is not that for which the overlay was written."""
        named = self.node["extends"]
        rulebook, version = named["rulebook"].text(), named["version"].text()
        if rulebook != base.id:
            problem = f"the rulebook there is {base.id}, not {rulebook}; name the one it extends"
            raise named["rulebook"].refuse(problem)
        if version != base.version:
            raise named["version"].refuse(
                f"{base.id} is version {base.version} there, and this overlay was written for "
                f"{version}; read what changed, then put the version right"
            )


def overlays_from(directory: Path, faults: Faults) -> tuple[Overlay, ...]:
    """The overlay in a directory and all that are laid beside it, by name.

    Which of them the reading began with makes no difference where each names the other.
    """
    found: dict[Path, Overlay] = {}
    waiting = [directory.resolve()]
    while waiting:
        place = waiting.pop()
        if place not in found:
            found[place] = _overlay(place, faults)
            waiting += found[place].beside
    overlays = tuple(found[place] for place in sorted(found, key=lambda each: found[each].name))
    _check_together(overlays)
    return overlays


def _check_together(overlays: tuple[Overlay, ...]) -> None:
    """Overlays that are laid together have names of their own, and one base."""
    for one, other in itertools.pairwise(overlays):
        if one.name == other.name:
            problem = f"{one.name} is the name of the overlay in {one.node.file} too; rename one"
            raise other.node["overlay"].refuse(problem)
        if one.base != other.base:
            raise other.node["extends"].refuse(
                f"{other.name} extends the rulebook in {other.base}, and {one.name} that in "
                f"{one.base}; lay together only overlays of one base"
            )


def _overlay(directory: Path, faults: Faults) -> Overlay:
    node = opened(directory / OVERLAY, f"{directory.name}/{OVERLAY}", faults)
    if node is None:
        faults.note(f"{directory.name}/{OVERLAY}", 1, "is missing; add the file")
        raise Refused(OVERLAY)
    node.mapping(HEADING, OPTIONAL)
    if (directory / FRONT_PAGE).is_file():
        raise node.refuse(f"stands beside {FRONT_PAGE}; a directory holds one of the two")
    if not any(part in node.value for part in CHANGES):
        raise node.refuse(f"changes nothing; add one of: {', '.join(CHANGES)}")
    return Overlay(
        name=_name(node["overlay"]),
        title=node["title"].text(),
        version=node["version"].text(),
        status=node["status"].one_of(STATUSES, "a status"),
        owner=node["owner"].text(),
        node=node,
        base=_base(node["extends"], directory),
        beside=_beside(node.get("beside"), directory),
        sources=_entries(node.get("sources")),
        values=_entries(node.get("values")),
        retired=_listed_by("rule", node.get("retired")),
        waivers=_listed_by("id", node.get("waivers")),
        cells=_cells(node.get("cells")),
        default_place={key: node[key] for key in ("default_place",) if key in node.value},
        added=tuple(_added(node.get("rules"))),
    )


def _name(node: Node) -> str:
    if not NAME.fullmatch(node.text()):
        raise node.refuse("must be small letters, digits and dashes, such as north-lincolnshire")
    return node.text()


def _base(node: Node, directory: Path) -> Path:
    node.mapping(("rulebook", "version", "directory"))
    place = directory / node["directory"].text()
    if (place / OVERLAY).is_file():
        problem = "is an overlay itself; extend its base, and lay this one beside it"
        raise node["directory"].refuse(problem)
    if not (place / FRONT_PAGE).is_file():
        problem = f"there is no {FRONT_PAGE} in {place}; write where the base is"
        raise node["directory"].refuse(problem)
    return place.resolve()


def _beside(node: Node | None, directory: Path) -> tuple[Path, ...]:
    if node is None:
        return ()
    for each in node.listed():
        if not (directory / each.text() / OVERLAY).is_file():
            problem = f"there is no {OVERLAY} in {directory / each.text()}"
            raise each.refuse(f"{problem}; write where the other overlay is")
    return tuple((directory / each.text()).resolve() for each in node.listed())


def _entries(node: Node | None) -> Mapping[str, Node]:
    return node.open_mapping() if node else {}


def _cells(node: Node | None) -> Mapping[str, Node]:
    """The cells of the matrix, by factor and level, that stand for other routes here."""
    return {
        f"{factor} {level}": routes
        for factor, column in _entries(node).items()
        for level, routes in column.open_mapping().items()
    }


def _listed_by(key: str, node: Node | None) -> Mapping[str, Node]:
    """The entries of a list, each by what it says under a key."""
    found: dict[str, Node] = {}
    for each in node.listed() if node else ():
        name = _said(key, each)
        if name in found:
            raise each.refuse(f"{name} is in the list already; take one out")
        found[name] = each
    return found


def _said(key: str, node: Node) -> str:
    named = node.open_mapping().get(key)
    if named is None:
        raise node.refuse(f"{key} is missing; add it")
    return named.text()


def _added(node: Node | None) -> Iterable[Added]:
    for ruleset, rules in _entries(node).items():
        for each in rules.listed():
            yield Added(_said("id", each), ruleset, each)
