"""The same answer from several places: the newest, but never what is less urgent."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fhir.messages import Resource, a_response, an_item
from tests.fhir.reading.conftest import Sending
from tests.fhir.reading.sending import (
    PHQ9_ITEMS,
    a_choice,
    an_observation,
    answers,
    errors,
    loinc,
    notes,
    ours,
    own,
    told,
    warnings,
)

FIRST, SECOND = "Bundle.entry[4].resource.value", "Bundle.entry[5].resource.value"
EARLIER, LATER = {"effectiveDateTime": "2026-10-01"}, {"effectiveDateTime": "2026-11-01"}


def harm(choice: str, **more: Any) -> Resource:
    return a_choice("thoughts_of_harm", choice, **more)


def test_equal_values_are_one(sending: Sending) -> None:
    read = sending(loinc("44261-6", 12), loinc("44261-6", 12), an_form(phq9_total=12))
    assert (answers(read), read.findings) == ({"phq9_total": 12}, ())


def an_form(**given: Any) -> Resource:
    return a_response([an_item(name, value) for name, value in given.items()])


def test_the_newest_counts(sending: Sending) -> None:
    read = sending(ours("wsas_total", valueInteger=30, **EARLIER),
                   ours("wsas_total", valueInteger=10, **LATER))  # fmt: skip
    assert answers(read) == {"wsas_total": 10}
    assert (notes(read), warnings(read), errors(read)) == ([FIRST], [], [])


@pytest.mark.parametrize("days", [(EARLIER, EARLIER), ({}, LATER), ({}, {})])
def test_of_the_same_or_of_no_day_different_values_are_an_error_naming_both(
    sending: Sending, days: tuple[Resource, Resource]
) -> None:
    read = sending(ours("wsas_total", valueInteger=30, **days[0]),
                   ours("wsas_total", valueInteger=10, **days[1]))  # fmt: skip
    assert answers(read) == {}
    assert len(errors(read)) == 1
    both = f"{errors(read)[0]} {told(read)}"
    assert FIRST in both
    assert SECOND in both
    assert not any(value in told(read) for value in ("30", "10"))


def test_an_older_answer_that_is_less_bad_gives_way(sending: Sending) -> None:
    read = sending(harm("fleeting", **EARLIER), harm("regular", **LATER))
    assert answers(read)["thoughts_of_harm"] == "regular"
    assert (notes(read), warnings(read)) == ([FIRST], [])


@pytest.mark.parametrize("days", [(EARLIER, LATER), ({}, LATER), ({}, {}), (LATER, LATER)])
def test_a_worse_answer_counts_though_it_is_older_or_has_no_day(
    sending: Sending, days: tuple[Resource, Resource]
) -> None:
    for worse_first in (True, False):
        sent = [harm("regular", **days[0]), harm("none", **days[1])]
        read = sending(*(sent if worse_first else sent[::-1]))
        assert answers(read)["thoughts_of_harm"] == "regular"
        assert warnings(read) == [FIRST if worse_first else SECOND]
        assert errors(read) == []


@pytest.mark.parametrize(
    ("name", "mild", "bad"),
    [
        ("emergency_now", {"valueBoolean": False}, {"valueBoolean": True}),
        ("phq9_item9", {"valueInteger": 0}, {"valueInteger": 2}),
        ("phq9_items.9", {"valueInteger": 0}, {"valueInteger": 2}),
    ],
)
def test_worse_is_as_the_vocabulary_has_it(
    sending: Sending, name: str, mild: Resource, bad: Resource
) -> None:
    read = sending(ours(name, **bad), ours(name, **mild))
    value = next(iter(bad.values()))
    found = answers(read)[name.partition(".")[0]]
    assert (found[8] if isinstance(found, list) else found) == value
    assert (warnings(read), errors(read)) == ([FIRST], [])


def test_the_higher_of_two_ratings_counts(sending: Sending) -> None:
    rated = [
        an_observation(own("factor", "risk"), valueCodeableConcept={"coding": [own("level", one)]})
        for one in ("high", "low")
    ]
    read = sending(*rated)
    assert (read.body["levels"], warnings(read)) == ({"risk": "high"}, [FIRST])


def test_codings_of_one_value_that_differ_are_two_values(sending: Sending) -> None:
    both = [own("thoughts_of_harm", "none"), own("thoughts_of_harm", "frequent")]
    read = sending(ours("thoughts_of_harm", valueCodeableConcept={"coding": both}))
    assert answers(read) == {"thoughts_of_harm": "frequent"}
    assert warnings(read) == [FIRST]


def test_a_value_that_cannot_be_compared_counts_for_no_other(sending: Sending) -> None:
    read = sending(harm("none"), harm("sometimes"))
    assert (answers(read), len(errors(read))) == ({}, 1)


def items(score: int, **more: Any) -> list[Resource]:
    return [loinc(code, score, **more) for code in PHQ9_ITEMS]


def test_a_score_is_never_put_together_of_two_days(sending: Sending) -> None:
    read = sending(*items(1, **EARLIER)[:8], loinc("44261-6", 20, **LATER))
    assert answers(read) == {"phq9_total": 20, "phq9_on": "2026-11-01"}
    assert notes(read) == [FIRST]


def test_scores_without_a_day_stand_with_the_newest(sending: Sending) -> None:
    read = sending(*items(1), loinc("44261-6", 9, **LATER))
    assert answers(read) == {
        "phq9_items": [1] * 9, "phq9_item9": 1, "phq9_total": 9, "phq9_on": "2026-11-01",
    }  # fmt: skip
    assert read.findings == ()


def test_the_day_is_that_of_the_scores_which_count(sending: Sending) -> None:
    read = sending(loinc("70274-6", 3, **EARLIER), loinc("70274-6", 9, **LATER))
    assert answers(read) == {"gad7_total": 9, "gad7_on": "2026-11-01"}
    assert read.places["answers.gad7_on"] == "Bundle.entry[5].resource.effective"


@pytest.mark.parametrize("code", ["phq9_items.9", "phq9_item9"])
def test_an_older_item_nine_that_was_worse_is_not_lost(sending: Sending, code: str) -> None:
    before = ours(code, valueInteger=2, **EARLIER)
    now = [ours(f"phq9_items.{n}", valueInteger=0, **LATER) for n in range(1, 10)]
    read = sending(before, *now)
    found = answers(read)
    assert (found["phq9_item9"], found["phq9_items"]) == (2, [0] * 9)
    assert found["phq9_on"] == "2026-11-01"
    assert FIRST in warnings(read)


@pytest.mark.parametrize("code", ["phq9_items.9", "phq9_item9"])
def test_an_older_item_nine_that_was_not_worse_gives_way(sending: Sending, code: str) -> None:
    before = ours(code, valueInteger=1, **EARLIER)
    now = [ours(f"phq9_items.{n}", valueInteger=1, **LATER) for n in range(1, 10)]
    read = sending(before, *now)
    assert answers(read) == {"phq9_items": [1] * 9, "phq9_on": "2026-11-01"}
    assert (notes(read), warnings(read)) == ([FIRST], [])


def test_an_older_item_nine_counts_where_only_a_total_is_newer(sending: Sending) -> None:
    read = sending(*items(1, **EARLIER), loinc("44261-6", 4, **LATER))
    assert answers(read) == {"phq9_total": 4, "phq9_item9": 1, "phq9_on": "2026-11-01"}


def test_item_nine_asked_again_leaves_the_scores_as_they_are(sending: Sending) -> None:
    read = sending(loinc("44261-6", 18, **EARLIER), loinc("44260-8", 1, **LATER))
    assert answers(read) == {"phq9_total": 18, "phq9_item9": 1, "phq9_on": "2026-10-01"}


def test_item_nine_by_a_code_that_both_have_counts_in_both(sending: Sending) -> None:
    read = sending(*items(0), loinc("44260-8", 3))
    found = answers(read)
    assert (found["phq9_item9"], found["phq9_items"]) == (3, [0] * 8 + [3])
    assert len(warnings(read)) == 1


def test_a_stated_item_nine_and_the_ninth_item_may_differ(sending: Sending) -> None:
    form = an_form(**{"phq9_item9": 0, "phq9_items.9": 1, "phq9_items.1": 0})
    found = answers(sending(form))
    assert (found["phq9_item9"], found["phq9_items"][8]) == (0, 1)


def test_risk_was_asked_about_on_the_earliest_day_that_counts(sending: Sending) -> None:
    read = sending(harm("regular", **EARLIER), a_choice("plan", "none", **LATER))
    assert answers(read)["risk_asked_on"] == "2026-10-01"


def test_a_day_that_stands_alone_is_that_of_scores_without_one(sending: Sending) -> None:
    stated = ours("phq9_on", valueDateTime="2026-11-05")
    read = sending(stated, loinc("44261-6", 9))
    assert (answers(read), read.findings) == ({"phq9_total": 9, "phq9_on": "2026-11-05"}, ())


def test_a_day_that_stands_alone_does_not_make_scores_newer(sending: Sending) -> None:
    stated = ours("phq9_on", valueDateTime="2026-11-05")
    read = sending(stated, loinc("44261-6", 9, **LATER))
    assert answers(read) == {"phq9_total": 9, "phq9_on": "2026-11-01"}
    assert warnings(read) == [FIRST]


def test_two_days_that_stand_alone_are_told_by_the_newest(sending: Sending) -> None:
    read = sending(*(ours("phq9_on", valueDateTime=f"2026-11-0{n}") for n in (5, 7)))
    assert answers(read) == {"phq9_on": "2026-11-07"}


def test_lists_are_put_together_and_each_entry_stands_once(sending: Sending) -> None:
    lists = [
        [{"linkId": "long_term_conditions", "answer": [{"valueString": one} for one in words]}]
        for words in (("asthma", "asthma"), ("diabetes", "asthma"))
    ]
    read = sending(*map(a_response, lists))
    assert answers(read) == {"long_term_conditions": ["asthma", "asthma", "diabetes"]}
