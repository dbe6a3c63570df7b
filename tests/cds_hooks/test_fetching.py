from __future__ import annotations

import gzip
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from threading import Event

import pytest

from tests.cds_hooks.fhir_server import FhirServer, send
from tests.running import LONGEST_WAIT
from triage.cds_hooks import fetching
from triage.cds_hooks.fetching import FetchError, fetch, fetch_all

PATIENT = {"resourceType": "Patient", "id": "1"}


def test_a_resource_is_read_with_the_token_of_the_call(server: FhirServer) -> None:
    server.resources["Patient/1"] = PATIENT
    assert fetch(server.url, "Patient/1", "abc.def") == PATIENT
    (headers,) = server.headers
    assert headers["Authorization"] == "Bearer abc.def"
    assert headers["Accept"] == "application/fhir+json"


def test_without_a_token_none_is_sent_whatever_lies_about_on_the_machine(
    server: FhirServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password mine\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(netrc))
    server.resources["Patient/1"] = PATIENT
    assert fetch(server.url, "Patient/1", None) == PATIENT
    assert "Authorization" not in server.headers[0]


def test_a_redirect_is_not_followed(server: FhirServer) -> None:
    server.answers = lambda asked: send(asked, 302, b"", Location=f"{server.url}/Patient/2")
    with pytest.raises(FetchError):
        fetch(server.url, "Patient/1", None)
    assert server.asked == ["/fhir/Patient/1"]


@pytest.mark.parametrize(
    ("status", "body"), [(404, b"{}"), (500, b"{}"), (200, b"not JSON"), (200, b"\xff"), (204, b"")]
)
def test_anything_but_json_is_refused(server: FhirServer, status: int, body: bytes) -> None:
    server.answers = lambda asked: send(asked, status, body)
    with pytest.raises(FetchError):
        fetch(server.url, "Patient/1", None)


def test_an_answer_that_is_too_long_is_not_read_to_its_end(server: FhirServer) -> None:
    sent: list[int] = []

    def at_length(asked: BaseHTTPRequestHandler) -> None:
        begin(asked)
        part = b" " * fetching.PART_BYTES
        for _ in range(64 * fetching.MOST_BYTES // len(part)):
            asked.wfile.write(part)
            sent.append(len(part))

    server.answers = at_length
    with pytest.raises(FetchError):
        fetch(server.url, "Patient/1", None)
    assert sum(sent) < 64 * fetching.MOST_BYTES


def test_what_is_packed_does_not_swell(server: FhirServer) -> None:
    packed = gzip.compress(b" " * 8 * fetching.MOST_BYTES, 1)
    server.answers = lambda asked: send(asked, 200, packed, Content_Encoding="gzip")
    with pytest.raises(FetchError):
        fetch(server.url, "Patient/1", None)


def test_a_server_that_is_not_there_is_said_so() -> None:
    with pytest.raises(FetchError):
        fetch("http://127.0.0.1:9", "Patient/1", None)


def test_what_can_be_had_is_had_although_other_things_cannot(server: FhirServer) -> None:
    server.resources["Patient/1"] = PATIENT
    paths = {"patient": "Patient/1", "flags": "Flag?patient=1"}
    assert fetch_all(fetch, server.url, paths, None) == {"patient": PATIENT}
    assert sorted(server.asked) == ["/fhir/Flag?patient=1", "/fhir/Patient/1"]


def test_a_server_that_drips_holds_nobody_up_for_longer_than_is_said(
    server: FhirServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "ALL_SECONDS", 0.2)
    done = Event()
    server.answers = lambda _: done.wait(LONGEST_WAIT)
    try:
        assert fetch_all(fetch, server.url, {"patient": "Patient/1"}, None) == {}
    finally:
        done.set()


def test_a_slow_answer_ends_where_its_time_does(
    server: FhirServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "EACH_SECONDS", 0.2)
    done = Event()

    def drip(asked: BaseHTTPRequestHandler) -> None:
        begin(asked)
        while not done.wait(0.05):
            asked.wfile.write(b" ")

    server.answers = drip
    try:
        with pytest.raises(FetchError):
            fetch(server.url, "Patient/1", None)
    finally:
        done.set()


def test_all_answers_together_are_no_longer_than_is_said(
    server: FhirServer,
) -> None:
    large = {"x": "y" * (fetching.MOST_BYTES - 100)}
    server.resources |= {f"Flag-{n}": large for n in range(4)}
    paths = {str(n): f"Flag-{n}" for n in range(4)}
    assert 1 <= len(fetch_all(fetch, server.url, paths, None)) <= 2
    assert fetch_all(fetch, server.url, {"0": "Flag-0"}, None) == {"0": large}


def begin(asked: BaseHTTPRequestHandler) -> None:
    """Begin an answer that ends when the line is hung up."""
    asked.send_response(200)
    asked.send_header("Connection", "close")
    asked.end_headers()
