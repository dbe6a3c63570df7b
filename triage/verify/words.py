"""Is every word of the rulebook used? One that nothing uses misleads whoever reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime

from triage.domain.facts import facts
from triage.domain.pseudonymised import pseudonymised
from triage.domain.referral import Referral
from triage.domain.rules import Rule
from triage.domain.vocabulary import OWN_NAMES, Answer, Kind, Value
from triage.rulebook import Rulebook
from triage.rulebook.files import FRONT_PAGE, VOCABULARY
from triage.verify.named_values import named_in
from triage.verify.report import Finding


def words_not_used(rulebook: Rulebook) -> Iterator[Finding]:
    """Every named value, source, answer, fact, route, urgency or other name that no rule uses.

    Of a local rulebook only what its base uses neither: the base's words stay, whatever retires.
    """
    of_base = set(_not_used(rulebook.base)) if rulebook.base else None
    for finding in _not_used(rulebook):
        if of_base is None or finding in of_base or finding.rule not in _words(rulebook.base):
            yield finding


def _words(rulebook: Rulebook | None) -> set[str]:
    """The names of a rulebook that some rule must use."""
    if rulebook is None:
        return set()
    named = (name for each in rulebook.vocabulary.named.values() for name in each)
    return {*rulebook.values, *rulebook.sources, *rulebook.vocabulary.terms, *named}


def _not_used(rulebook: Rulebook) -> Iterator[Finding]:
    used, vocabulary = _facts_used(rulebook), rulebook.vocabulary
    yield from _unused(FRONT_PAGE, "named value", rulebook.values, _values_used(rulebook))
    yield from _unused(FRONT_PAGE, "source", rulebook.sources, _sources_used(rulebook))
    for what, known in (("answer", vocabulary.answers), ("derived fact", vocabulary.derived)):
        yield from _unused(VOCABULARY, what, known, used)
    yield from _unused(VOCABULARY, "flag", _flags(rulebook), used)
    yield from _unused(VOCABULARY, "route", vocabulary.routes, _targets(rulebook, "route"))
    yield from _unused(VOCABULARY, "urgency", vocabulary.urgencies, _urgencies_used(rulebook))
    for section, named in vocabulary.named.items():
        kind, own = section.removesuffix("s"), OWN_NAMES.get(section, {})
        yield from _unused(VOCABULARY, kind, named.keys() - own.keys(), _targets(rulebook, kind))


def _unused(file: str, what: str, known: Iterable[str], used: set[str]) -> Iterator[Finding]:
    for name in known:
        if name not in used:
            problem = f"no rule uses this {what}; use it or take it out"
            yield Finding("words", file, problem, rule=name)


def _facts_used(rulebook: Rulebook) -> set[str]:
    """The facts that rules compare, tell of or set dates by, and the answers these come from."""
    used = {fact for rule in rulebook.rules for fact in _facts_of(rule)}
    asked = rulebook.vocabulary.answers.values()
    feeding = {one.name for one in asked if not used.isdisjoint(_worked_out_from(one, rulebook))}
    return used | feeding


def _worked_out_from(answer: Answer, rulebook: Rulebook) -> set[str]:
    """The facts that are there because of an answer, found by giving it."""
    given = {answer.name: SAMPLES[answer.term.kind](answer)}
    return _known_of(Referral(MOMENT, answers=given), rulebook) - _known_of(
        Referral(MOMENT), rulebook
    )


def _known_of(referral: Referral, rulebook: Rulebook) -> set[str]:
    vocabulary = rulebook.vocabulary
    return set(facts(pseudonymised(referral, vocabulary, rulebook.directory), vocabulary))


MOMENT = datetime(2026, 1, 2, tzinfo=UTC)

SAMPLES: Mapping[Kind, Callable[[Answer], Value]] = {
    Kind.BOOLEAN: lambda _answer: True,
    Kind.CHOICE: lambda answer: answer.term.choices[-1],
    Kind.NUMBER: lambda answer: answer.term.high,
    Kind.DATE: lambda _answer: MOMENT.date(),
    Kind.LIST: lambda answer: answer.term.choices or ("named",),
    Kind.ITEMS: lambda answer: (answer.term.low,) * answer.length,
}
"""For each kind of answer, one that may be given."""


def _facts_of(rule: Rule) -> set[str]:
    told = {fact for sentence in rule.sentences for fact in sentence.reads}
    dates = {one.due.on for one in rule.then if one.due and one.due.on}
    return {*rule.reads, *told, *dates}


def _flags(rulebook: Rulebook) -> Iterator[str]:
    return (str(name) for name in rulebook.content[VOCABULARY]["flags"])


def _targets(rulebook: Rulebook, kind: str) -> set[str]:
    return {one.target for rule in rulebook.rules for one in rule.then if one.kind == kind}


def _urgencies_used(rulebook: Rulebook) -> set[str]:
    of_routes = {one.urgency for rule in rulebook.rules for one in rule.then if one.urgency}
    return of_routes | _targets(rulebook, "urgency")


def _sources_used(rulebook: Rulebook) -> set[str]:
    bases = [rule.basis for rule in rulebook.rules]
    bases += [value.basis for value in rulebook.values.values()]
    bases += [retired.basis for retired in rulebook.retired]
    bases += [waiver.basis for waiver in rulebook.waivers]
    if rulebook.promises:
        bases += [rulebook.promises.basis, *(one.basis for one in rulebook.promises.exceptions)]
    return {basis.source.id for basis in bases}


def _values_used(rulebook: Rulebook) -> set[str]:
    read = {fact for rule in rulebook.rules for fact in rule.reads}
    return read | {name for part in rulebook.content.values() for name in named_in(part)}
