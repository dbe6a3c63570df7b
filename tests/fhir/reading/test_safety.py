"""However answers are spread over days and resources, nothing reads as less urgent for it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.campaigns import share
from tests.fhir.messages import Resource, a_message
from tests.fhir.reading.sending import PHQ9_ITEMS, a_choice, answers, errors, loinc, warnings
from triage.fhir.reading import MessageReader
from triage.rulebook import load_rulebook

VOCABULARY = load_rulebook().vocabulary

GRADED = [name for name, one in VOCABULARY.answers.items() if one.worse and one.term.choices]
"""The risk-like answers with choices, mildest first."""

DAYS = st.none() | st.integers(0, 3).map(lambda n: str(date(2026, 11, 1) + timedelta(days=n)))


def dated(day: str | None) -> Resource:
    return {"effectiveDateTime": day} if day else {}


def read_of(reader: MessageReader, resources: list[Resource]) -> Any:
    return reader.message(a_message({}, *resources)).read


@settings(max_examples=share(2_000), deadline=None)
@given(data=st.data())
def test_the_worst_of_a_risk_like_answer_always_counts(
    reader: MessageReader, data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(GRADED))
    choices = VOCABULARY.answers[name].term.choices
    given_ = data.draw(st.lists(st.tuples(st.sampled_from(choices), DAYS), min_size=1, max_size=5))
    read = read_of(reader, [a_choice(name, choice, **dated(day)) for choice, day in given_])
    worst = max((choice for choice, _ in given_), key=choices.index)
    assert answers(read)[name] == worst
    assert errors(read) == []
    newest = max((day for _, day in given_ if day), default=None)
    others = [day for choice, day in given_ if choice != worst]
    settled = all(day is not None and newest is not None and day < newest for day in others)
    if others and not (settled and (worst, newest) in given_):
        assert len(warnings(read)) == 1


SCORES = st.tuples(st.integers(0, 9), st.integers(0, 3), DAYS)
"""Which of the items, or the total; its score; its day."""


@settings(max_examples=share(2_000), deadline=None)
@given(given_=st.lists(SCORES, min_size=1, max_size=12))
def test_scores_are_of_one_day_and_no_positive_item_nine_is_lost(
    reader: MessageReader, given_: list[tuple[int, int, str | None]]
) -> None:
    codes = [*PHQ9_ITEMS, "44261-6"]
    read = read_of(reader, [loinc(codes[n], score, **dated(day)) for n, score, day in given_])
    found = answers(read)
    items = found.get("phq9_items", [None] * 9)
    nines = [score for n, score, _ in given_ if n == 8]
    if nines:
        assert max(found.get("phq9_item9", 0), items[8] or 0) == max(nines)
    days = {day for n, score, day in given_ if n != 8 and day}
    counted = max(days, default=None)
    of_the_day = {(n, score) for n, score, day in given_ if day in (counted, None)}
    for n, score in enumerate(items[:8]):
        assert score is None or (n, score) in of_the_day
    if "phq9_total" in found:
        assert (9, found["phq9_total"]) in of_the_day
    scored = "phq9_total" in found or any(one is not None for one in items[:8])
    if counted and scored and not errors(read):
        assert found["phq9_on"] == counted
