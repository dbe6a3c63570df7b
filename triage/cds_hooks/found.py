"""What was found of a person that is dangerous, or keeps anything from being booked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from triage.domain.decision import Decision, Reason
from triage.domain.vocabulary import Answer, Kind, Value, Vocabulary, Worse

HOLDS = "hold_booking"
"""The kind of conclusion by which nothing may be booked."""


def found_in(decision: Decision, given: Mapping[str, Value], words: Vocabulary) -> Iterator[str]:
    """Each in one line: reasons that hold the booking, and every answer that is not the mildest.

    ``given`` are the answers that were given. Only those that get worse (``worse``) are told.
    """
    holding = [one for one in decision.reasoning if _holds(one)]
    yield from (one.because for one in holding)
    told = {name for one in holding for name in one.facts}
    for answer in words.answers.values():
        value = given.get(answer.name)
        if value is not None and answer.name not in told and _is_worse(answer, value):
            yield f"{answer.term.title}: {answer.term.words(value)}."


def _holds(reason: Reason) -> bool:
    return any(one.kind == HOLDS for one in reason.rule.then)


def _is_worse(answer: Answer, value: Value) -> bool:
    """Is it worse than the mildest that could have been answered?"""
    term = answer.term
    if answer.worse is None:
        return False
    if term.kind is Kind.BOOLEAN:
        return value is (answer.worse is Worse.TRUE)
    return value != (term.low if term.kind is Kind.NUMBER else term.choices[0])
