"""A FHIR server on this machine that counts what is asked of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

Answers = Callable[[BaseHTTPRequestHandler], object]


@dataclass
class FhirServer:
    """What it has by path, and what was asked so far: paths, and headers by name."""

    url: str = ""
    resources: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    answers: Answers | None = None

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        """Answer a request as was arranged, else with what stands at its path."""
        self.asked.append(request.path)
        self.headers.append(dict(request.headers))
        if self.answers:
            self.answers(request)
            return
        kind = request.path.removeprefix("/fhir/").partition("?")[0]
        found = self.resources.get(kind)
        send(request, 404 if found is None else 200, json.dumps(found).encode())


def send(request: BaseHTTPRequestHandler, status: int, body: bytes, **headers: str) -> None:
    """A whole answer."""
    request.send_response(status)
    for name, value in {"Content-Length": str(len(body)), **headers}.items():
        request.send_header(name.replace("_", "-"), value)
    request.end_headers()
    request.wfile.write(body)


class _Listening(ThreadingHTTPServer):
    """A server that does not mind being hung up on."""

    daemon_threads = True

    def handle_error(self, *_args: Any) -> None:
        """Say nothing."""


@contextmanager
def a_fhir_server() -> Iterator[FhirServer]:
    """The server, listening at a free port."""
    server = FhirServer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            server.answer(self)

        def log_message(self, *_args: Any) -> None:
            """Say nothing."""

    with _Listening(("127.0.0.1", 0), Handler) as listening:
        server.url = f"http://127.0.0.1:{listening.server_port}/fhir"
        thread = Thread(target=listening.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            listening.shutdown()
            thread.join()
