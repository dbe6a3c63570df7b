"""Calls in which one question follows another until nothing is left to ask."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from tests.builders import RECEIVED
from tests.live_call.mix import Caller
from triage.diagram import Diagram
from triage.diagram.asking import Questions, Standing
from triage.diagram.remaining import Remaining
from triage.domain.pseudonymised import Pseudonymised, pseudonymised
from triage.domain.referral import BIRTH_DATE, SOURCE, Referral
from triage.domain.vocabulary import Value
from triage.live_call import LiveCall
from triage.outlook import QUESTIONS
from triage.rulebook import Rulebook

Order = Callable[[Pseudonymised], str | None]
"""An order of asking: the answer to ask for next, of what is known; None where it is over."""


def known(referral: Referral, rulebook: Rulebook) -> Pseudonymised:
    """What rules may know of a referral."""
    return pseudonymised(referral, rulebook.vocabulary, rulebook.directory)


def as_live_calls_go(live_call: LiveCall) -> Order:
    """The order of a live call."""

    def following(referral: Pseudonymised) -> str | None:
        asked = live_call.live(referral).next_question
        return asked.answer if asked else None

    return following


def as_written(rulebook: Rulebook, diagram: Diagram) -> Order:
    """The order of the vocabulary, leaving out every question on which nothing depends any more."""
    questions = Questions(diagram, rulebook.vocabulary)
    order = [*rulebook.vocabulary.answers, *QUESTIONS]

    def following(referral: Pseudonymised) -> str | None:
        return min(_matter(diagram, questions.standing(referral)), key=order.index, default=None)

    return following


def every_question(rulebook: Rulebook, diagram: Diagram) -> list[str]:
    """The questions on which anything may depend: what a script would ask that leaves none out."""
    unknown = known(Referral(received_at=RECEIVED), rulebook)
    return _matter(diagram, Questions(diagram, rulebook.vocabulary).standing(unknown))


def _matter(diagram: Diagram, standing: Standing) -> list[str]:
    """What to ask of the open questions on which anything depends."""
    remaining, to_ask = Remaining(diagram, standing.tables), dict(standing.to_ask)
    return [to_ask[place] for place in remaining.asked(remaining.root)]


def answered(referral: Referral, name: str, value: Value | None) -> Referral:
    """The referral with one more answer; None is a question that was declined."""
    if value is None:
        return replace(referral, declined=referral.declined | {name})
    if isinstance(value, date) and name == BIRTH_DATE:
        return replace(referral, patient=replace(referral.patient, birth_date=value))
    if name == SOURCE:
        return replace(referral, source=str(value))
    return replace(referral, answers={**referral.answers, name: value})


def called(caller: Caller, order: Order, rulebook: Rulebook) -> tuple[Referral, list[str]]:
    """What is known at the end of a call, and what was asked in it."""
    referral, asked = Referral(received_at=RECEIVED), list[str]()
    while name := order(known(referral, rulebook)):
        assert name not in asked, f"{name} is asked for again"
        asked.append(name)
        referral = answered(referral, name, caller.says.get(name))
    return referral, asked
