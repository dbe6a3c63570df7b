"""Reads the ``then`` of a rule: one function for each kind of conclusion."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from triage.domain.rules import KINDS, LEVELS, Conclusion, Due, rated_fact
from triage.domain.vocabulary import Kind
from triage.nearest import nearest
from triage.rulebook.conditions import number
from triage.rulebook.shared import Shared
from triage.rulebook.strict_yaml import Node


def read_conclusions(node: Node, shared: Shared) -> tuple[Conclusion, ...]:
    """Everything a rule concludes, in the order written."""
    return tuple(_conclusion(each, shared) for each in node.listed())


def _conclusion(node: Node, shared: Shared) -> Conclusion:
    entries = node.open_mapping()
    if len(entries) != 1:
        raise node.refuse(
            f"must have one conclusion, not {len(entries)}; start a new line for each"
        )
    ((kind, value),) = entries.items()
    if kind not in KINDS:
        raise value.refuse(f"{kind} is not a kind of conclusion; {nearest(kind, KINDS)}")
    return _CONCLUDE[kind](value, shared)


def _level(node: Node, shared: Shared) -> Conclusion:
    factor, value = _single(node, shared.vocabulary.factors, "a factor")
    if isinstance(value.value, dict):
        value.mapping(("from",))
        return Conclusion(
            "level", factor, taken_from=value["from"].one_of([rated_fact(factor)], "a rating")
        )
    return Conclusion("level", factor, value.one_of(LEVELS, "a level"))


def _flag(node: Node, shared: Shared) -> Conclusion:
    flags = {
        name for name, term in shared.vocabulary.concluded.items() if term.kind is Kind.BOOLEAN
    }
    name, value = _single(node, flags, "a flag")
    return Conclusion("flag", name, value.boolean())


def _single(node: Node, known: Collection[str], what: str) -> tuple[str, Node]:
    entries = node.open_mapping()
    if len(entries) != 1:
        raise node.refuse(f"must name one of them, not {len(entries)}")
    ((name, value),) = entries.items()
    if name not in known:
        raise node.refuse(f"{name} is not {what}; {nearest(name, known)}")
    return name, value


def _route(node: Node, shared: Shared) -> Conclusion:
    node.mapping(("to", "urgency"))
    to = node["to"].one_of(shared.vocabulary.routes, "a route")
    urgency = node["urgency"].one_of(shared.vocabulary.urgencies, "an urgency")
    return Conclusion("route", to, urgency=urgency)


def _urgency(node: Node, shared: Shared) -> Conclusion:
    return Conclusion("urgency", node.one_of(shared.vocabulary.urgencies, "an urgency"))


def _hold_booking(node: Node, _shared: Shared) -> Conclusion:
    if not node.boolean():
        raise node.refuse("can only be true: a booking is held, or nothing is said")
    return Conclusion("hold_booking", "booking", value=True)


def _action(node: Node, shared: Shared) -> Conclusion:
    node.mapping(("id", "due_in_days"), ("due_on",))
    name = node["id"].one_of(shared.vocabulary.named["actions"], "an action")
    on = node.get("due_on")
    dates = [name for name, term in shared.vocabulary.terms.items() if term.kind is Kind.DATE]
    due = Due(
        number(node["due_in_days"], shared.values), on.one_of(dates, "a date") if on else None
    )
    return Conclusion("action", name, due=due)


def _named(kind: str) -> Callable[[Node, Shared], Conclusion]:
    def read(node: Node, shared: Shared) -> Conclusion:
        named = shared.vocabulary.named[f"{kind}s"]
        return Conclusion(kind, node.one_of(named, f"a known {kind}"))

    return read


_CONCLUDE: Mapping[str, Callable[[Node, Shared], Conclusion]] = {
    "level": _level,
    "flag": _flag,
    "route": _route,
    "urgency": _urgency,
    "hold_booking": _hold_booking,
    "alert": _named("alert"),
    "action": _action,
    "treatment": _named("treatment"),
    "measure": _named("measure"),
    "support": _named("support"),
}
