"""Every change to one of the conclusions of a rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from triage.domain.rules import LEVELS
from triage.domain.vocabulary import Vocabulary
from triage.verify.mutation.changes import (
    Change,
    Changes,
    neighbours,
    one_off,
    put,
    within,
    without_one,
)


class ConclusionChanges:
    """Finds the changes to conclusions in the words of a vocabulary."""

    def __init__(self, vocabulary: Vocabulary, number: Callable[[Any], int]) -> None:
        self._routes = tuple(vocabulary.routes)
        by_urgency = sorted(vocabulary.urgencies.values(), key=lambda one: one.order)
        self._urgencies = tuple(one.id for one in by_urgency)
        self._number = number
        self._by_kind: Mapping[str, Callable[[Any], Changes]] = {
            "level": self._level,
            "flag": _flag,
            "route": self._route,
            "urgency": lambda name: _next("urgency", self._urgencies, name),
            "action": self._action,
        }

    def of(self, then: Sequence[Mapping[str, Any]]) -> Changes:
        """Every list of conclusions that is another in one place."""
        yield from within(then, self._of_one)
        yield from without_one(then, _told)

    def _of_one(self, conclusion: Mapping[str, Any]) -> Changes:
        ((kind, value),) = conclusion.items()
        if kind in self._by_kind:
            yield from put(conclusion, kind, self._by_kind[kind](value))

    def _level(self, level: Mapping[str, Any]) -> Changes:
        ((factor, value),) = level.items()
        if isinstance(value, str):
            yield from put(level, factor, _next(factor, LEVELS, value))

    def _route(self, route: Mapping[str, Any]) -> Changes:
        yield from put(route, "to", _next("route", self._routes, route["to"]))
        yield from put(route, "urgency", _next("urgency", self._urgencies, route["urgency"]))

    def _action(self, action: Mapping[str, Any]) -> Changes:
        told = f"action {action['id']} due in days"
        yield from put(action, "due_in_days", one_off(self._number(action["due_in_days"]), told))
        if "due_on" in action:
            kept = {key: value for key, value in action.items() if key != "due_on"}
            yield Change(kept, f"action {action['id']} due on {action['due_on']} was dropped")


def _flag(flag: Mapping[str, bool]) -> Changes:
    ((name, value),) = flag.items()
    was, becomes = str(value).lower(), str(not value).lower()
    yield Change({name: not value}, f"flag {name} {was} became {becomes}")


def _next(what: str, known: Sequence[str], name: str) -> Changes:
    for other in neighbours(known, name):
        yield Change(other, f"{what} {name} became {other}")


def _told(conclusion: Mapping[str, Any]) -> str:
    """A conclusion in a few words."""
    ((kind, value),) = conclusion.items()
    match value:
        case {"to": to}:
            return f"route {to}"
        case {"id": name}:
            return f"action {name}"
        case dict():
            ((name, given),) = value.items()
            return f"{kind} of {name}" if kind == "level" else f"{kind} {name} {str(given).lower()}"
    return kind if value is True else f"{kind} {value}"
