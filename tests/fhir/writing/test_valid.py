from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from typing import Any

import pytest

from tests.builders import ReferralBuilder, nothing_asked, referral_builder
from tests.campaigns import share
from tests.fhir.writing.oracles import check, check_codes
from tests.fhir.writing.referred import NHS_NUMBER, OF_TWO_TEAMS, SOMEBODY, TOLD, Desk, text_of
from tests.recorded import drawn
from triage.domain.referral import Referrer
from triage.domain.referred import Referred
from triage.fhir.findings import Finding, Severity
from triage.fhir.r4 import faults_of
from triage.fhir.writing import NOTHING_KNOWN, Answering, DecisionWriter
from triage.rulebook import Rulebook

FOUND = (Finding(Severity.WARNING, "value", "Bundle.entry[2].resource", "Something is odd."),)

TO_A_MESSAGE = Answering(
    message_id="urn:uuid:9d1c6b3e-0d3b-4a39-a4f6-55d3ad4b9a50",
    header_id="9d1c6b3e-0d3b-4a39-a4f6-55d3ad4b9a50",
    endpoint="http://fhir.nhs.uk/Id/dos-service-id|2222222222",
    reason="update",
    intent="plan",
    identifiers=(("https://fhir.nhs.uk/Id/UBRN", "000000070000"), (None, "bare")),
)

WAYS: dict[str, ReferralBuilder] = {
    "mild": referral_builder(),
    "nothing asked": nothing_asked(),
    "everything declined": nothing_asked().declining(
        "thoughts_of_harm", "intent", "plan", "harm_injury", "protective_factors", "phq9_items"
    ),
    "crisis": referral_builder(thoughts_of_harm="frequent", intent="strong"),
    "emergency": referral_builder(emergency_now=True),
    "two teams": referral_builder(**OF_TWO_TEAMS),
    "a positive item 9": referral_builder(phq9_item9=1),
    "somebody young": referral_builder(perinatal=True).of_patient(age=15),
    "nobody known": nothing_asked().of_patient().from_source("M2"),
    "by themselves": referral_builder().from_source("B1"),
    "a practice without a code": referral_builder().from_source("A1", Referrer(name="A practice")),
    "own words": referral_builder(
        long_term_conditions=("words of their own", "a\u00a0space"), adjustments=()
    ),
    "rated": referral_builder().rated(risk="low", severity="high"),
    "scores": referral_builder(phq9_items=(0, 1, None, 2, 0, 0, 1, None, 0), gad7_items=(3,) * 7),
}
"""Referrals that differ in what is to be written."""


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest, desk: Desk) -> Referred:
    return desk.refer(WAYS[request.param].build())


def everything_of(writer: DecisionWriter, referred: Referred) -> Iterator[dict[str, Any]]:
    """Every resource, alone and in messages."""
    yield writer.service_request(referred)
    yield writer.service_request(referred, TO_A_MESSAGE)
    yield writer.guidance_response(referred)
    yield from writer.tasks(referred)
    yield writer.provenance(referred)
    yield writer.communication(referred, TOLD)
    yield writer.team(referred)
    yield writer.answers_read(referred)
    person = writer.person(referred)
    yield from [person] if person else []
    yield writer.response_message(referred, NOTHING_KNOWN, TOLD)
    yield writer.response_message(referred, TO_A_MESSAGE, TOLD, FOUND)


def test_everything_written_is_read_by_everybody(
    desk: Desk, writer: DecisionWriter, way: Referred
) -> None:
    for each in everything_of(writer, way):
        check(each)
    for became in desk.whatever_became_of(way):
        check(writer.response_message(became, TO_A_MESSAGE, TOLD, FOUND))


def test_every_route_urgency_and_status_is_r4(desk: Desk, writer: DecisionWriter) -> None:
    referred = desk.refer_somebody(**OF_TWO_TEAMS, phq9_item9=2)
    for one in chain.from_iterable(map(desk.whatever_became_of, desk.every_decision(referred))):
        message = writer.response_message(one, TO_A_MESSAGE, TOLD, FOUND)
        assert faults_of(message, "Bundle") == []
        check_codes(message)


def test_random_referrals_are_r4(desk: Desk, writer: DecisionWriter, rulebook: Rulebook) -> None:
    draw = drawn(rulebook, seed=5)
    for _ in range(share(600)):
        message = writer.response_message(desk.refer(draw()), NOTHING_KNOWN, TOLD)
        assert faults_of(message, "Bundle") == []


def test_a_level_of_risk_never_reads_as_a_prediction(
    desk: Desk, writer: DecisionWriter, rulebook: Rulebook
) -> None:
    draw = drawn(rulebook, seed=7)
    told = [desk.refer(replace(draw(), levels={"risk": "low"})) for _ in range(share(200))]
    told.append(desk.refer(WAYS["rated"].build()))
    for referred in told:
        written = list(everything_of(writer, referred))
        said = " ".join(text_of(written)).casefold()
        assert not re.search(r"\blow\W+risk\b|\brisk\W+(is|as|level)?\W*low\b", said)
        assert "RiskAssessment" not in {each["resourceType"] for each in written}


def test_the_nhs_number_stands_in_identifiers_alone(desk: Desk, writer: DecisionWriter) -> None:
    for became in desk.whatever_became_of(desk.refer_somebody()):
        for each in everything_of(writer, became):
            assert not any(NHS_NUMBER in text for text in text_of(without_identifiers(each)))


def without_identifiers(value: Any) -> Any:
    """A resource without identifiers."""
    if isinstance(value, list):
        return [without_identifiers(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {name: without_identifiers(each) for name, each in value.items() if name != "identifier"}


def test_nothing_names_somebody_who_was_erased(desk: Desk, writer: DecisionWriter) -> None:
    own_words = referral_builder(long_term_conditions=("words of their own",)).build()
    before = desk.refer(
        replace(own_words, patient=SOMEBODY, reference="a-reference", notes="A note.")
    )
    named = (NHS_NUMBER, "1985-02-01", "DN1 1AA", "words of their own", "a-reference", "practice")
    said = list(text_of(list(everything_of(writer, before))))
    assert all(any(each in text for text in said) for each in named)
    said = list(text_of(list(everything_of(writer, desk.erased(before)))))
    assert not any(each in text for text in said for each in named)


def test_what_the_sender_noted_is_for_people_here(desk: Desk, writer: DecisionWriter) -> None:
    referred = desk.refer(replace(referral_builder().build(), notes="A note of theirs."))
    assert "A note of theirs." not in text_of(list(everything_of(writer, referred)))
