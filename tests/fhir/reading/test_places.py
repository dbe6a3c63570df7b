"""Every place that is told is there: in FHIRPath, from the root of what was sent."""

from __future__ import annotations

from functools import cache
from typing import Any

import fhirpathpy
import pytest
from fhirpathpy.models import models

from tests.fhir.messages import Resource, a_message, a_response, an_item
from tests.fhir.r4.payloads import payloads
from tests.fhir.reading.sending import other_form
from tests.fhir.reading.whole import a_whole_message
from triage.fhir.reading import MessageReader, Placed, Read


@cache
def compiled(expression: str) -> Any:
    return fhirpathpy.compile(expression, models["r4"])


def missing(read: Read, sent: Resource) -> list[str]:
    """The places that are told and lead to nothing."""
    told = {*read.places.values(), *(one.expression for one in read.findings if one.expression)}
    return [one for one in sorted(told) if not compiled(one)(sent)]


@pytest.mark.parametrize(
    "sent", [a_whole_message(), a_message(), *payloads()], ids=lambda one: one["resourceType"]
)
def test_places_in_messages_are_there(reader: MessageReader, sent: Resource) -> None:
    assert missing(reader.message(sent).read, sent) == []


@pytest.mark.parametrize(
    "sent",
    [a_response([an_item("phq9_total", 12)]), other_form([an_item("x", 1)]), *payloads()],
    ids=lambda one: one["resourceType"],
)
def test_places_in_questionnaires_are_there(reader: MessageReader, sent: Resource) -> None:
    assert missing(reader.questionnaire_response(sent), sent) == []


def test_every_field_of_a_referral_has_its_place(reader: MessageReader) -> None:
    read = reader.message(a_whole_message()).read
    for name, part in read.body.items():
        fields = [f"{name}.{each}" for each in part] if isinstance(part, dict) else [name]
        assert [one for one in fields if one not in read.places] == []


def test_places_begin_where_the_caller_says(reader: MessageReader) -> None:
    message = a_whole_message()
    placed = [
        Placed(entry["resource"], f"prefetch.p{n}", entry["fullUrl"])
        for n, entry in enumerate(message["entry"])
    ]
    read = reader.resources(placed)
    assert all(place.startswith("prefetch.p") for place in read.places.values())
    assert read.body == reader.message(message).read.body


def test_a_page_of_resources_is_read_entry_by_entry(reader: MessageReader) -> None:
    observations = [
        entry for entry in a_whole_message()["entry"]
        if entry["resource"]["resourceType"] == "Observation"
    ]  # fmt: skip
    page = {"resourceType": "Bundle", "type": "searchset", "entry": observations}
    read = reader.resources([Placed(page, "prefetch.scores")])
    assert read.body["answers"]["phq9_total"] == 12
    assert read.places["answers.phq9_total"] == "prefetch.scores.entry[9].resource.value"


def test_what_was_not_prefetched_is_nothing(reader: MessageReader) -> None:
    read = reader.resources([Placed(None, "prefetch.patient"), Placed("x", "prefetch.scores")])
    assert (read.body, dict(read.places), read.findings) == ({}, {}, ())
