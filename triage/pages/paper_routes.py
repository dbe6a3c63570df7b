"""The later parts of the paper form: the matrix to tick, and the routes in their order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from triage.domain.rules import LEVELS, NO_INDICATORS, Rule
from triage.domain.services import Service
from triage.domain.vocabulary import RouteTerm
from triage.pages.paper_words import when
from triage.pages.words import Clause, Words
from triage.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Grading:
    """A factor, with what makes each level of it."""

    title: str
    levels: Mapping[str, list[Clause]]
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Step:
    """A route in its order: what calls for it, how soon, and the team in each place."""

    route: RouteTerm
    callers: tuple[tuple[Clause, str], ...]
    teams: tuple[Service, ...]


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
                made.get(str(one.value), []).append(when(rule, words))
    return made


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
                yield when(rule, words), rulebook.vocabulary.urgencies[one.urgency or ""].title


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
    teams = [directory.team(route, place, None) for place in directory.places]
    return tuple({team.id: team for team in teams}.values())
