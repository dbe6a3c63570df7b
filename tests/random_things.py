"""Random facts and referrals, drawn near the thresholds of the rules from a seeded generator."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from random import Random

from tests.builders import RECEIVED, ReferralBuilder
from tests.plain_reader import PlainReader
from triage.domain.referral import Patient, Referral, Referrer
from triage.domain.vocabulary import Answer, Kind, Term, Value
from triage.rulebook import Rulebook

SOURCES = (None, "A1", "B1", "M2", "M7", "Q1")
POSTCODES = (None, "DN1 1AA", "S60 1AA", "LS1 4AP")


class Drawer:
    """Draws values for the words of one rulebook."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._vocabulary = rulebook.vocabulary
        self._thresholds = PlainReader(rulebook.content).thresholds()
        self._switches = rulebook.switches

    def facts(self, random: Random) -> dict[str, Value]:
        """Facts of every sort, concluded ones included; about a quarter is not known."""
        known = random.choice((0.4, 0.75, 0.95))
        return {
            name: self.value(term, random)
            for name, term in self._vocabulary.terms.items()
            if random.random() < known
        }

    def referral(self, random: Random) -> Referral:
        """A referral with any answers, mild more often than not, some declined, some rated."""
        known, mild = random.choice((0.3, 0.7, 0.97)), random.choice((0.0, 0.5, 0.9))
        answers: dict[str, Value] = {}
        declined: set[str] = set()
        for name, answer in self._vocabulary.answers.items():
            if random.random() < known:
                answers[name] = self.answer(answer, random, mild=random.random() < mild)
            elif random.random() < 0.1:
                declined.add(name)
        referrer = random.choice((Referrer(), Referrer(ods_code="C86001")))
        return ReferralBuilder(
            answers=answers,
            declined=frozenset(declined),
            levels=self._ratings(random),
            patient=_patient(random),
            source=random.choice(SOURCES),
            referrer=referrer,
        ).build()

    def questions(self) -> Iterable[tuple[str, Answer]]:
        """Every question of the vocabulary, by name."""
        return self._vocabulary.answers.items()

    def answer(self, answer: Answer, random: Random, *, mild: bool = False) -> Value:
        """An answer to a question; a mild one is false, nought or the first choice."""
        if mild and answer.term.kind in (Kind.BOOLEAN, Kind.CHOICE, Kind.NUMBER):
            return _mildest(answer.term)
        if answer.term.kind is Kind.ITEMS:
            scores = (None, 0, 0, 1, 1, 2, 3)
            return tuple(random.choice(scores) for _ in range(answer.length))
        return self.value(answer.term, random)

    def value(self, term: Term, random: Random) -> Value:
        """A value of a fact; a number is near one that a rule compares it with."""
        match term.kind:
            case Kind.BOOLEAN:
                return random.random() < 0.5
            case Kind.CHOICE:
                return random.choice(term.choices)
            case Kind.NUMBER:
                return self._number(term, random)
            case Kind.DATE:
                return (RECEIVED + timedelta(days=random.choice((-15, -14, -1, 0, 1)))).date()
            case Kind.LIST:
                words = term.choices or ("diabetes", "asthma")
                return tuple(word for word in words if random.random() < 0.4)
            case _:
                return tuple(random.randint(term.low, term.high) for _ in range(9))

    def _number(self, term: Term, random: Random) -> int:
        near = self._thresholds.get(term.name)
        if near is None or random.random() < 0.2:
            return random.randint(term.low, min(term.high, 60))
        drawn = random.choice(sorted(near)) + random.choice((-1, 0, 1))
        return min(max(drawn, term.low), term.high)

    def _ratings(self, random: Random) -> Mapping[str, str]:
        if random.random() < 0.6:
            return {}
        levels = ("unknown", "low", "medium", "high")
        factors = self._vocabulary.factors
        return {name: random.choice(levels) for name in factors if random.random() < 0.4}


def _mildest(term: Term) -> Value:
    if term.kind is Kind.BOOLEAN:
        return False
    return term.choices[0] if term.kind is Kind.CHOICE else term.low


def _patient(random: Random) -> Patient:
    postcode = random.choice(POSTCODES)
    match random.randrange(4):
        case 0:
            return Patient(postcode=postcode)
        case 1:
            return Patient(age=random.choice((17, 18, 40)), postcode=postcode)
        case _:
            born = date(2008, 11, 20) + timedelta(days=random.choice((-9000, -1, 0, 1)))
            return Patient(birth_date=born, postcode=postcode)
