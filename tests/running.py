"""The service as it really runs: a process of its own, listening at a free port."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any
from urllib.parse import urlsplit

LONGEST_WAIT = 120
"""For anything that comes at once on a machine that is not busy."""


@dataclass(frozen=True)
class Answer:
    """What the service answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass(frozen=True)
class Service:
    """A running service. ``log`` is the file that its standard error goes to."""

    url: str
    process: subprocess.Popen[str]
    log: Path

    def logged(self) -> str:
        """Everything it has written to standard error so far."""
        return self.log.read_text(encoding="utf-8")

    def lines(self) -> list[dict[str, Any]]:
        """The lines of its log so far; one that is being written is left for later."""
        return [json.loads(line) for line in self.logged().rpartition("\n")[0].splitlines()]

    def workers(self) -> list[int]:
        """The processes of its workers."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in children.read_text().split()]

    def connection(self) -> HTTPConnection:
        """A new connection to it."""
        host = urlsplit(self.url)
        return HTTPConnection(str(host.hostname), host.port, timeout=LONGEST_WAIT)

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        """One request on a connection of its own. Headers are named with underscores."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        with closing(self.connection()) as connection:
            connection.request(method, path, body, named)
            return read(connection.getresponse())

    def triage(self, body: Any, content_type: str = "application/json") -> Answer:
        """Send a body to be triaged: bytes as they are, all else as JSON."""
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.ask("POST", "/v1/triage", sent, Content_Type=content_type)


def read(response: HTTPResponse) -> Answer:
    """A response read to its end."""
    return Answer(response.status, dict(response.getheaders()), response.read())


@contextmanager
def running(
    *options: str,
    environment: Mapping[str, str] | None = None,
    limits: Mapping[str, float] | None = None,
) -> Iterator[Service]:
    """The service, from when it says that it is ready until it has ended.

    ``environment`` is what it finds there beside what these tests find. ``limits`` are numbers of
    its modules that are others here, so that nobody waits for what is long on purpose. It leads a
    session of its own, so that all of it can be killed.
    """
    script = [*map(_set, (limits or {}).items()), "from triage.cli import main; main()"]
    command = [sys.executable, "-c", "; ".join(script), "serve"]
    command += ["--bind", "127.0.0.1:0", *options]
    surroundings = {**os.environ, **(environment or {})}
    with (
        NamedTemporaryFile("a", suffix=".log") as log,
        subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env=surroundings,
            start_new_session=True,
        ) as process,
    ):
        try:
            assert process.stdout is not None
            welcome = process.stdout.readline()
            found = re.search(r"http://[0-9.]+:[0-9]+", welcome)
            assert found, Path(log.name).read_text(encoding="utf-8")
            yield Service(found[0], process, Path(log.name))
        finally:
            process.terminate()
            process.wait(LONGEST_WAIT)


def _set(limit: tuple[str, float]) -> str:
    """What sets a number of a module."""
    place, value = limit
    return f"import {place.rpartition('.')[0]}; {place} = {value}"
