"""Mutants: the rulebook with one thing changed, as a hand might slip, for every such slip there is.

They measure whatever is to notice a wrong rulebook: the examples, the tests that are written from
the rules, and the comparison of two rulebooks.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from triage.errors import RulebookError
from triage.rulebook import Rulebook, rulebook_of
from triage.rulebook.files import FRONT_PAGE, VOCABULARY
from triage.verify.mutation.changes import Change, Changes, put
from triage.verify.mutation.conclusions import ConclusionChanges
from triage.verify.mutation.conditions import ConditionChanges
from triage.verify.mutation.words import of_routes, of_value

Content = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Mutant:
    """The content of a rulebook with one thing changed.

    ``rule`` is the rule that was changed; None where what several rules share was. ``said`` says
    what was changed: ``severity-medium: phq9_total at_least 10 became 11``.
    """

    id: str
    rule: str | None
    said: str
    content: Content = field(repr=False, compare=False)

    def rulebook(self) -> Rulebook:
        """The rulebook that it is. Raises ``RulebookError`` where that is refused."""
        return rulebook_of(json.dumps(self.content))


def loaded(mutant: Mutant) -> Rulebook | None:
    """The rulebook that a mutant is; None where it is refused, so that nobody can run it."""
    try:
        return mutant.rulebook()
    except RulebookError:
        return None


def some_mutants(rulebook: Rulebook, seed: int, count: int) -> Iterator[tuple[Mutant, Rulebook]]:
    """So many of the mutants that are not refused, drawn by a seed; all, where there are fewer."""
    every = list(mutants(rulebook))
    Random(seed).shuffle(every)  # noqa: S311 (a draw, not a secret)
    found = ((one, made) for one in every if (made := loaded(one)) is not None)
    yield from (pair for pair, _ in zip(found, range(count), strict=False))


def mutants(rulebook: Rulebook) -> Iterator[Mutant]:
    """Every mutant, in the order of the rules and then of the words; always the same.

    None of them is loaded yet, and the examples of many no longer hold.
    """
    for name in rulebook.content[FRONT_PAGE]["rulesets"]:
        yield from _of_ruleset(rulebook, f"{name}.yaml")
    yield from _of_values(rulebook)
    yield from _of_routes(rulebook)


def _of_ruleset(rulebook: Rulebook, file: str) -> Iterator[Mutant]:
    content, changed = rulebook.content, _RuleChanges(rulebook)
    ruleset = content[file]
    rules = ruleset["rules"]
    for place, rule in enumerate(rules):
        name, before, after = rule["id"], rules[:place], rules[place + 1 :]
        ways = [Change([*before, one.to, *after], one.said) for one in changed.of(rule)]
        ways.append(Change([*before, *after], "the rule was dropped"))
        yield from _numbered(content, file, name, name, put(ruleset, "rules", ways))
    if "otherwise" in ruleset:
        name = ruleset["otherwise"]["id"]
        ways = list(put(ruleset, "otherwise", changed.of(ruleset["otherwise"])))
        yield from _numbered(content, file, name, name, iter(ways))


def _of_values(rulebook: Rulebook) -> Iterator[Mutant]:
    front = rulebook.content[FRONT_PAGE]
    for name, value in rulebook.values.items():
        written = put(front["values"][name], "value", of_value(value))
        ways = put(front, "values", put(front["values"], name, written))
        yield from _numbered(rulebook.content, FRONT_PAGE, f"value {name}", None, ways)


def _of_routes(rulebook: Rulebook) -> Iterator[Mutant]:
    vocabulary = rulebook.content[VOCABULARY]
    by_route: dict[str, list[Change]] = {}
    for name, one in of_routes(vocabulary["routes"]):
        by_route.setdefault(name, []).append(one)
    for name, changes in by_route.items():
        ways = put(vocabulary, "routes", changes)
        yield from _numbered(rulebook.content, VOCABULARY, f"route {name}", None, ways)


def _numbered(
    content: Content, file: str, where: str, rule: str | None, ways: Changes
) -> Iterator[Mutant]:
    for number, one in enumerate(ways, 1):
        said = f"{where}: {one.said}"
        yield Mutant(f"{where} #{number}", rule, said, {**content, file: one.to})


class _RuleChanges:
    """Finds the changes to one rule, its dropping aside."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._when = ConditionChanges(rulebook.vocabulary.terms, rulebook.values)
        self._then = ConclusionChanges(rulebook.vocabulary, self._when.number)

    def of(self, rule: Content) -> Changes:
        if "when" in rule:
            for one in put(rule, "when", self._when.of(rule["when"])):
                yield one._replace(to=_still_distinguishing(one.to))
        yield from put(rule, "then", self._then.of(rule["then"]))


def _still_distinguishing(rule: Content) -> Content:
    """The rule, saying of no fact that it distinguishes by it which it no longer reads."""
    if "distinguishes" not in rule:
        return rule
    read = set(_keys(rule["when"]))
    found = {key: value for key, value in rule.items() if key != "distinguishes"}
    kept = [fact for fact in rule["distinguishes"] if fact in read]
    return {**found, "distinguishes": kept} if kept else found


def _keys(written: Any) -> Iterator[str]:
    if isinstance(written, Mapping):
        for key, each in written.items():
            yield key
            yield from _keys(each)
    elif isinstance(written, list):
        for each in written:
            yield from _keys(each)
