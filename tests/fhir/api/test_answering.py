from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from triage.api.fhir.answering import (
    SentBy,
    check_accept,
    check_content_type,
    fhir_response,
    headers_read,
    is_fhir,
)
from triage.fhir.findings import FindingsError

APP = Flask("headers")

ORGANISATION = {
    "resourceType": "Organization",
    "identifier": [{"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "C86001"}],
    "name": "The Surgery",
}

DEVICE = {"resourceType": "Device", "deviceName": [{"name": "A GP system"}]}


def encoded(value: Any) -> str:
    return base64.b64encode(json.dumps(value).encode()).decode()


def asking(check: Callable[[], object], **headers: str) -> HTTPStatus | None:
    """With which status a request with these headers is refused; None where it is not."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with APP.test_request_context(headers=named):
        try:
            check()
        except FindingsError as error:
            return error.status
    return None


@pytest.mark.parametrize(
    "accept",
    [
        "",
        "*/*",
        "application/*",
        "application/json",
        "application/fhir+json",
        "Application/FHIR+JSON",
        "application/fhir+json; version=1.0.0",
        'application/fhir+json;version="1.1.0"',
        "application/fhir+json; version=1",
        "application/fhir+json; fhirVersion=4.0",
        "application/fhir+xml, application/fhir+json;q=0.1",
        "application/fhir+json; version=2.0.0, application/fhir+json; version=1.0.0",
        "application/fhir+json; version=2.0.0, */*",
    ],
)
def test_json_of_r4_is_what_is_spoken(accept: str) -> None:
    assert asking(check_accept, Accept=accept) is None


def test_who_does_not_say_takes_what_there_is() -> None:
    assert asking(check_accept) is None


@pytest.mark.parametrize(
    "accept",
    [
        "text/html",
        "application/fhir+xml",
        "application/fhir+json; q=0",
        "application/fhir+json; q=0.000, text/*",
        "application/fhir+json; fhirVersion=3.0",
        "text/html, ,",
        "nothing at all",
    ],
)
def test_other_media_types_are_not_acceptable(accept: str) -> None:
    assert asking(check_accept, Accept=accept) is HTTPStatus.NOT_ACCEPTABLE


@pytest.mark.parametrize("version", ["2.0.0", "0.9", "10.0.0", "1.0.0.0.0", "one", "-1"])
def test_another_version_of_bars_is_not_supported(version: str) -> None:
    media = f"application/fhir+json; version={version}"
    assert asking(check_accept, Accept=media) is HTTPStatus.UNPROCESSABLE_ENTITY
    assert asking(check_content_type, Content_Type=media) is HTTPStatus.UNPROCESSABLE_ENTITY


@pytest.mark.parametrize(
    "content_type",
    [
        "application/fhir+json",
        "application/json",
        "application/fhir+json; charset=UTF-8",
        'application/fhir+json; version=1.0.0; charset="utf8"',
        "application/fhir+json; fhirVersion=4.0.1",
    ],
)
def test_a_body_is_json_in_utf_8(content_type: str) -> None:
    assert asking(check_content_type, Content_Type=content_type) is None


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Content_Type": "text/plain"},
        {"Content_Type": "application/fhir+xml"},
        {"Content_Type": "application/x-www-form-urlencoded"},
        {"Content_Type": "application/fhir+json; charset=latin-1"},
        {"Content_Type": "application/fhir+json; fhirVersion=3.0"},
        {"Content_Type": "application/fhir+json", "Content_Encoding": "gzip"},
    ],
)
def test_any_other_body_is_of_the_wrong_type(headers: dict[str, str]) -> None:
    assert asking(check_content_type, **headers) is HTTPStatus.UNSUPPORTED_MEDIA_TYPE


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("*/*", "application/fhir+json"),
        ("application/fhir+json; version=1.1.0", "application/fhir+json; version=1.1.0"),
        ("application/fhir+json; version=2.0.0", "application/fhir+json"),
        ("application/json; version=1.0.0", "application/fhir+json; version=1.0.0"),
        ("text/html; version=1.0.0", "application/fhir+json"),
    ],
)
def test_the_version_asked_for_is_the_one_answered_in(accept: str, media_type: str) -> None:
    with APP.test_request_context(headers={"Accept": accept}):
        assert fhir_response({}).content_type == media_type


@pytest.mark.parametrize(
    ("sent", "mirrored"),
    [
        ("11c46f5f-cdef-4865-94b2-0ee0edcc26da", True),
        ("11C46F5F-CDEF-4865-94B2-0EE0EDCC26DA", True),
        ("9990000026", False),
        ("somebody's name", False),
        ("", False),
    ],
)
def test_a_correlation_id_goes_back_as_it_came_where_it_is_one(
    sent: str, *, mirrored: bool
) -> None:
    with APP.test_request_context(headers={"X-Correlation-Id": sent}):
        assert fhir_response({}, 404).headers.get("X-Correlation-Id") == (
            sent if mirrored else None
        )


@pytest.mark.parametrize(
    ("path", "is_so"),
    [("/fhir", True), ("/fhir/x", True), ("/fhirs", False), ("/v1/fhir", False)],
)
def test_fhir_is_spoken_under_its_own_path(path: str, *, is_so: bool) -> None:
    assert is_fhir(path) is is_so


def sent_by(**headers: str) -> SentBy:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with APP.test_request_context(headers=named):
        return headers_read()


def test_headers_say_which_organisation_sends() -> None:
    found = sent_by(
        NHSD_Target_Identifier=encoded({"system": "urn:ietf:rfc:3986", "value": "2b3b21fd"}),
        NHSD_End_User_Organisation=encoded(ORGANISATION),
        NHSD_Requesting_Software=encoded(DEVICE),
        NHSD_Requesting_Practitioner=encoded({"resourceType": "Practitioner"}),
    )
    assert found == SentBy("C86001", "The Surgery")


def test_none_of_them_is_needed() -> None:
    assert sent_by() == SentBy()


def test_the_header_of_e_rs_is_a_plain_code() -> None:
    assert sent_by(NHSD_End_User_Organisation_ODS="R69") == SentBy("R69")


def test_the_organisation_that_says_its_code_counts_for_more_than_the_plain_code() -> None:
    found = sent_by(
        NHSD_End_User_Organisation=encoded(ORGANISATION), NHSD_End_User_Organisation_ODS="R69"
    )
    assert found.ods_code == "C86001"


def test_a_code_of_another_system_is_no_ods_code() -> None:
    other = {**ORGANISATION, "identifier": [{"system": "https://else.example", "value": "C86001"}]}
    assert sent_by(NHSD_End_User_Organisation=encoded(other)) == SentBy(None, "The Surgery")


@pytest.mark.parametrize("name", [None, 7, "", "a\nb", "x" * 201])
def test_what_is_no_name_is_left_out(name: object) -> None:
    found = sent_by(NHSD_End_User_Organisation=encoded({**ORGANISATION, "name": name}))
    assert found == SentBy("C86001")


def test_base64_for_urls_and_without_its_end_is_read_too() -> None:
    named = {**ORGANISATION, "name": "Ælfric ÿ??>"}
    for_urls = base64.urlsafe_b64encode(json.dumps(named, ensure_ascii=False).encode()).decode()
    assert sent_by(NHSD_End_User_Organisation=for_urls.rstrip("=")).ods_code == "C86001"


@pytest.mark.parametrize(
    ("header", "value", "needed"),
    [
        ("NHSD-Target-Identifier", encoded({"value": "x"}), "system and value"),
        ("NHSD-Target-Identifier", encoded({"system": "x", "value": 7}), "system and value"),
        ("NHSD-Target-Identifier", "not base64!", "base64 of an object with system and value"),
        ("NHSD-End-User-Organisation", encoded(DEVICE), "base64 of an Organization"),
        ("NHSD-End-User-Organisation", encoded([ORGANISATION]), "base64 of an Organization"),
        ("NHSD-End-User-Organisation", json.dumps(ORGANISATION), "base64 of an Organization"),
        ("NHSD-End-User-Organisation", "[" * 4000, "base64 of an Organization"),
        ("NHSD-Requesting-Software", encoded("Device"), "base64 of a Device"),
        ("NHSD-Requesting-Practitioner", encoded({}), "base64 of a Practitioner"),
        ("NHSD-End-User-Organisation-ODS", "no code at all", "an ODS code as it is"),
    ],
)
def test_a_header_that_cannot_be_read_is_named_with_what_it_must_be(
    header: str, value: str, needed: str
) -> None:
    with (
        APP.test_request_context(headers={header: value}),
        pytest.raises(FindingsError) as caught,
    ):
        headers_read()
    (finding,) = caught.value.findings
    assert caught.value.status is HTTPStatus.BAD_REQUEST
    assert f"The header {header} must be" in finding.says
    assert needed in finding.says
    assert value not in finding.says


def test_every_header_that_cannot_be_read_is_named() -> None:
    headers = {"NHSD-Target-Identifier": "?", "NHSD-Requesting-Software": "?"}
    with APP.test_request_context(headers=headers), pytest.raises(FindingsError) as caught:
        headers_read()
    assert len(caught.value.findings) == 2


NAMES = ("NHSD-End-User-Organisation", "NHSD-Target-Identifier", "NHSD-End-User-Organisation-ODS")

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
)


def written() -> Iterator[st.SearchStrategy[str]]:
    yield st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=40)
    yield ANY_JSON.map(encoded)
    yield ANY_JSON.map(lambda value: encoded({**ORGANISATION, "identifier": value, "name": value}))
    yield ANY_JSON.map(lambda value: encoded({**ORGANISATION, "identifier": [value]}))


@given(st.sampled_from(NAMES), st.one_of(*written()))
def test_whatever_a_header_holds_is_read_or_refused(name: str, value: str) -> None:
    assert asking(headers_read, **{name: value}) in (None, HTTPStatus.BAD_REQUEST)


@given(st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=60))
def test_whatever_is_asked_for_is_answered_or_refused(accept: str) -> None:
    assert asking(check_accept, Accept=accept) in (
        None,
        HTTPStatus.NOT_ACCEPTABLE,
        HTTPStatus.UNPROCESSABLE_ENTITY,
    )
    with APP.test_request_context(headers={"Accept": accept}):
        assert fhir_response({}).mimetype == "application/fhir+json"
