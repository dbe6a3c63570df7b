"""Lays overlays over their base: one rulebook, whichever of them is named first.

What two overlays say of one thing they say alike, or neither is laid: there is no order in which
one could win over the other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from triage.domain.rules import Rule
from triage.nearest import nearest
from triage.rulebook.files import DIRECTORY, FRONT_PAGE
from triage.rulebook.overlays import Added, Overlay
from triage.rulebook.rulebook import Rulebook
from triage.rulebook.strict_yaml import Node, plain_node


@dataclass(frozen=True, slots=True)
class Base:
    """The rulebook that is extended: as a whole, and each of its files as it is written."""

    rulebook: Rulebook
    files: Mapping[str, Node]


def laid_over(base: Base, overlays: Sequence[Overlay]) -> Mapping[str, Node]:
    """The files of the local rulebook. Faults are noted; ``Refused`` where a part has no shape."""
    retired = _retired(base, overlays)
    _check_added(base, overlays)
    return {
        **base.files,
        **{
            f"{one.id}.yaml": _ruleset(base.files[f"{one.id}.yaml"], one.id, retired, overlays)
            for one in base.rulebook.rulesets
        },
        FRONT_PAGE: _front_page(base, overlays, retired),
        DIRECTORY: _directory(base.files[DIRECTORY], overlays),
    }


def _agreed(
    overlays: Sequence[Overlay], part: Callable[[Overlay], Mapping[str, Node]], what: str
) -> dict[str, Node]:
    """What overlays say in one part, by name; a fault where two say it differently."""
    said: dict[str, tuple[Overlay, Node]] = {}
    for overlay in overlays:
        for name, node in part(overlay).items():
            other, before = said.setdefault(name, (overlay, node))
            if node.plain() != before.plain():
                problem = f"{other.name} and {overlay.name} {what} {name} differently"
                node.refuse(f"{problem}; say the same in both, or take it out of one")
    return {name: node for name, (_, node) in said.items()}


# --- rules ---


def _retired(base: Base, overlays: Sequence[Overlay]) -> Mapping[str, Node]:
    """The rules that do not hold here, each with the title it had."""
    found: dict[str, Node] = {}
    rules = {rule.id: rule for rule in base.rulebook.rules}
    adding = {each.id: overlay for overlay in overlays for each in overlay.added}
    for name, node in _agreed(overlays, lambda each: each.retired, "retire").items():
        node.mapping(("rule", "because", "basis"))
        rule = rules.get(name)
        if rule is None:
            _not_of_the_base(node["rule"], adding.get(name), overlays, rules)
        elif rule.when is None:
            problem = f"{name} takes everybody whom no other rule sends anywhere"
            node["rule"].refuse(f"{problem}; it cannot be retired")
        else:
            found[name] = replace(node, value={**node.value, "title": _made(rule.title, node)})
    return found


def _not_of_the_base(
    node: Node, adding: Overlay | None, overlays: Sequence[Overlay], rules: Mapping[str, Rule]
) -> None:
    name = node.text()
    if adding is None:
        node.refuse(f"{name} is not a rule of the base; {nearest(name, rules)}")
        return
    retiring = next(each for each in overlays if name in each.retired)
    problem = f"{retiring.name} retires {name}, which {adding.name} adds"
    node.refuse(f"{problem}; take it out of one of them")


def _check_added(base: Base, overlays: Sequence[Overlay]) -> None:
    """An added rule has an id of its own, and a ruleset of the base to stand in."""
    rulesets = [one.id for one in base.rulebook.rulesets]
    taken = {rule.id: f"{rule.file}:{rule.line}" for rule in base.rulebook.rules}
    adding: dict[str, Overlay] = {}
    for overlay in overlays:
        for each in overlay.added:
            if each.ruleset not in rulesets:
                problem = f"{each.ruleset} is not a ruleset of the base"
                each.node.refuse(f"{problem}; {nearest(each.ruleset, rulesets)}")
            if each.id in taken:
                problem = f"the id {each.id} is used already in the base, at {taken[each.id]}"
                each.node.within(each.id).refuse(f"{problem}; use another")
            other = adding.setdefault(each.id, overlay)
            if other is not overlay:
                problem = f"{other.name} and {overlay.name} both add {each.id}"
                each.node.within(each.id).refuse(f"{problem}; rename one, or leave it in one")


def _ruleset(
    base: Node, name: str, retired: Mapping[str, Node], overlays: Sequence[Overlay]
) -> Node:
    """A ruleset of the base without the rules that are retired, and with those that are added."""
    rules: list[Node] = base["rules"].value
    kept = [each for each in rules if each["id"].text() not in retired]
    kept += [each.node for each in _added_to(name, overlays)]
    if not kept:
        last = retired[rules[-1]["id"].text()]
        last.refuse(f"leaves no rule in {name}; keep one, or add one that holds here")
    value = {**base.value, "rules": replace(base["rules"], value=kept)}
    if "cells" in value:
        value["cells"] = _cells(value["cells"], overlays)
    return replace(base, value=value)


def _added_to(ruleset: str, overlays: Sequence[Overlay]) -> list[Added]:
    return [each for overlay in overlays for each in overlay.added if each.ruleset == ruleset]


# --- the matrix, the front page and the directory ---


def _cells(base: Node, overlays: Sequence[Overlay]) -> Node:
    """The cells of the matrix, with the routes for which some of them stand here."""
    cells = base
    for name, node in _agreed(overlays, lambda each: each.cells, "set the cell").items():
        factor, level = name.split(" ", 1)
        if level in base.value.get(factor, base).value:
            cells = _with_cell(cells, factor, level, node)
        else:
            node.refuse_name(f"{name} is not a cell of the matrix; name a factor and its level")
    return cells


def _with_cell(cells: Node, factor: str, level: str, routes: Node) -> Node:
    column, cell = cells[factor], cells[factor][level]
    if routes.plain() == cell["routes"].plain():
        routes.refuse(f"{factor} {level} stands for this in the base already; take it out")
    column = replace(
        column,
        value={**column.value, level: replace(cell, value={**cell.value, "routes": routes})},
    )
    return replace(cells, value={**cells.value, factor: column})


def _front_page(base: Base, overlays: Sequence[Overlay], retired: Mapping[str, Node]) -> Node:
    front = base.files[FRONT_PAGE]
    waivers = _agreed(overlays, lambda each: each.waivers, "word the waiver")
    local = {"retired": [*retired.values()], "waivers": [*waivers.values()]}
    value = {
        **front.value,
        **{name: _made(said, front) for name, said in _heading(base, overlays).items()},
        "sources": _sources(front["sources"], overlays),
        "values": _values(front["values"], overlays),
        **{name: replace(front, value=listed) for name, listed in local.items() if listed},
    }
    return replace(front, value=value)


def _heading(base: Base, overlays: Sequence[Overlay]) -> dict[str, Any]:
    """What names the local rulebook and says where it comes from."""
    stamp, titles = base.rulebook.stamp, [one.title for one in overlays]
    approved = all(one.status == "approved" for one in overlays)
    return {
        "rulebook": "+".join(one.name for one in overlays),
        "title": " and ".join(titles),
        "version": "+".join(one.version for one in overlays),
        "status": "approved" if approved else "draft",
        "owner": "; ".join(dict.fromkeys(one.owner for one in overlays)),
        "extends": {"rulebook": stamp.id, "version": stamp.version, "digest": stamp.digest},
        "overlays": [
            {"overlay": one.name, "title": one.title, "version": one.version} for one in overlays
        ],
    }


def _sources(base: Node, overlays: Sequence[Overlay]) -> Node:
    added = _agreed(overlays, lambda each: each.sources, "describe the source")
    for name, node in added.items():
        if name in base.value:
            node.refuse_name(f"{name} is a source of the base already; use it, or rename this one")
    return replace(base, value={**added, **base.value})


def _values(base: Node, overlays: Sequence[Overlay]) -> Node:
    """The named values: title, unit, range and choices are the base's, whatever the value is."""
    values = dict(base.value)
    for name, node in _agreed(overlays, lambda each: each.values, "set").items():
        if name in base.value:
            values[name] = _set_anew(name, base[name], node)
        else:
            node.refuse_name(f"{name} is not a named value of the base; {nearest(name, values)}")
    return replace(base, value=values)


def _set_anew(name: str, base: Node, node: Node) -> Node:
    node.mapping(("value", "basis"))
    if node["value"].plain() == base["value"].plain():
        problem = f"{name} is {base['value'].plain()} in the base already; take it out"
        node["value"].refuse(problem)
    return replace(base, value={**base.value, **node.value})


def _directory(base: Node, overlays: Sequence[Overlay]) -> Node:
    changed = _agreed(overlays, lambda each: each.default_place, "set the")
    for node in changed.values():
        if node.plain() == base["default_place"].plain():
            node.refuse(f"{node.text()} is the default place of the base already; take it out")
    return replace(base, value={**base.value, **changed})


def _made(said: Any, beside: Node) -> Node:
    """A value that no file says, at the place of another."""
    return replace(plain_node(said, beside.file, beside.faults), line=beside.line)
