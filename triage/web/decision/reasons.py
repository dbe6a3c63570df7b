"""The rules that fired, each with its sentence, its source and what it read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from triage.domain.rules import NO_INDICATORS, Authority, Rule
from triage.feedback.wording import fit, words
from triage.pages.marks import AUTHORITIES
from triage.pages.words import Words
from triage.rulebook import Rulebook
from triage.web.decision.answers import Given
from triage.web.decision.values import Values


@dataclass(frozen=True, slots=True)
class FiredRule:
    """A rule that fired.

    ``authority`` is an id and ``authority_words`` the same in words; ``signed`` says how far a
    local choice has been signed. ``link`` is where today's rules have it in the same words.
    """

    id: str
    title: str
    because: str
    concludes: tuple[str, ...]
    source: str
    where: str
    authority: str
    authority_words: str
    signed: str
    facts: tuple[Given, ...]
    link: str


@dataclass(frozen=True, slots=True)
class FiredRuleset:
    """The rules of one ruleset that fired, in its order."""

    title: str
    rules: tuple[FiredRule, ...]


class Reasons:
    """Tells the reasons of decisions under one rulebook; ``today`` is the one that decides now."""

    def __init__(self, own: Rulebook, today: Rulebook) -> None:
        self._is_today = own.stamp == today.stamp
        self._words, self._words_today = Words(own.vocabulary), Words(today.vocabulary)
        self._today = {rule.id: rule for rule in today.rules}
        self._vocabulary = own.vocabulary
        self._rules = {rule.id: rule for rule in own.rules}
        self._rulesets = {one.id: one.title for one in own.rulesets}

    def of(self, decision: Mapping[str, Any], declined: frozenset[str]) -> tuple[FiredRuleset, ...]:
        """The reasons of a decision, in the order of the rulesets."""
        values = Values(self._vocabulary, declined)
        return tuple(
            FiredRuleset(
                words(self._rulesets[ruleset]),
                tuple(self._fired(reason, values) for reason in reasons),
            )
            for ruleset, reasons in groupby(decision["reasoning"], itemgetter("ruleset"))
        )

    def _fired(self, reason: Mapping[str, Any], values: Values) -> FiredRule:
        rule, basis = self._rules[reason["rule"]], reason["basis"]
        return FiredRule(
            id=rule.id,
            title=words(reason["title"]),
            because=fit(reason["because"]) or f"{NO_INDICATORS.capitalize()}.",
            concludes=tuple(self._words.conclusions(rule)),
            source=basis["source"],
            where=_place(basis["where"]),
            authority=basis["authority"],
            authority_words=AUTHORITIES[Authority(basis["authority"])],
            signed=_signed(rule),
            facts=tuple(
                Given(values.title(name), values.said(name, value))
                for name, value in reason["facts"].items()
            ),
            link=f"/rules#rule-{rule.id}" if self._is_the_same_today(rule) else "",
        )

    def _is_the_same_today(self, rule: Rule) -> bool:
        """Does today's rulebook have a rule in the very same words?"""
        if self._is_today:
            return True
        other = self._today.get(rule.id)
        if other is None:
            return False
        return [*_says(rule, self._words)] == [*_says(other, self._words_today)]


def _says(rule: Rule, said: Words) -> Iterator[object]:
    """Everything that a rule says to a reader."""
    yield rule.title
    yield said.condition(rule.when) if rule.when else None
    yield said.conclusions(rule)
    yield said.sentence(rule.because) if rule.because else None
    yield (rule.basis.source.title, rule.basis.source.authority, rule.basis.where)


def _place(where: str) -> str:
    """A place in a source; the lowest row of risk is named as it reads (NICE NG225)."""
    return where.replace("risk, low", f"risk, the row that reads “{NO_INDICATORS}”")


def _signed(rule: Rule) -> str:
    """How far what a clinician must answer for has been signed; empty where nothing must be."""
    if rule.basis.sign_off:
        return "to be signed off"
    return f"signed: {rule.basis.signed}" if rule.basis.signed else ""
