"""Rules in plain words, from the titles and labels of the vocabulary."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from triage.domain.conditions import All, AnyOf, AtLeastOf, Compare, Condition, Not
from triage.domain.rules import LEVELS, NO_INDICATORS, Conclusion, Rule
from triage.domain.sentences import Sentence
from triage.domain.vocabulary import Kind, Term, Urgency, Value, Vocabulary


@dataclass(frozen=True, slots=True)
class Clause:
    """A condition in words, with the conditions it is made of and what the rule then says.

    ``joint`` is the word that would join the parts in one line, where one word can.
    """

    text: str
    parts: tuple[Clause, ...] = ()
    says: str = ""
    joint: str = ""


class Words:
    """Says rules and values in words."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._terms = {name: _plain(term) for name, term in vocabulary.terms.items()}

    def condition(self, condition: Condition) -> Clause:
        """A condition as a clause; a range of one number reads as one."""
        says = self.sentence(condition.because) if condition.because else ""
        match condition:
            case Compare():
                return Clause(self._comparison(condition), says=says)
            case All(of=(Compare() as low, Compare() as high)) if low.fact == high.fact:
                return Clause(self._range(low, high), says=says)
            case Not(of=inner):
                return Clause(self._not(inner), says=says)
            case All(of=of):
                return Clause("All of these:", self._parts(of), says, "and")
            case AnyOf(of=of):
                return Clause("Any of these:", self._parts(of), says, "or")
            case AtLeastOf(count=count, of=of):
                return Clause(f"At least {count} of these:", self._parts(of), says)

    def sentence(self, sentence: Sentence) -> str:
        """A sentence with the titles of its facts where their values will stand."""
        told = sentence.text
        for name in sentence.reads:
            told = told.replace(f"{{{name}}}", f"[{self.title(name)}]")
        return told

    def title(self, name: str) -> str:
        """What a fact is called."""
        return self._terms[name].title

    def value(self, name: str, value: Value) -> str:
        """The value of a fact as a person reads it."""
        return self._terms[name].words(value)

    def conclusion(self, one: Conclusion) -> str:
        """What a rule concludes, in words."""
        return _CONCLUSIONS[one.kind](one, self._vocabulary, self)

    def conclusions(self, rule: Rule) -> list[str]:
        """Everything a rule concludes, in words."""
        return [self.conclusion(one) for one in rule.then]

    def _parts(self, of: tuple[Condition, ...]) -> tuple[Clause, ...]:
        return tuple(self.condition(part) for part in of)

    def _comparison(self, one: Compare) -> str:
        title, term = self.title(one.fact), self._terms[one.fact]
        if one.operator == "known":
            absent = "not found" if one.fact in self._vocabulary.concluded else "not known"
            return f"{title} is known" if one.wanted else f"{title}: {absent}"
        if one.operator in _NUMBERS and term.kind is Kind.NUMBER:
            return f"{title} {_NUMBERS[one.operator].format(one.wanted)}"
        if isinstance(one.wanted, tuple):
            return f"{title}: {_either([term.words(str(each)) for each in one.wanted])}"
        if one.operator == "includes":
            return f"{title} include: {term.words((str(one.wanted),))}"
        return f"{title}: {term.words(one.wanted)}"

    def _range(self, low: Compare, high: Compare) -> str:
        if (low.operator, high.operator) == ("at_least", "at_most"):
            return f"{self.title(low.fact)} is from {low.wanted} to {high.wanted}"
        return f"{self._comparison(low)}, and {self._comparison(high)}"

    def _not(self, inner: Condition) -> str:
        if isinstance(inner, Compare) and inner.operator in ("is", "in"):
            wanted = inner.wanted if isinstance(inner.wanted, tuple) else (inner.wanted,)
            term = self._terms[inner.fact]
            barred = _either([f"“{term.words(each)}”" for each in wanted])
            what = "level" if term.choices == LEVELS else "answer"
            return f"{term.title}: any {what} but {barred}"
        return f"Known not to be so: {self.condition(inner).text}"


def _plain(term: Term) -> Term:
    """A term whose every choice has words; the lowest level of risk reads as what was recorded."""
    labels = {name: label or name.replace("_", " ") for name, label in term.labels.items()}
    if term.name in ("risk_level", "rated_risk"):
        labels["low"] = NO_INDICATORS
    return Term(term.name, term.title, term.kind, term.low, term.high, term.choices, labels)


_NUMBERS: Mapping[str, str] = {
    "is": "is {}",
    "at_least": "is {} or more",
    "at_most": "is {} or less",
    "above": "is more than {}",
    "below": "is less than {}",
}


def _either(words: list[str]) -> str:
    """Several words as alternatives: one, two or three."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


Say = Callable[[Conclusion, Vocabulary, Words], str]


def _level(one: Conclusion, vocabulary: Vocabulary, words: Words) -> str:
    title = vocabulary.factors[one.target].title
    if one.taken_from:
        return f"{title}: as the clinician rated it"
    return f"{title}: {words.value(f'{one.target}_level', str(one.value))}"


def _flag(one: Conclusion, _vocabulary: Vocabulary, words: Words) -> str:
    return f"{words.title(one.target)}: {words.value(one.target, bool(one.value))}"


def _route(one: Conclusion, vocabulary: Vocabulary, _words: Words) -> str:
    urgency = vocabulary.urgencies[one.urgency or ""]
    return f"Route: {vocabulary.routes[one.target].title}. Urgency: {_soon(urgency)}"


def _urgency(one: Conclusion, vocabulary: Vocabulary, _words: Words) -> str:
    return f"Urgency, at the least: {_soon(vocabulary.urgencies[one.target])}"


def _soon(urgency: Urgency) -> str:
    return urgency.title[0].lower() + urgency.title[1:]


def _hold(_one: Conclusion, _vocabulary: Vocabulary, _words: Words) -> str:
    return "Nothing is booked until a clinician has looked"


def _action(one: Conclusion, vocabulary: Vocabulary, words: Words) -> str:
    days = one.due.days if one.due else 0
    when = {0: "the same day", 1: "within a day"}.get(days, f"within {days} days")
    if one.due and one.due.on:
        when = f"on the date of: {words.title(one.due.on)}; if none is given, {when}"
    return f"To do: {vocabulary.named['actions'][one.target].title}, {when}"


def _named(section: str, heading: str) -> Say:
    def say(one: Conclusion, vocabulary: Vocabulary, _words: Words) -> str:
        return f"{heading}: {vocabulary.named[section][one.target].title}"

    return say


_CONCLUSIONS: Mapping[str, Say] = {
    "level": _level,
    "flag": _flag,
    "route": _route,
    "urgency": _urgency,
    "hold_booking": _hold,
    "alert": _named("alerts", "Alert"),
    "action": _action,
    "treatment": _named("treatments", "Treatment"),
    "measure": _named("measures", "Measure"),
    "support": _named("supports", "Support"),
}
