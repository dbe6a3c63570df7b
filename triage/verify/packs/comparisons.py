"""The comparisons of a rule, each in its place, and the condition with one of them replaced."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from triage.domain.conditions import All, AnyOf, AtLeastOf, Compare, Condition, Not
from triage.domain.rules import Rule
from triage.domain.vocabulary import Value

HOLDS, FAILS = All(()), AnyOf(())
"""Conditions that are true, or false, of every referral."""

Path = tuple[int, ...]
"""Where a part of a condition stands: which part, and which part of that."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One comparison of a rule. ``name`` tells it from the others of the rule."""

    rule: Rule
    when: Condition
    path: Path
    one: Compare
    name: str

    def replaced(self, by: Condition, when: Condition | None = None) -> Condition:
        """The rule's condition, or another like it, with something else in this place."""
        return _put(when or self.when, self.path, by)


def comparisons_of(rule: Rule) -> tuple[Comparison, ...]:
    """Every comparison of a rule, in the order written."""
    if rule.when is None:
        return ()
    seen: Counter[str] = Counter()
    found = []
    for path, one in _compared(rule.when, ()):
        name = f"{one.fact} {one.operator} {word(one.wanted)}"
        seen[name] += 1
        name = name if seen[name] == 1 else f"{name} ({seen[name]})"
        found.append(Comparison(rule, rule.when, path, one, name))
    return tuple(found)


def word(value: Value | None) -> str:
    """A value as it is written in a rule file."""
    if isinstance(value, tuple):
        return ", ".join(str(each) for each in value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _compared(condition: Condition, path: Path) -> Iterator[tuple[Path, Compare]]:
    if isinstance(condition, Compare):
        yield path, condition
    for place, part in enumerate(_parts(condition)):
        yield from _compared(part, (*path, place))


def _parts(condition: Condition) -> tuple[Condition, ...]:
    match condition:
        case Compare():
            return ()
        case Not(of=inner):
            return (inner,)
        case All(of=of) | AnyOf(of=of) | AtLeastOf(of=of):
            return of


def _put(condition: Condition, path: Path, by: Condition) -> Condition:
    if not path:
        return by
    place, further = path[0], path[1:]
    parts = _parts(condition)
    changed = (*parts[:place], _put(parts[place], further, by), *parts[place + 1 :])
    match condition:
        case Not():
            return replace(condition, of=changed[0])
        case All() | AnyOf() | AtLeastOf():
            return replace(condition, of=changed)
        case _:
            return condition
