"""Hypothesis strategies for bodies of referrals that can be recorded (contract, section 1)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from tests.builders import RECEIVED
from triage.domain.rules import LEVELS
from triage.domain.vocabulary import Answer, Kind, Vocabulary

Body = dict[str, Any]
Strategy = st.SearchStrategy[Any]

LETTERS = st.characters(exclude_categories=("C", "Z")) | st.just(" ")

DAYS = st.dates(RECEIVED.date() - timedelta(days=300), RECEIVED.date()).map(date.isoformat)


def words(most: int) -> Strategy:
    """Texts of people, with something in them."""
    return st.text(LETTERS, min_size=1, max_size=most).filter(lambda text: bool(text.strip()))


def answer(one: Answer) -> Strategy:
    """What may be answered to a question."""
    term = one.term
    match term.kind:
        case Kind.BOOLEAN:
            return st.booleans()
        case Kind.CHOICE:
            return st.sampled_from(term.choices)
        case Kind.NUMBER:
            return st.integers(term.low, term.high)
        case Kind.DATE:
            return DAYS
        case Kind.LIST:
            entries = words(30) | st.sampled_from(term.choices) if term.choices else words(30)
            return st.lists(entries, max_size=4, unique=True)
        case Kind.ITEMS:
            score = st.none() | st.integers(term.low, term.high)
            return st.lists(score, min_size=one.length, max_size=one.length).filter(any_answered)


def any_answered(scores: list[int | None]) -> bool:
    """Was any item answered? One that has none is no answer."""
    return any(score is not None for score in scores)


@st.composite
def bodies(draw: st.DrawFn, vocabulary: Vocabulary) -> Body:
    """Bodies in which any part may be missing but what is needed to record one."""
    questions = {name: answer(one) for name, one in vocabulary.answers.items()}
    answers = draw(st.fixed_dictionaries({}, optional=questions))
    open_still = [name for name in questions if name not in answers]
    declined = st.lists(st.sampled_from(open_still), unique=True, max_size=5)
    rated = st.sampled_from(LEVELS[1:])
    told = {
        "source": st.sampled_from(list(vocabulary.sources_of_referral)),
        "patient": patients(vocabulary),
        "answers": st.just(answers),
    }
    more = {
        "declined": declined if open_still else st.just([]),
        "reference": words(200),
        "referrer": referrers(),
        "levels": st.fixed_dictionaries({}, optional=dict.fromkeys(vocabulary.factors, rated)),
        "supersedes": st.uuids().map(str),
        "consent_to_share": st.booleans(),
        "notes": words(300),
    }
    found: Body = draw(st.fixed_dictionaries(told, optional=more))
    return found


def patients(vocabulary: Vocabulary) -> Strategy:
    """People, more or less known."""
    numbers = st.integers(9_990_000_000, 9_999_999_999).map(str)
    return st.fixed_dictionaries(
        {},
        optional={
            "nhs_number": numbers,
            "birth_date": st.dates(date(1920, 1, 1), date(2020, 1, 1)).map(date.isoformat),
            "age": st.integers(0, 130),
            "ethnic_category": st.sampled_from(list(vocabulary.ethnic_categories)),
            "gender": st.sampled_from(list(vocabulary.genders)),
            "postcode": st.sampled_from(["DN1 1AA", "S60 1AA", "LS1 4AP"]),
        },
    )


def referrers() -> Strategy:
    """Who refers: by code, by name, or by both."""
    codes = st.from_regex(r"[A-Za-z0-9]{1,9}", fullmatch=True).filter(str.isascii)
    return st.fixed_dictionaries({}, optional={"ods_code": codes, "name": words(60)})
