"""A receiver as there are many: it listens on this machine, and answers as it is told."""

from __future__ import annotations

import json
import socket
import struct
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

from tests.ports import free_port
from tests.running import LONGEST_WAIT


@dataclass(frozen=True)
class Received:
    """One request that came."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


Answering = Callable[["_Handler"], None]


def status(code: int, **headers: str) -> Answering:
    """Answer with a status. Headers are named with underscores."""

    def answer(handler: _Handler) -> None:
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


def hang(handler: _Handler) -> None:
    """Take the request and say nothing."""
    handler.receiver.released.wait(LONGEST_WAIT)


def reset(handler: _Handler) -> None:
    """Hang up in the midst of it."""
    linger = struct.pack("ii", 1, 0)
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    handler.connection.close()


def no_http(handler: _Handler) -> None:
    """Answer with something else than HTTP."""
    handler.wfile.write(b"220 mail.example.org ESMTP\r\n")


def endless(handler: _Handler) -> None:
    """Say yes, and never stop talking."""
    handler.send_response(200)
    handler.end_headers()
    while not handler.receiver.released.is_set():
        handler.wfile.write(b"x" * 65_536)


def dripping(handler: _Handler) -> None:
    """Say yes, then a little now and then."""
    handler.send_response(200)
    handler.end_headers()
    while not handler.receiver.released.wait(0.05):
        handler.wfile.write(b"x")
        handler.wfile.flush()


def dripping_headers(handler: _Handler) -> None:
    """Say yes, then a header now and then, and never come to the end of them."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    while not handler.receiver.released.wait(0.05):
        handler.wfile.write(b"X: y\r\n")
        handler.wfile.flush()


@dataclass
class Receiver:
    """What came. ``answers`` are given one after the other, and then each request is taken."""

    url: str
    received: list[Received] = field(default_factory=list)
    answers: deque[Answering] = field(default_factory=deque)
    released: Event = field(default_factory=Event)
    taken: Answering = field(default_factory=lambda: status(200))

    def ids(self, header: str = "X-Triage-Delivery") -> list[str]:
        """The ids of the deliveries that came."""
        return [one.headers[header.lower()] for one in self.received]


class _Handler(BaseHTTPRequestHandler):
    receiver: Receiver

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        body = self.rfile.read(length)
        if len(body) < length:
            self.close_connection = True  # who sent it was killed in the midst of it
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.receiver.received.append(Received(self.path, headers, body))
        answers = self.receiver.answers
        try:
            (answers.popleft() if answers else self.receiver.taken)(self)
        except OSError:
            self.close_connection = True  # who sent it is gone

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_args: object) -> None:
        """Who sends is killed now and then."""


@contextmanager
def receiving(*answers: Answering) -> Iterator[Receiver]:
    """A receiver at a free port, that first answers so."""
    handler = type("Handler", (_Handler,), {})
    with _Server(("127.0.0.1", 0), handler) as server:
        receiver = Receiver(f"http://127.0.0.1:{server.server_port}")
        receiver.answers.extend(answers)
        handler.receiver = receiver  # type: ignore[attr-defined]
        thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield receiver
        finally:
            receiver.released.set()
            server.shutdown()
            thread.join()


@contextmanager
def dripping_tls() -> Iterator[str]:
    """An address where the greeting of TLS begins, and comes a byte at a time; it never ends."""
    ended = Event()

    def drip() -> None:
        connection, _ = listening.accept()
        with connection, suppress(OSError):
            connection.sendall(b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc")
            while not ended.wait(0.05):
                connection.sendall(b"\x00")

    with socket.create_server(("127.0.0.1", 0)) as listening:
        Thread(target=drip, daemon=True).start()
        try:
            yield f"https://127.0.0.1:{listening.getsockname()[1]}/"
        finally:
            ended.set()


def nobody_listens() -> str:
    """An address at which nobody listens."""
    return f"http://127.0.0.1:{free_port()}"
