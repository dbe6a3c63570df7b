"""What a triage call costs over HTTP, beside a bare hello under the same server in the same run.

The figure is processor time of the serving process, so it does not depend on the client. Run it
with ``pytest -s tests/benchmarks/bench_http.py`` or ``python -m tests.benchmarks.bench_http``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from statistics import median

from flask import Flask

from triage.api.examples import LIVE_CALL, REFERRAL
from triage.app import create_app
from triage.config import Settings
from triage.server import Server, listen

ROUNDS, REQUESTS, WARM_UP = 7, 400, 200
CLOCK = os.sysconf("SC_CLK_TCK")


def hello() -> Flask:
    """The least that Flask can do."""
    app = Flask("hello")
    app.config["SAFETY_NET"] = ""
    app.add_url_rule("/", view_func=lambda: "hello")
    return app


APPS: dict[str, Callable[[], Flask]] = {"hello": hello, "triage": lambda: create_app(Settings())}


@dataclass(frozen=True)
class Served:
    """A server that runs, and one connection to it that is kept open."""

    pid: int
    connection: HTTPConnection

    def ask(self, path: str, body: bytes | None) -> None:
        method, headers = ("POST", {"Content-Type": "application/json"}) if body else ("GET", {})
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        assert answer.status == 200, answer.read()
        answer.read()

    def microseconds(self, path: str, body: bytes | None, times: int = REQUESTS) -> float:
        """Processor time of the server for one request, in microseconds."""
        before = self._spent()
        for _ in range(times):
            self.ask(path, body)
        return (self._spent() - before) / times * 1e6

    def _spent(self) -> float:
        """Seconds of processor time of the server's only worker, from the scheduler's own count."""
        threads = Path(f"/proc/{self.pid}/task").iterdir()
        return sum(int((one / "schedstat").read_text().split()[0]) for one in threads) / 1e9


@contextmanager
def served(name: str) -> Iterator[Served]:
    """An app of ``APPS`` under the service's own server, with one worker of two threads."""
    command = [sys.executable, "-m", "tests.benchmarks.bench_http", name]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        connection = HTTPConnection("127.0.0.1", port)
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        connection.request("GET", "/")
        connection.getresponse().read()
        yield Served(int(children.read_text().split()[0]), connection)
        process.terminate()


def serve(name: str) -> None:
    """Serve one app at a free port, which is printed once it listens."""
    listener = listen("127.0.0.1:0")
    port = listener.getsockname()[1]
    settings = Settings(workers=1, threads=2)
    Server(APPS[name](), listener, settings, lambda: print(port, flush=True)).run()  # noqa: T201


def test_a_triage_call_beside_a_bare_hello() -> None:
    """Prints figures; asserts none of them."""
    bodies = {
        "full referral": json.dumps(REFERRAL).encode(),
        "live call": json.dumps(LIVE_CALL).encode(),
    }
    with served("hello") as bare, served("triage") as full:
        bare.microseconds("/", None, WARM_UP)
        for name, body in bodies.items():
            full.microseconds("/v1/triage", body, WARM_UP)
            pairs = [
                (bare.microseconds("/", None), full.microseconds("/v1/triage", body))
                for _ in range(ROUNDS)
            ]
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
