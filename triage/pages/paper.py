"""What the paper form asks and says, all of it taken from the rulebook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from triage.decide import Decider
from triage.domain.conditions import All, Compare, Condition
from triage.domain.referral import Referral
from triage.domain.rules import ANOTHER_ROUTE, LEVELS, Rule
from triage.domain.services import Service
from triage.domain.vocabulary import Answer, Kind, RouteTerm, Urgency, Value
from triage.pages.words import NO_INDICATORS, Clause, Words
from triage.rulebook import Rulebook

MOMENT = datetime(2026, 1, 2, 12, tzinfo=UTC)
"""Any moment: what one answer leads to does not hang on it."""

WAITING = "clinical_review"
"""The route of risk that is not settled; every answer on its own leads there, so it says nothing."""


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer to tick, and what it calls for at once by itself."""

    label: str
    at_once: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A question about safety with the answers to tick; none to tick where a date is written."""

    question: str
    help: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Grading:
    """A factor, with what makes each level of it."""

    title: str
    levels: Mapping[str, list[Clause]]
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Mark:
    """A yes-or-no that rules conclude: what makes it a yes, and what it calls for at once."""

    title: str
    makers: list[Clause]
    at_once: str


@dataclass(frozen=True, slots=True)
class Step:
    """A route in its order: what calls for it, how soon, and the team in each place."""

    route: RouteTerm
    callers: tuple[tuple[Clause, str], ...]
    teams: tuple[Service, ...]


def safety_questions(rulebook: Rulebook) -> list[Question]:
    """The questions about safety, each answer with what it alone calls for at once."""
    decider = Decider(rulebook)
    asked = [one for one in rulebook.vocabulary.answers.values() if one.group == "safety"]
    questions = [
        Question(one.question, one.help, tuple(_choices(one, decider))) for one in asked
    ]
    decider.close()
    return questions


def _choices(answer: Answer, decider: Decider) -> Iterator[Choice]:
    values: Sequence[Value] = answer.term.choices
    if answer.term.kind is Kind.BOOLEAN:
        values = (True, False)
    for value in values:
        decision = decider.decide(Referral(MOMENT, answers={answer.name: value}))
        calls = decision.route.route.id != WAITING
        at_once = f"{decision.route.route.title}, {_soon(decision.urgency)}" if calls else ""
        yield Choice(answer.term.words(value), at_once)


def _soon(urgency: Urgency) -> str:
    return "now" if urgency.within_hours == 0 else urgency.title.lower()


def gradings(rulebook: Rulebook, words: Words) -> list[Grading]:
    """For each factor of the matrix, what makes each level, from the answers alone."""
    return [
        Grading(factor.title, _made(name, rulebook, words), _level_names(name))
        for name, factor in rulebook.vocabulary.factors.items()
    ]


def _level_names(factor: str) -> dict[str, str]:
    names = {level: level.capitalize() for level in LEVELS[1:]}
    return names | {"low": NO_INDICATORS.capitalize()} if factor == "risk" else names


def _made(factor: str, rulebook: Rulebook, words: Words) -> dict[str, list[Clause]]:
    made: dict[str, list[Clause]] = {level: [] for level in LEVELS[1:]}
    for rule in rulebook.rules:
        for one in rule.then:
            if one.kind == "level" and one.target == factor and not rule.is_rating:
                made.get(str(one.value), []).append(_when(rule, words))
    return made


def marks_to_make(rulebook: Rulebook, words: Words) -> list[Mark]:
    """The yes-or-no facts that routes hang on and rules conclude, with what makes each a yes."""
    read = {fact for rule in rulebook.rules if _sets_route(rule) for fact in rule.reads}
    makers: dict[str, list[Clause]] = {}
    for rule in rulebook.rules:
        for one in rule.then:
            if one.kind == "flag" and one.value and one.target in read:
                makers.setdefault(one.target, []).append(_when(rule, words))
    return [
        Mark(words.title(name), clauses, _called_by(name, rulebook))
        for name, clauses in makers.items()
    ]


def _called_by(mark: str, rulebook: Rulebook) -> str:
    """The route that a mark alone calls for, if any."""
    vocabulary = rulebook.vocabulary
    for rule in rulebook.rules:
        for one in rule.then:
            alone = any(branch.holds({mark: True}) for branch in rule.branches)
            if one.kind == "route" and alone:
                urgency = vocabulary.urgencies[one.urgency or ""]
                return f"{vocabulary.routes[one.target].title}, {_soon(urgency)}"
    return ""


def _sets_route(rule: Rule) -> bool:
    return any(one.kind == "route" for one in rule.then)


def in_order(rulebook: Rulebook, words: Words) -> list[Step]:
    """Every route in order of precedence, with the rules that call for it."""
    return [
        Step(route, tuple(_callers(name, rulebook, words)), _teams(name, rulebook))
        for name, route in rulebook.vocabulary.routes.items()
    ]


def _callers(route: str, rulebook: Rulebook, words: Words) -> Iterator[tuple[Clause, str]]:
    for rule in rulebook.rules:
        for one in rule.then:
            if one.kind == "route" and one.target == route and _is_live(rule, rulebook):
                yield _when(rule, words), rulebook.vocabulary.urgencies[one.urgency or ""].title


def _is_live(rule: Rule, rulebook: Rulebook) -> bool:
    """Can the rule fire here, as the switches of the rulebook are set?"""
    switches = rulebook.switches
    return not rule.branches or any(
        all(one.holds(switches) for one in branch.comparisons if one.fact in switches)
        for branch in rule.branches
    )


def _teams(route: str, rulebook: Rulebook) -> tuple[Service, ...]:
    """The team of each place, each once."""
    directory = rulebook.directory
    age = 0 if route == "young_people" else None
    teams = {team.id: team for team in (directory.team(route, place, age) for place in directory.places)}
    return tuple(teams.values())


def other_duties(rulebook: Rulebook, words: Words) -> list[tuple[Clause, list[str]]]:
    """What the safety rules ask for beside a route."""
    first = rulebook.rulesets[0]
    kinds = ("action", "hold_booking", "urgency")
    return [
        (_when(rule, words), [words.conclusion(one) for one in rule.then if one.kind in kinds])
        for rule in first.rules
        if any(one.kind in kinds for one in rule.then)
    ]


def _when(rule: Rule, words: Words) -> Clause:
    """When a rule fires, less what its place in the order of the form says already."""
    if rule.when is None:
        return Clause("Nothing above is ticked")
    return words.condition(_without_place(rule.when))


def _without_place(condition: Condition) -> Condition:
    if not isinstance(condition, All):
        return condition
    parts = [part for part in condition.of if not _is_place(part)]
    return parts[0] if len(parts) == 1 else replace(condition, of=tuple(parts))


def _is_place(part: Condition) -> bool:
    return isinstance(part, Compare) and part.fact == ANOTHER_ROUTE
