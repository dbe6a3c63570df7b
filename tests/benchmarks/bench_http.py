"""What a triage call costs over HTTP, beside a bare hello under the same server in the same run.

The figure is processor time of the serving process, so it does not depend on the client. Run it
with ``pytest -s tests/benchmarks/bench_http.py`` or ``python -m tests.benchmarks.bench_http``.
"""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryFile
from time import sleep

from flask import Flask

from triage.api.examples import LIVE_CALL, REFERRAL
from triage.app import create_app
from triage.config import Settings
from triage.server import Server, listen

ROUNDS, REQUESTS, WARM_UP, CONNECTIONS = 9, 400, 400, 4


def hello() -> Flask:
    """The least that Flask can do."""
    app = Flask("hello")
    app.config["SAFETY_NET"] = ""
    app.add_url_rule("/", view_func=lambda: "hello")
    return app


APPS: dict[str, Callable[[], Flask]] = {"hello": hello, "triage": lambda: create_app(Settings())}


@dataclass(frozen=True)
class Served:
    """A server that runs, and the connections to it, which are kept open."""

    pid: int
    connections: Sequence[socket.socket]

    def microseconds(self, request: bytes, times: int = REQUESTS) -> float:
        """Processor time of the server for one request, in microseconds, while it is kept busy."""
        length = self._length_of_answer(request)
        before = self._spent()
        for _ in range(times // len(self.connections)):
            for connection in self.connections:
                connection.sendall(request)
            for connection in self.connections:
                connection.recv(length, socket.MSG_WAITALL)
        return (self._spent() - before) / times * 1e6

    def _length_of_answer(self, request: bytes) -> int:
        """How many bytes every answer to a request has, as the first one shows."""
        connection = self.connections[0]
        connection.sendall(request)
        answer = connection.recv(65536)
        assert answer.startswith(b"HTTP/1.1 200 OK"), answer
        head, _, body = answer.partition(b"\r\n\r\n")
        length = int(re.findall(rb"Content-Length: ([0-9]+)", head)[0])
        connection.recv(length - len(body), socket.MSG_WAITALL)
        return len(head) + 4 + length

    def _spent(self) -> float:
        """Seconds of processor time of the server's only worker, from the scheduler's own count."""
        threads = Path(f"/proc/{self.pid}/task").iterdir()
        return sum(int((one / "schedstat").read_text().split()[0]) for one in threads) / 1e9


def request(method: str, path: str, body: bytes = b"") -> bytes:
    """A request as it goes over the wire."""
    head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


@contextmanager
def served(name: str) -> Iterator[Served]:
    """An app of ``APPS`` under the service's own server, with one worker."""
    command = [sys.executable, "-m", "tests.benchmarks.bench_http", name]
    with ExitStack() as ends:
        log = ends.enter_context(TemporaryFile())
        process = ends.enter_context(
            subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)
        )
        ends.callback(process.terminate)
        assert process.stdout is not None
        address = ("127.0.0.1", int(process.stdout.readline()))
        connections = [
            ends.enter_context(socket.create_connection(address)) for _ in range(CONNECTIONS)
        ]
        yield Served(only_child(process.pid), connections)


def only_child(pid: int) -> int:
    """The first worker of a server, waited for."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    while not (found := children.read_text().split()):
        sleep(0.05)
    return int(found[0])


def serve(name: str) -> None:
    """Serve one app at a free port, which is printed once it listens."""
    listener = listen("127.0.0.1:0")
    port = listener.getsockname()[1]
    settings = Settings(workers=1, threads=2)
    Server(APPS[name](), listener, settings, lambda: print(port, flush=True)).run()  # noqa: T201


def test_a_triage_call_beside_a_bare_hello() -> None:
    """Prints figures; asserts none of them."""
    nothing = request("GET", "/")
    with served("hello") as bare, served("triage") as full:
        bare.microseconds(nothing, WARM_UP)
        for name, referral in {"full referral": REFERRAL, "live call": LIVE_CALL}.items():
            call = request("POST", "/v1/triage", json.dumps(referral).encode())
            full.microseconds(call, WARM_UP)
            pairs = [(bare.microseconds(nothing), full.microseconds(call)) for _ in range(ROUNDS)]
            hello_cost, triage_cost = (median(column) for column in zip(*pairs, strict=True))
            ratio = median(triage / hello for hello, triage in pairs)
            print(  # noqa: T201
                f"\n{name}: {triage_cost:.0f} us of processor time a call,"
                f" a bare hello {hello_cost:.0f} us, ratio {ratio:.2f} (aim: 2.5 at most)"
            )


if __name__ == "__main__":
    if len(sys.argv) > 1:
        serve(sys.argv[1])
    else:
        test_a_triage_call_beside_a_bare_hello()
