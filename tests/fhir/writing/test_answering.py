from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.fhir.reading.message import Asks, Message
from triage.fhir.reading.read import Read
from triage.fhir.writing import Answering

NOTHING_READ = Read({}, {}, ())


def a_message(
    header: dict[str, Any], request: dict[str, Any] | None = None, id_: str | None = None
) -> Message:
    return Message(id_, Asks.NEW, None, (), header, request or {}, {}, NOTHING_READ)


def test_it_takes_from_a_message_what_an_answer_repeats() -> None:
    reasons = "https://fhir.nhs.uk/CodeSystem/message-reason-bars"
    header = {
        "id": "a-header",
        "source": {"endpoint": "http://fhir.nhs.uk/Id/dos-service-id|2222222222"},
        "reason": {"coding": [{"system": reasons, "code": "new"}]},
    }
    request = {
        "intent": "plan",
        "identifier": [{"system": "urn:theirs", "value": "A 1"}, {"value": "A 1"}],
    }
    assert Answering.to(a_message(header, request, "a-bundle")) == Answering(
        message_id="a-bundle",
        header_id="a-header",
        endpoint="http://fhir.nhs.uk/Id/dos-service-id|2222222222",
        reason="new",
        intent="plan",
        identifiers=(("urn:theirs", "A 1"), (None, "A 1")),
    )


@pytest.mark.parametrize(
    ("message_id", "header_id"),
    [
        ("urn:uuid:9d1c6b3e-0d3b-4a39-a4f6-55d3ad4b9a50", "9d1c6b3e-0d3b-4a39-a4f6-55d3ad4b9a50"),
        ("https://theirs.example|42", "42"),
        ("what no id of R4 can be", None),
        (None, None),
    ],
)
def test_a_header_without_an_id_is_answered_by_the_id_of_the_message(
    message_id: str | None, header_id: str | None
) -> None:
    assert Answering.to(a_message({}, id_=message_id)).header_id == header_id


@pytest.mark.parametrize(
    "reason",
    [
        None,
        [],
        {"coding": "new"},
        {"coding": [{"system": "urn:other", "code": "new"}]},
        {"coding": [{"code": "of our own"}]},
    ],
)
def test_a_reason_that_is_none_of_bars_is_not_repeated(reason: Any) -> None:
    assert Answering.to(a_message({"reason": reason})).reason is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
PARTS = ("id", "source", "reason", "coding", "endpoint", "intent", "identifier", "system", "value")
RESOURCES = st.dictionaries(
    st.sampled_from(PARTS),
    JSON | st.dictionaries(st.sampled_from(PARTS), JSON) | st.lists(JSON),
)


@settings(deadline=None)
@given(header=RESOURCES, request=RESOURCES, id_=st.none() | st.text())
def test_whatever_was_sent_can_be_answered(
    header: dict[str, Any], request: dict[str, Any], id_: str | None
) -> None:
    found = Answering.to(a_message(header, request, id_))
    assert found.endpoint is None or not any(each.isspace() for each in found.endpoint)
    assert all(value.strip() for _, value in found.identifiers)
