"""A plain reader of the same rule files: the second witness beside the engine.

It reads the content of the YAML as it stands and shares no code with the engine or with the
conditions of the package. Conditions have three truth values; None is "not known".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

Facts = Mapping[str, Any]
Content = Mapping[str, Any]

TESTS: Mapping[str, Callable[[Any, Any], bool]] = {
    "is": lambda value, wanted: value == wanted and type(value) is type(wanted),
    "in": lambda value, wanted: any(value == each for each in wanted),
    "includes": lambda value, wanted: any(each == wanted for each in value),
    "at_least": lambda value, wanted: value >= wanted,
    "at_most": lambda value, wanted: value <= wanted,
    "above": lambda value, wanted: value > wanted,
    "below": lambda value, wanted: value < wanted,
}


class PlainReader:
    """Says which rules of a rulebook's content fire on a set of facts."""

    def __init__(self, content: Content) -> None:
        front = content["rulebook.yaml"]
        self._values = {name: one["value"] for name, one in front["values"].items()}
        self.rules: list[dict[str, Any]] = []
        self.otherwise: dict[str, Any] = {}
        for name in front["rulesets"]:
            self.rules += content[f"{name}.yaml"]["rules"]
            self.otherwise = content[f"{name}.yaml"].get("otherwise", self.otherwise)

    def fired(self, facts: Facts) -> set[str]:
        """The ids of the rules whose condition is true of the facts."""
        return {rule["id"] for rule in self.rules if self.holds(rule["when"], facts)}

    def holds(self, when: Mapping[str, Any], facts: Facts) -> bool:
        return self._truth(when, facts) is True

    def _truth(self, when: Mapping[str, Any], facts: Facts) -> bool | None:
        ((key, value),) = ((key, value) for key, value in when.items() if key != "because")
        if key == "not":
            inner = self._truth(value, facts)
            return None if inner is None else not inner
        if key == "all":
            return _at_least(len(value), [self._truth(each, facts) for each in value])
        if key == "any":
            return _at_least(1, [self._truth(each, facts) for each in value])
        if key == "at_least_of":
            truths = [self._truth(each, facts) for each in value["of"]]
            return _at_least(self._number(value["count"]), truths)
        compared = [self._compare(key, sign, wanted, facts) for sign, wanted in value.items()]
        return _at_least(len(compared), compared)

    def _compare(self, fact: str, sign: str, wanted: Any, facts: Facts) -> bool | None:
        value = facts.get(fact)
        if sign == "known":
            return (value is not None) is wanted
        return None if value is None else TESTS[sign](value, self._number(wanted))

    def _number(self, written: Any) -> Any:
        return self._values[written["value"]] if isinstance(written, dict) else written

    def thresholds(self) -> dict[str, set[int]]:
        """The numbers each fact is compared with, wherever it is."""
        found: dict[str, set[int]] = {}
        for fact, wanted in _comparisons([rule["when"] for rule in self.rules]):
            number = self._number(wanted)
            if type(number) is int:
                found.setdefault(fact, set()).add(number)
        return found


def _at_least(count: int, truths: list[bool | None]) -> bool | None:
    """Are so many of them true, whatever the unknown ones are?"""
    if truths.count(True) >= count:
        return True
    return None if truths.count(True) + truths.count(None) >= count else False


def _comparisons(written: Any) -> Iterator[tuple[str, Any]]:
    """Every fact and constant that stand together, somewhere in what is written."""
    if isinstance(written, list):
        for each in written:
            yield from _comparisons(each)
    elif isinstance(written, dict):
        for key, value in written.items():
            if isinstance(value, dict) and TESTS.keys() & value.keys():
                for sign in TESTS.keys() & value.keys():
                    yield key, value[sign]
            else:
                yield from _comparisons(value)
