"""Has every value that a rule compares an example on it, and every threshold one on each side?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from triage.domain.conditions import All, AnyOf, AtLeastOf, Compare, Condition, Not, branches
from triage.domain.rules import Example, Rule
from triage.domain.vocabulary import Facts, Term, Value
from triage.rulebook import Rulebook
from triage.verify.examples import facts_before_any_answer
from triage.verify.places import finding
from triage.verify.report import Finding

LAST_ON_THIS_SIDE = {"at_least": 0, "below": 0, "at_most": 1, "above": 1}
"""For each comparison of numbers, the first number beyond the cut, less the number written."""


def boundaries_without_examples(rulebook: Rulebook) -> Iterator[Finding]:
    """Each value compared, in each rule, that no example of the rule stands on or next to."""
    terms = rulebook.vocabulary.terms
    unknown = facts_before_any_answer(rulebook)
    for rule in rulebook.rules:
        if rule.when is not None:
            for problem in dict.fromkeys((*_values(rule, terms), *_counts(rule, unknown))):
                yield finding("boundaries", rule, problem)


def _values(rule: Rule, terms: Mapping[str, Term]) -> Iterator[str]:
    for branch in rule.branches:
        for one in branch.comparisons:
            given = {example.given.get(one.fact) for example in rule.examples}
            missing = [value for value in _wanted(one, terms[one.fact]) if value not in given]
            if missing:
                shown = " and ".join(_shown(value) for value in missing)
                yield f"{one.fact} has no example at {shown}; add one"


def _wanted(one: Compare, term: Term) -> tuple[Value | None, ...]:
    """The values of a fact that examples must give for a comparison to be shown by them."""
    wanted = one.wanted
    if one.operator in LAST_ON_THIS_SIDE and isinstance(wanted, int):
        beyond = wanted + LAST_ON_THIS_SIDE[one.operator]
        return (beyond - 1, beyond)
    if one.operator in ("in", "not_in") and isinstance(wanted, tuple):
        return wanted
    if one.operator == "is" and type(wanted) is int:
        return tuple(n for n in (wanted, wanted + 1) if n <= term.high)
    if one.operator in ("is", "is_not"):
        return (wanted,)
    return ()


def _shown(value: Value | None) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _counts(rule: Rule, unknown: Facts) -> Iterator[str]:
    """For each condition that counts, an example just on the count and one just short of it."""
    for counting in _counting(rule.when):
        found = {_count(counting, example, unknown) for example in rule.examples}
        for wanted in (counting.count - 1, counting.count):
            if wanted not in found:
                yield f"has no example in which exactly {wanted} of its conditions hold; add one"


def _count(counting: AtLeastOf, example: Example, unknown: Facts) -> int:
    facts = {**unknown, **example.given}
    return sum(any(branch.holds(facts) for branch in branches(part)) for part in counting.of)


def _counting(condition: Condition | None) -> Iterator[AtLeastOf]:
    match condition:
        case AtLeastOf(of=of):
            yield condition
        case All(of=of) | AnyOf(of=of):
            pass
        case Not(of=inner):
            of = (inner,)
        case _:
            of = ()
    for part in of:
        yield from _counting(part)
