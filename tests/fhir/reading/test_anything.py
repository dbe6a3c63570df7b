"""Whatever is sent is read: there is no JSON value that makes the reader fail."""

from __future__ import annotations

import copy
from datetime import date
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.referral import ReferralReader
from tests.builders import RECEIVED
from tests.campaigns import share
from tests.fhir.messages import a_response
from tests.fhir.r4.mutants import mutant
from tests.fhir.r4.payloads import payloads
from tests.fhir.reading.sending import DATA_ABSENT, answers, errors
from tests.fhir.reading.whole import NAME, a_whole_message
from triage.errors import ReferralError
from triage.fhir.reading import Asks, Message, MessageReader, Placed, Read
from triage.rulebook import Rulebook

WORDS = st.sampled_from(
    [
        "resourceType", "Bundle", "Patient", "Observation", "QuestionnaireResponse", "entry",
        "resource", "ServiceRequest", "MessageHeader", "Parameters", "parameter", "contained",
        "subject", "reference", "#", "#x", "x", "id", "code", "coding", "system", "item", "linkId",
        "answer", "valueInteger", "valueCoding", "valueQuantity", "value", "extension",
        "identifier",
        "http://loinc.org", "44261-6", "44260-8", "phq9_items.9", "plan", "declined", "focus",
        "requester", "reasonReference", "Condition", "Flag", "Consent", "active", "status",
        "component", "authored", "onsetDateTime", "birthDate", "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00", "urn:uuid:", "address", "postalCode", "period", "use", "note",
    ]
)  # fmt: skip

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | WORDS

JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(WORDS | st.text(), inner, max_size=6)
    ),
    max_leaves=40,
)

CODES = frozenset(
    {
        "structure", "required", "value", "not-supported", "multiple-matches", "not-found",
        "too-long", "code-invalid", "business-rule", "conflict", "incomplete", "informational",
        "too-costly",
    }
)  # fmt: skip
"""The R4 issue types that are used."""


@pytest.fixture(scope="module")
def bodies(rulebook: Rulebook) -> ReferralReader:
    return ReferralReader(rulebook.vocabulary)


def check(read: Read, bodies: ReferralReader) -> None:
    """What was read has the shape of a body, and what was found that of an issue."""
    bodies.readable(read.body, RECEIVED)
    assert all(one.code in CODES and one.says for one in read.findings)
    assert len(set(read.findings)) == len(read.findings) <= 200
    assert all(read.places.values())


def check_message(message: Message, bodies: ReferralReader) -> None:
    check(message.read, bodies)
    assert (message.as_cancelled is not None) == (message.asks is Asks.CANCEL)
    assert message.id != ""


@settings(max_examples=share(3_000), deadline=None)
@given(value=JSON)
def test_any_json_at_all_is_read(reader: MessageReader, bodies: ReferralReader, value: Any) -> None:
    check_message(reader.message(value), bodies)
    check(reader.questionnaire_response(value), bodies)
    check(reader.resources([Placed(value, "prefetch.x", "urn:uuid:x")], date(2026, 1, 1)), bodies)


@settings(max_examples=share(3_000), deadline=None)
@given(value=JSON, kind=st.sampled_from(["Observation", "QuestionnaireResponse", "Patient"]))
def test_any_json_in_the_place_of_a_resource_is_read(
    reader: MessageReader, bodies: ReferralReader, value: Any, kind: str
) -> None:
    message = a_whole_message()
    sent = {**value, "resourceType": kind} if isinstance(value, dict) else value
    message["entry"].append({"resource": sent})
    check_message(reader.message(message), bodies)


@pytest.mark.parametrize("part", range(4))
def test_mutated_messages_are_read_and_say_nothing_of_a_patient(
    reader: MessageReader, bodies: ReferralReader, part: int
) -> None:
    whole = [a_whole_message(), *payloads()]
    for seed in range(share(2_500)):
        random = Random(seed * 4 + part)
        sent = mutant(whole[seed % len(whole)], random)
        message = reader.message(sent)
        check_message(message, bodies)
        check(reader.questionnaire_response(sent), bodies)
        said = " ".join(f"{one.says} {one.expression}" for one in message.read.findings)
        assert NAME not in said
        assert "9990000026" not in said


def test_reading_changes_nothing_of_what_was_sent(reader: MessageReader) -> None:
    message = a_whole_message()
    before = copy.deepcopy(message)
    reader.message(message)
    assert message == before


def test_a_message_that_comes_again_is_read_the_same(reader: MessageReader) -> None:
    message = a_whole_message()
    assert reader.message(copy.deepcopy(message)) == reader.message(message)


@settings(max_examples=share(300), deadline=None)
@given(random=st.randoms(use_true_random=False))
def test_the_order_of_resources_changes_no_answer(reader: MessageReader, random: Random) -> None:
    message = a_whole_message()
    shuffled = message["entry"][1:]
    random.shuffle(shuffled)
    found = reader.message({**message, "entry": [message["entry"][0], *shuffled]}).read
    expected = reader.message(message).read
    assert _unordered(answers(found)) == _unordered(answers(expected))
    assert found.body["levels"] == expected.body["levels"]
    assert len(found.findings) == len(expected.findings)


def _unordered(found: Any) -> dict[str, Any]:
    """Answers with lists of words in one order."""
    return {
        name: sorted(value) if isinstance(value, list) and isinstance(value[0], str) else value
        for name, value in found.items()
    }


def test_of_very_many_findings_the_gravest_are_told(reader: MessageReader) -> None:
    masked = {"extension": [{"url": DATA_ABSENT, "valueCode": "masked"}]}
    absent = [{"linkId": "plan", "answer": [masked]} for _ in range(300)]
    wrong = {"linkId": "plan", "answer": [{"valueString": "active"}]}
    read = reader.questionnaire_response(a_response([*absent, wrong]))
    assert len(read.findings) == 200
    assert errors(read) == ["QuestionnaireResponse.item[300].answer[0].value"]
    assert "more" in read.findings[-1].says


def test_a_list_that_is_too_long_is_left_to_the_schema(
    reader: MessageReader, bodies: ReferralReader
) -> None:
    words = [{"valueString": f"word {n}"} for n in range(100)]
    item = {"linkId": "long_term_conditions", "answer": words}
    read = reader.questionnaire_response(a_response([item]))
    with pytest.raises(ReferralError) as refused:
        bodies.read(read.body, RECEIVED)
    assert [one.field for one in refused.value.faults] == ["answers.long_term_conditions"]
