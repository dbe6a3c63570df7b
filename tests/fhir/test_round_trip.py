"""A referral written as a message and read again is the same referral, whatever it says."""

from __future__ import annotations

import json
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.referral import ReferralReader
from tests.builders import RECEIVED
from tests.campaigns import share
from tests.fhir.referral_bodies import Body, bodies
from tests.random_things import Drawer
from triage.domain.referral import Referral
from triage.fhir.r4 import faults_of
from triage.fhir.reading import MessageReader
from triage.fhir.writing import RequestWriter
from triage.rulebook import Rulebook, load_rulebook

ENDPOINT = "https://gp.example.org/fhir/$process-message"

LATER = RECEIVED + timedelta(days=1)
"""No day of what is drawn is after this one."""

RULEBOOK = load_rulebook()

MANY = settings(
    max_examples=share(1_000),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.fixture(scope="module")
def writer(rulebook: Rulebook) -> RequestWriter:
    return RequestWriter(rulebook, ENDPOINT)


@pytest.fixture(scope="module")
def reader(rulebook: Rulebook) -> MessageReader:
    return MessageReader(rulebook.vocabulary)


@pytest.fixture(scope="module")
def bodies_read(rulebook: Rulebook) -> ReferralReader:
    return ReferralReader(rulebook.vocabulary).to_record()


def as_sent(message: Body) -> Any:
    """A message as it comes out of the wire."""
    return json.loads(json.dumps(message))


@MANY
@given(body=bodies(RULEBOOK.vocabulary))
def test_nothing_is_lost_on_the_way(
    writer: RequestWriter, reader: MessageReader, bodies_read: ReferralReader, body: Body
) -> None:
    message = as_sent(writer.message_of(body, RECEIVED))
    assert faults_of(message, "Bundle") == []
    found = reader.message(message).read
    assert not [one for one in found.findings if "check digit" not in one.says]
    assert bodies_read.read(found.body, RECEIVED) == bodies_read.read(body, RECEIVED)


@settings(max_examples=share(200), deadline=None)
@given(seed=st.integers(0, 2**32))
def test_referrals_near_the_thresholds_come_through(
    writer: RequestWriter, reader: MessageReader, bodies_read: ReferralReader, seed: int
) -> None:
    body = body_of(Drawer(RULEBOOK).referral(Random(seed)))
    found = reader.message(as_sent(writer.message_of(body, LATER))).read
    assert bodies_read.read(found.body, LATER) == bodies_read.read(body, LATER)


def body_of(referral: Referral) -> Body:
    """A referral as it would be sent; of an instrument of which nothing was answered, nothing."""
    answers = {name: as_json(value) for name, value in referral.answers.items()}
    patient = referral.patient
    return {
        "source": referral.source or "A1",
        "referrer": {"ods_code": referral.referrer.ods_code},
        "patient": {
            "birth_date": as_json(patient.birth_date),
            "age": patient.age,
            "postcode": patient.postcode,
        },
        "answers": {
            name: value for name, value in answers.items() if value == [] or value != blank(value)
        },
        "declined": sorted(referral.declined),
        "levels": dict(referral.levels),
    }


def as_json(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def blank(value: Any) -> Any:
    """A list as long, of nothing but nulls."""
    return [None] * len(value) if isinstance(value, list) else None
