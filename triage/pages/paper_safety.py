"""The first part of the paper form: questions about safety, and what they call for at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from triage.decide import Decider
from triage.domain.referral import Referral
from triage.domain.rules import Rule
from triage.domain.vocabulary import Answer, Kind, Urgency, Value
from triage.pages.paper_words import when
from triage.pages.words import Clause, Words
from triage.rulebook import Rulebook

MOMENT = datetime(2026, 1, 2, 12, tzinfo=UTC)
"""Any moment: what one answer leads to does not hang on it."""

WAITING = "clinical_review"
"""The route of risk that is not settled: every answer alone leads there, so it says nothing."""


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
class Mark:
    """A yes-or-no that rules conclude: what makes it a yes, and what it calls for at once."""

    title: str
    makers: list[Clause]
    at_once: str


def safety_questions(rulebook: Rulebook) -> list[Question]:
    """The questions about safety, each answer with what it alone calls for at once."""
    decider = Decider(rulebook)
    asked = [one for one in rulebook.vocabulary.answers.values() if one.group == "safety"]
    questions = [Question(one.question, one.help, tuple(_choices(one, decider))) for one in asked]
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


def marks_to_make(rulebook: Rulebook, words: Words) -> list[Mark]:
    """The yes-or-no facts that routes hang on and rules conclude, with what makes each a yes."""
    read = {fact for rule in rulebook.rules if _sets_route(rule) for fact in rule.reads}
    makers: dict[str, list[Clause]] = {}
    for rule in rulebook.rules:
        for one in rule.then:
            if one.kind == "flag" and one.value and one.target in read:
                makers.setdefault(one.target, []).append(when(rule, words))
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


def other_duties(rulebook: Rulebook, words: Words) -> list[tuple[Clause, list[str]]]:
    """What the safety rules ask for beside a route."""
    first = rulebook.rulesets[0]
    kinds = ("action", "hold_booking", "urgency")
    return [
        (when(rule, words), [words.conclusion(one) for one in rule.then if one.kind in kinds])
        for rule in first.rules
        if any(one.kind in kinds for one in rule.then)
    ]
