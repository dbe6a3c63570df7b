"""Nobody can be known from what the service logs, counts, traces, or says of what went wrong."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from tests.operations.collector import Collector, collecting
from tests.operations.marked import HEADERS, MARKS, NO_HTTP, SAID, Marking, Request
from tests.running import LONGEST_WAIT, Answer, Service, read, running
from triage.access.roles import TABLE


def marks_in(text: str | bytes) -> list[str]:
    """The marks in a text."""
    found = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return [mark for mark in MARKS if mark.lower() in found.lower()]


@dataclass
class Told:
    """Everything that came out of a service, and where from."""

    service: Service
    collector: Collector
    statuses: dict[str, set[int]] = field(default_factory=dict)
    answers: list[tuple[object, str]] = field(default_factory=list)
    lines: str = ""

    def ask(self, one: Request) -> Answer:
        """Send a request, and note what of its answer must hold no mark."""
        with closing(self.service.connection()) as connection:
            connection.request(one.method, one.path, one.body, dict(one.headers))
            answer = read(connection.getresponse())
        body = answer.body.decode() if answer.status >= 300 else ""
        self.answers.append((one, f"{answer.headers} {body}"))
        address = one.path.partition("?")[0]
        self.statuses.setdefault(f"{one.method} {address}", set()).add(answer.status)
        return answer

    def say(self, text: str) -> None:
        """Send what is perhaps no HTTP."""
        with closing(self.service.connection()) as connection, suppress(OSError):
            connection.connect()
            connection.sock.sendall(text.encode())
            connection.sock.shutdown(socket.SHUT_WR)
            self.answers.append((text, connection.sock.makefile("rb").read().decode()))


def environment_in(folder: Path) -> dict[str, str]:
    """The environment of a service with everything of its own in a folder."""
    return {
        "TRIAGE_KEYS": str(folder / "keys"),
        "TRIAGE_DATABASE_URL": f"sqlite:///{folder / 'log.db'}",
    }


@contextmanager
def telling(folder: Path) -> Iterator[Told]:
    """A service that is told of by everything that can tell of it, until it has ended."""
    with collecting() as collector:
        environment = {**environment_in(folder), **collector.environment}
        with running(environment=environment) as service, service.log.open() as log:
            told = Told(service, collector)
            yield told
            service.process.terminate()
            service.process.wait(LONGEST_WAIT)
            assert service.process.stdout is not None
            told.lines = log.read() + service.process.stdout.read()


MADE = {
    "decision_id": "/v1/referrals",
    "override_id": "/v1/decisions/{decision_id}/override",
}
"""What is recorded beforehand: the name of its id, and where it is sent."""


def test_nobody_is_in_what_the_service_tells_of_itself(tmp_path: Path) -> None:
    with telling(tmp_path) as told:
        document = told.service.ask("GET", "/openapi.json").json
        known = {"sequence": "1"}
        for name, path in MADE.items():
            right = next(Marking(document, known).of("post", path))
            known[name] = told.ask(right).json[name]
        for one in Marking(document, known).requests():
            told.ask(one)
        for row in TABLE.values():
            told.ask(Request(row.method, row.path.replace("{}", quote(SAID)), b"", HEADERS))
        for text in NO_HTTP:
            told.say(text)
        figures = told.service.ask("GET", "/metrics").body.decode()
    for said, answer in told.answers:
        assert marks_in(answer) == [], said
    assert 200 in told.statuses["POST /v1/triage"]
    assert 201 in told.statuses["POST /v1/referrals"]
    assert 200 in told.statuses[f"GET /v1/decisions/{known['decision_id']}"]
    assert 'endpoint="triage.record"' in figures
    assert told.lines.count('"event":"request"') >= len(told.answers) - len(NO_HTTP)
    assert '"dropped"' not in told.lines
    assert len(told.collector.spans()) > len(told.answers) / 2
    for text in (figures, told.lines, *map(str, told.collector.bodies)):
        assert marks_in(text) == []
    assert not any(status >= 500 for all_ in told.statuses.values() for status in all_)


def test_nobody_is_in_what_it_tells_when_its_database_fails(tmp_path: Path) -> None:
    with telling(tmp_path) as told:
        document = told.service.ask("GET", "/openapi.json").json
        requests = [*Marking(document, {}).of("post", "/v1/referrals")][:10]
        assert told.ask(requests[0]).status == 201
        for file in tmp_path.glob("log.db*"):
            file.write_bytes(b"no database " * 1000)
        for one in requests:
            told.ask(one)
    assert 503 in told.statuses["POST /v1/referrals"]
    assert '"event":"log_unavailable"' in told.lines
    for said, answer in told.answers:
        assert marks_in(answer) == [], said
    for text in (told.lines, *map(str, told.collector.bodies)):
        assert marks_in(text) == []
