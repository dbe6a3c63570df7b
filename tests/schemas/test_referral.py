from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from schemas.referral import ReferralReader
from tests.schemas.conftest import NOW, Faults
from triage.api.examples import REFERRAL
from triage.domain.vocabulary import Kind
from triage.errors import ReferralError
from triage.rulebook import Rulebook

FULL_WIDTH = "".join(chr(0xFF10 + int(digit)) for digit in "9990000026")


def test_an_empty_body_is_a_referral_of_which_nothing_is_known(reader: ReferralReader) -> None:
    referral = reader.read({}, NOW)
    assert referral.received_at == NOW
    assert not referral.answers
    assert referral.patient.birth_date is None


def test_everything_sent_arrives(reader: ReferralReader) -> None:
    referral = reader.read(REFERRAL, NOW)
    assert referral.reference == "example-1"
    assert referral.received_at == datetime(2025, 11, 21, 10, 15, tzinfo=UTC)
    assert referral.patient.birth_date == date(1985, 2, 1)
    assert referral.referrer.name == "The Surgery"
    assert referral.answers["phq9_total"] == 12
    assert referral.answers["phq9_on"] == date(2025, 11, 20)
    assert referral.declined == {"substance_motivation"}
    assert referral.levels == {"complexity": "low"}


def test_null_is_not_asked(reader: ReferralReader) -> None:
    body = dict.fromkeys(reader.schema.fields)
    assert reader.read(body, NOW) == reader.read({}, NOW)
    assert not reader.read({"answers": {"phq9_total": None, "plan": None}}, NOW).answers


def test_every_answer_of_the_vocabulary_has_a_field(
    reader: ReferralReader, rulebook: Rulebook
) -> None:
    fields = reader.schema.fields["answers"].schema.fields  # type: ignore[attr-defined]
    assert list(fields) == list(rulebook.vocabulary.answers)


def test_every_answer_takes_its_own_range_and_nothing_beyond(
    reader: ReferralReader, rulebook: Rulebook, faults: Faults
) -> None:
    for name, answer in rulebook.vocabulary.answers.items():
        if answer.term.kind is not Kind.NUMBER:
            continue
        low, high = answer.term.low, answer.term.high
        for value in (low, high):
            assert reader.read({"answers": {name: value}}, NOW).answers[name] == value
        for value in (low - 1, high + 1):
            assert f"answers.{name}" in faults({"answers": {name: value}})


def test_all_faults_are_told_at_once(faults: Faults) -> None:
    body = {
        "answers": {"phq9_total": 28, "plan": "activ", "phq9_totl": 3, "emergency_now": "yes"},
        "patient": {"age": 131, "birth_date": "2030-01-01"},
        "levels": {"risk": "severe", "mood": "low"},
        "source": "Z9",
        "referer": {},
        "notes": 3,
    }
    said = faults(body)
    assert set(said) == {
        "answers.phq9_total",
        "answers.plan",
        "answers.?",
        "answers.emergency_now",
        "patient.age",
        "patient.birth_date",
        "levels.risk",
        "levels.?",
        "source",
        "?",
        "notes",
    }
    assert "name 3 of" in said["answers.?"]
    assert "did you mean phq9_total?" in said["answers.?"]
    assert "did you mean active?" in said["answers.plan"]
    assert "did you mean referrer?" in said["?"]
    assert "low, medium, high" in said["levels.risk"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ([], "body"),
        ("referral", "body"),
        (None, "body"),
        ({"answers": "none"}, "answers"),
        ({"answers": []}, "answers"),
        ({"patient": "Jane Smith"}, "patient"),
        ({"referrer": 3}, "referrer"),
        ({"levels": ["high"]}, "levels"),
        ({"declined": "plan"}, "declined"),
        ({"declined": ["plna"]}, "declined.0"),
    ],
)
def test_a_part_of_the_wrong_shape_is_a_fault_of_that_part(
    faults: Faults, body: Any, field: str
) -> None:
    assert list(faults(body)) == [field]


def test_a_level_may_be_unknown_which_is_not_rated(reader: ReferralReader) -> None:
    assert reader.read({"levels": {"risk": "unknown", "severity": None}}, NOW).levels == {}


def test_what_is_answered_cannot_be_declined_too(faults: Faults) -> None:
    said = faults({"answers": {"plan": "none", "intent": "none"}, "declined": ["plan", "intent"]})
    assert "intent, plan" in said["declined"]
    beside = {"patient": {"birth_date": "1990-03-14"}, "source": "A1"}
    said = faults({**beside, "declined": ["source", "patient.birth_date"]})
    assert "patient.birth_date, source" in said["declined"]


def test_a_date_of_birth_and_a_source_can_be_declined(reader: ReferralReader) -> None:
    body = {"patient": {"age": 30}, "declined": ["source", "patient.birth_date"]}
    assert reader.read(body, NOW).declined == {"source", "patient.birth_date"}


