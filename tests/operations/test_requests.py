"""Every request has an id and one line; every answer its headers; nobody waits for the slow."""

from __future__ import annotations

import json
import logging
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient

from tests.running import LONGEST_WAIT, Service, running
from triage.api import requests
from triage.api.examples import REFERRAL
from triage.api.operations import Checks, operations_blueprint
from triage.app import create_app
from triage.config import Settings
from triage.logs import JsonLine
from triage.rulebook import Rulebook

OWN_ID = "60e0b220-8136-4ca5-ae46-1d97ef59d068"


def settings_in(folder: Path, **more: Any) -> Settings:
    """Settings of a service with everything of its own in a folder."""
    return Settings(keys=folder / "keys", database_url=f"sqlite:///{folder / 'log.db'}", **more)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """Calls a service in this process."""
    return create_app(settings_in(tmp_path_factory.mktemp("requests"))).test_client()


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    """The service as it really runs, with two threads."""
    with running("--workers", "1", "--threads", "2") as service:
        yield service


def lines(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    """What was logged of requests."""
    records = [one for one in caplog.records if one.name == "triage.requests"]
    return [json.loads(JsonLine().format(one)) for one in records]


def test_every_request_has_one_line(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        client.post("/v1/triage", json=REFERRAL, headers={"X-Request-Id": OWN_ID})
        client.get("/v1/nowhere?nhs=9990000026")
        client.delete("/healthz")
    decided, nowhere, wrong = lines(caplog)
    expected = {
        "event": "request",
        "endpoint": "triage.decide",
        "method": "POST",
        "status": 200,
        "request_id": OWN_ID,
        "role": "developer",
    }
    assert expected.items() <= decided.items()
    assert 0 < decided["ms"] < 10_000
    assert (nowhere["endpoint"], nowhere["status"]) == ("none", 404)
    assert (wrong["method"], wrong["status"]) == ("DELETE", 405)
    assert not any("dropped" in one for one in (decided, nowhere, wrong))


def test_a_problem_quotes_the_request(client: FlaskClient) -> None:
    for answer in (client.get("/v1/nowhere"), client.post("/v1/triage", data="{")):
        assert answer.get_json(force=True)["request_id"] == answer.headers["X-Request-Id"]


def test_the_line_of_an_answer_in_parts_is_written_when_it_was_sent(
    caplog: pytest.LogCaptureFixture,
) -> None:
    app = Flask("triage")
    requests.register(app, Settings())
    app.add_url_rule("/", "export.parts", lambda: Response(iter([b"one ", b"two"])))
    with caplog.at_level(logging.INFO):
        answer = app.test_client().get("/")
        assert lines(caplog) == []
        assert answer.data == b"one two"
        answer.close()
    assert [line["endpoint"] for line in lines(caplog)] == ["export.parts"]


@pytest.mark.parametrize(("bind", "there"), [("127.0.0.1:80", False), ("0.0.0.0:80", True)])
def test_only_where_others_call_they_are_told_to_use_tls(bind: str, *, there: bool) -> None:
    app = Flask("triage")
    requests.register(app, Settings(bind=bind))
    headers = app.test_client().get("/").headers
    assert ("Strict-Transport-Security" in headers) is there
    assert "form-action 'none'" in headers["Content-Security-Policy"]
    assert headers["Permissions-Policy"]
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize(
    ("path", "status"), [("//v1//triage", 404), ("/v1//9990000026", 404), ("", 200), ("//", 200)]
)
def test_no_redirect_repeats_an_address(client: FlaskClient, path: str, status: int) -> None:
    asked = {"PATH_INFO": path, "QUERY_STRING": "nhs=9990000026"}
    answer = client.get("/", environ_overrides=asked)
    assert answer.status_code == status
    assert b"9990000026" not in answer.data
    assert "Location" not in answer.headers


def readiness(rulebook: Rulebook, settings: Settings, checks: Checks) -> FlaskClient:
    """Calls a service that is ready when these checks hold."""
    app = create_app(settings)
    blueprint = operations_blueprint(rulebook, checks)
    app.view_functions["operations.readyz"] = readyz_of(blueprint)
    return app.test_client()


def readyz_of(blueprint: Any) -> Any:
    """The view of ``/readyz`` in a blueprint."""
    other = Flask("other")
    other.register_blueprint(blueprint)
    return other.view_functions["operations.readyz"]


def test_a_service_that_is_ready_says_what_was_tried(rulebook: Rulebook, tmp_path: Path) -> None:
    ready = readiness(rulebook, settings_in(tmp_path), {"rules": lambda: 1, "log": lambda: None})
    assert ready.get("/readyz").get_json()["checks"] == {"rules": "ok", "log": "ok"}


def test_a_service_that_is_not_ready_names_what_failed_and_no_more(
    rulebook: Rulebook, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    checks: Checks = {"rules": lambda: 1, "log": lambda: int("9990000026 Jane"), "keys": dict}
    answer = readiness(rulebook, settings_in(tmp_path), checks).get("/readyz")
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.get_json(force=True)["detail"] == "Not ready: log."
    (failed,) = [one for one in caplog.records if one.name == "triage.operations"]
    line = JsonLine().format(failed)
    assert json.loads(line)["check"] == "log"
    assert "Jane" not in answer.get_data(as_text=True) + line


IMPATIENT_SECONDS = 6
"""How long a request may take to arrive where a test waits until it was too long."""

HALF_A_HEAD = b"POST /v1/triage HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
HALF_A_BODY = (
    b"POST /v1/triage HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    b'Content-Length: 100\r\n\r\n{"answers": '
)


def test_callers_who_send_slowly_hold_nobody_up_and_are_given_up() -> None:
    few = {"triage.worker.READ_SECONDS": IMPATIENT_SECONDS}
    with running("--workers", "1", "--threads", "2", limits=few) as service, ExitStack() as ends:
        slow = [ends.enter_context(closing(connected(service))) for _ in range(30)]
        for one, sent in zip(slow, [HALF_A_HEAD, HALF_A_BODY, b""] * 10, strict=True):
            one.sendall(sent)
        for _ in range(5):
            assert service.triage(REFERRAL).status == 200
            for one in slow[:10]:
                one.sendall(b"x")
        assert refused(service) == []  # so nobody had to wait until the slow were given up
        assert [rest_of(one) for one in slow] == [b""] * 30
        assert [line["status"] for line in told_of_refused(service, 30)] == [408] * 30


def connected(service: Service) -> socket.socket:
    """A connection to a service, on which nothing is waited for without end."""
    return socket.create_connection(address_of(service), timeout=LONGEST_WAIT)


def refused(service: Service) -> list[dict[str, Any]]:
    """The lines of refused requests."""
    return [line for line in service.lines() if line["event"] == "refused_unread"]


def told_of_refused(service: Service, count: int) -> list[dict[str, Any]]:
    """So many lines of refused requests: each is written after its connection has ended."""
    latest = time.monotonic() + LONGEST_WAIT
    while len(found := refused(service)) < count and time.monotonic() < latest:
        time.sleep(0.05)
    return found


def rest_of(connection: socket.socket) -> bytes:
    """All that still comes on a connection until it ends."""
    try:
        return connection.makefile("rb").read()
    except ConnectionResetError:
        return b""


WHOLE = b'{"answers": {"plan": "active"}}'
HEAD = b"POST /v1/triage HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
CHUNKS = b"1f\r\n%b\r\n0\r\n\r\n" % WHOLE
IN_PARTS = {
    "length": HEAD + b"Content-Length: 31\r\n\r\n" + WHOLE,
    "chunks": HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + CHUNKS,
    "long": HEAD + b"Content-Length: 250031\r\n\r\n" + b" " * 250_000 + WHOLE,
}


@pytest.mark.parametrize("way", IN_PARTS)
def test_a_request_that_comes_in_parts_is_answered_once_it_is_whole(
    service: Service, way: str
) -> None:
    sent = IN_PARTS[way]
    with closing(connected(service)) as connection:
        for _ in range(2):
            for start in range(0, len(sent), max(len(sent) // 9, 1)):
                connection.sendall(sent[start : start + max(len(sent) // 9, 1)])
                time.sleep(0.02)
            answer = b""
            while b'"crisis"' not in answer or not answer.endswith(b"}"):
                answer += connection.recv(65_536) or pytest.fail(f"broken off: {answer!r}")
            assert answer.startswith(b"HTTP/1.1 200 ")


def test_requests_sent_at_once_are_answered_one_after_the_other(service: Service) -> None:
    with closing(connected(service)) as connection:
        connection.sendall(IN_PARTS["length"] * 2 + IN_PARTS["chunks"] + IN_PARTS["length"])
        connection.shutdown(socket.SHUT_WR)
        answers = connection.makefile("rb").read()
    assert answers.count(b"HTTP/1.1 200 ") == 4


def test_a_caller_who_asks_whether_to_go_on_is_told(service: Service) -> None:
    with closing(connected(service)) as connection:
        connection.sendall(HEAD + b"Content-Length: 31\r\nExpect: 100-continue\r\n\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 100 ")
        connection.sendall(WHOLE)
        assert connection.recv(65_536).startswith(b"HTTP/1.1 200 ")


NO_CHUNKS = [b"nothing\r\n", b"5\r\nabc\r\n0\r\n\r\n", b"1f;\x00\r\n" + WHOLE]


@pytest.mark.parametrize("chunks", NO_CHUNKS)
def test_a_body_that_is_no_http_is_a_fault_of_the_caller(service: Service, chunks: bytes) -> None:
    with closing(connected(service)) as connection:
        connection.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + chunks)
        connection.shutdown(socket.SHUT_WR)
        assert connection.makefile("rb").read().startswith(b"HTTP/1.1 400 ")
    assert [line for line in service.lines() if line["event"] == "library"] == []


def test_a_caller_who_goes_away_halfway_is_forgotten(service: Service) -> None:
    for sent in (HALF_A_HEAD, HALF_A_BODY, b""):
        with closing(connected(service)) as connection:
            connection.sendall(sent)
    assert service.triage(REFERRAL).status == 200


def address_of(service: Service) -> tuple[str, int]:
    """Where a service listens."""
    host, _, port = service.url.removeprefix("http://").rpartition(":")
    return host, int(port)
