"""The life of a service: it starts, answers, is asked to end, and ends well."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from time import monotonic, sleep

import pytest

from tests.running import LONGEST_WAIT, Service, read, running
from triage.api.examples import REFERRAL

BODY = json.dumps(REFERRAL).encode()


def a_request_half_sent(service: Service) -> socket.socket:
    """A connection on which half of a referral was sent."""
    connection = service.connection()
    connection.connect()
    head = f"POST /v1/triage HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(BODY)}\r\n"
    head += "Content-Type: application/json\r\n\r\n"
    connection.sock.sendall(head.encode() + BODY[:100])
    return connection.sock


def serving_fails(*options: str, environment: Mapping[str, str] | None = None) -> str:
    """What is said where the service cannot start, with exit code 2."""
    command = [sys.executable, "-c", "from triage.cli import main; main()", "serve", *options]
    surroundings = {**os.environ, **(environment or {})}
    done = subprocess.run(
        command, capture_output=True, text=True, env=surroundings, timeout=LONGEST_WAIT, check=False
    )
    assert done.returncode == 2, done
    return done.stderr


@pytest.mark.parametrize("asked", [signal.SIGTERM, signal.SIGINT])
def test_a_request_under_way_is_finished_before_the_service_ends(asked: signal.Signals) -> None:
    patient = {"triage.worker.READ_SECONDS": LONGEST_WAIT}
    with running("--workers", "2", limits=patient) as service:
        assert service.ask("GET", "/readyz").status == 200
        with closing(a_request_half_sent(service)) as half_sent:
            assert service.triage(REFERRAL).status == 200
            service.process.send_signal(asked)
            wait_until_closed(service)
            half_sent.sendall(BODY[100:])
            answer = half_sent.makefile("rb").read()
        assert answer.startswith(b"HTTP/1.1 200 OK")
        assert b'"iapt_step_2"' in answer
        assert service.process.wait(LONGEST_WAIT) == 0
        assert [line for line in service.lines() if line["level"] != "info"] == []


def wait_until_closed(service: Service) -> None:
    """Wait until no new connection is taken."""
    latest = monotonic() + LONGEST_WAIT
    while monotonic() < latest:
        try:
            with closing(service.connection()) as connection:
                connection.connect()
        except ConnectionError:
            return
        sleep(0.02)
    pytest.fail("the service still takes connections")


def test_the_welcome_names_the_address_and_a_call_that_works() -> None:
    with running() as service:
        assert service.url.startswith("http://127.0.0.1:")
        assert service.triage({"answers": {"plan": "active"}}).json["route"]["id"] == "crisis"


def test_a_port_that_is_taken_is_named_with_the_remedy() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        address = f"127.0.0.1:{other.getsockname()[1]}"
        said = serving_fails("--bind", address)
    assert address in said
    assert "choose another port with --bind" in said


def test_what_is_no_address_is_refused() -> None:
    assert "write it as 127.0.0.1:8000" in serving_fails("--bind", "8000")


def test_a_setting_spelt_wrong_is_refused() -> None:
    said = serving_fails(environment={"TRIAGE_WORKER": "2"})
    assert "did you mean TRIAGE_WORKERS?" in said


def test_rules_that_cannot_be_used_are_refused(tmp_path: os.PathLike[str]) -> None:
    assert "rulebook.yaml" in serving_fails("--rules", str(tmp_path), "--bind", "127.0.0.1:0")


NO_HTTP = {
    b"9990000026 is not HTTP\r\n\r\n": 400,
    b"GET / HTTP/1.1\r\nNot a header 9990000026\r\n\r\n": 400,
    b"GET /?nhs=9990000026&" + b"x" * 5000 + b" HTTP/1.1\r\nHost: x\r\n\r\n": 414,
    b"GET / HTTP/1.1\r\nX: " + b"9990000026" * 2000 + b"\r\n\r\n": 431,
}


def test_what_is_no_http_is_a_problem_too_and_leaves_nothing_in_the_log() -> None:
    with running("--workers", "1") as service:
        for sent, status in NO_HTTP.items():
            answer = raw_answer(service, sent)
            assert answer.startswith(f"HTTP/1.1 {status} ")
            assert "application/problem+json" in answer
            assert "call 999" in answer
            assert "9990000026" not in answer
        assert service.triage(REFERRAL).status == 200
        refused = [line for line in service.lines() if line["event"] == "refused_unread"]
        logged = service.logged()
    assert [line["status"] for line in refused] == list(NO_HTTP.values())
    assert "9990000026" not in logged


def raw_answer(service: Service, sent: bytes) -> str:
    """All that comes back for some bytes."""
    with closing(service.connection()) as connection:
        connection.connect()
        connection.sock.sendall(sent)
        return connection.sock.makefile("rb").read().decode()


def test_a_caller_who_says_that_he_is_forwarded_is_not_believed() -> None:
    with running("--workers", "1") as service, closing(service.connection()) as connection:
        forwarded = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "elsewhere"}
        connection.request("GET", "/docs", headers=forwarded)
        assert read(connection.getresponse()).status == 200