@pytest.mark.parametrize("name", ["phq9_on", "gad7_on", "risk_asked_on"])
def test_a_day_of_an_answer_cannot_be_after_receipt(
    reader: ReferralReader, faults: Faults, name: str
) -> None:
    received = {"received_at": "2026-06-10T23:30:00Z"}  # past midnight in the United Kingdom
    same_day = {**received, "answers": {name: "2026-06-11"}}
    assert reader.read(same_day, NOW).answers[name] == date(2026, 6, 11)
    late = faults({**received, "answers": {name: "2026-06-12"}})
    assert "after the day of receipt" in late[f"answers.{name}"]
    assert "hundred years" in faults({"answers": {name: "1900-01-01"}})[f"answers.{name}"]


def test_a_review_may_lie_ahead(reader: ReferralReader) -> None:
    ahead = reader.read({"answers": {"monitoring_review_on": "2026-12-05"}}, NOW)
    assert ahead.answers["monitoring_review_on"] == date(2026, 12, 5)


@pytest.mark.parametrize(("born", "said"), [("2026-11-22", "after"), ("1895-11-21", "130 years")])
def test_a_date_of_birth_is_within_a_life_of_receipt(faults: Faults, born: str, said: str) -> None:
    assert said in faults({"patient": {"birth_date": born}})["patient.birth_date"]


def test_receipt_may_be_a_day_ahead_and_no_more(reader: ReferralReader, faults: Faults) -> None:
    ahead = reader.read({"received_at": "2026-11-22T10:15:00Z"}, NOW)
    assert ahead.received_at == NOW + timedelta(days=1)
    assert "a day ahead" in faults({"received_at": "2026-11-22T10:15:01Z"})["received_at"]


@pytest.mark.parametrize("sent", ["9990000026", "999 000 0026", "999-000-0026", "9990000020"])
def test_an_nhs_number_is_ten_digits_whatever_its_check_digit(
    reader: ReferralReader, sent: str
) -> None:
    number = reader.read({"patient": {"nhs_number": sent}}, NOW).patient.nhs_number
    assert number == sent.replace(" ", "").replace("-", "")


@pytest.mark.parametrize(
    "sent",
    [
        "999000002",
        "99900000261",
        "\uff19\uff19\uff19\uff10\uff10\uff10\uff10\uff10\uff12\uff16",
        9990000026,
        "",
        "999 OOO 0026",
    ],
)
def test_an_nhs_number_that_is_not_ten_digits_is_a_fault_that_does_not_repeat_it(
    faults: Faults, sent: object
) -> None:
    said = faults({"patient": {"nhs_number": sent}})["patient.nhs_number"]
    assert "ten digits" in said
    assert not sent or str(sent) not in said


@pytest.mark.parametrize("sent", ["A", "A1", "Zx", "99"])
def test_an_ethnic_category_may_have_a_local_second_character(
    reader: ReferralReader, sent: str
) -> None:
    patient = reader.read({"patient": {"ethnic_category": sent}}, NOW).patient
    assert patient.ethnic_category == sent


@pytest.mark.parametrize("sent", ["I", "AAA", "9", "A\n", "A ", 99])
def test_an_unknown_ethnic_category_is_a_fault(faults: Faults, sent: object) -> None:
    assert "patient.ethnic_category" in faults({"patient": {"ethnic_category": sent}})


def test_a_name_that_could_be_a_patient_is_not_repeated(faults: Faults) -> None:
    said = faults({"9990000026": 1, "Jane Smith, 1 High Street": 1, "id_9990000026": 1})
    assert list(said) == ["?"]
    assert not any(word in said["?"] for word in ("Jane", "9990000026"))


def test_ever_so_many_faults_are_told_briefly_and_soon(reader: ReferralReader) -> None:
    body = {"answers": {f"name_{number}": 1 for number in range(20_000)}}
    with pytest.raises(ReferralError) as refused:
        reader.read(body, NOW)
    assert len(refused.value.faults) == 101


def test_what_is_right_can_be_read_beside_what_is_wrong(reader: ReferralReader) -> None:
    body = {
        "answers": {"phq9_total": 28, "plan": "active", "phq9_on": "2030-01-01", "x": 1},
        "patient": {"birth_date": "2030-01-01", "age": 40},
        "declined": ["plan"],
        "received_at": "2030-01-01T00:00:00Z",
    }
    referral = reader.readable(body, NOW)
    assert referral.answers == {"plan": "active"}
    assert referral.patient.age == 40
    assert referral.patient.birth_date is None
    assert referral.received_at == NOW


@pytest.mark.parametrize("body", [[], None, "x", 3, {"answers": 3}, {"answers": {"plan": []}}])
def test_where_nothing_can_be_read_nothing_is_known(reader: ReferralReader, body: Any) -> None:
    assert not reader.readable(body, NOW).answers
