"""A client that takes little of the machine: many connections, one process, plain sockets.

Each connection has one request under way, and sends the next as soon as it was answered.
"""

from __future__ import annotations

import re
import select
import socket
import uuid
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import cycle
from statistics import median, quantiles
from time import perf_counter
from typing import Self
from urllib.parse import urlsplit

_LENGTH = re.compile(rb"\r\nContent-Length: ([0-9]+)\r\n")
_END_OF_HEAD = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Load:
    """What is sent to a service: bodies in turn to a path, over so many connections.

    ``expected`` is the status of every answer. Every request has an Idempotency-Key of its own.
    """

    url: str
    path: str
    bodies: Sequence[bytes]
    expected: int
    connections: int


@dataclass(frozen=True, slots=True)
class Found:
    """How it went: how long each answer took, and all of them together, in seconds."""

    taken: Sequence[float]
    seconds: float

    @property
    def a_second(self) -> float:
        """How many requests were answered in a second."""
        return len(self.taken) / self.seconds

    @property
    def p50(self) -> float:
        """How long the median answer took, in milliseconds."""
        return median(self.taken) * 1e3

    @property
    def p99(self) -> float:
        """How long the slowest hundredth took at the least, in milliseconds."""
        return quantiles(self.taken, n=100)[-1] * 1e3


def sent(load: Load, seconds: float) -> Found:
    """Keep a service busy for so long, and then wait for the answers to what is under way."""
    requests, taken = _requests(load), list[float]()
    with ExitStack() as ends:
        poller = ends.enter_context(select.epoll())
        waiting = {}
        for _ in range(load.connections):
            connection = ends.enter_context(_Connection(load))
            poller.register(connection.socket, select.EPOLLIN)
            waiting[connection.socket.fileno()] = connection
        begun = perf_counter()
        for connection in waiting.values():
            connection.ask(next(requests))
        while waiting:
            for number, _ in poller.poll():
                if waiting[number].is_answered():
                    now = perf_counter()
                    taken.append(now - waiting[number].asked)
                    if now - begun < seconds:
                        waiting[number].ask(next(requests))
                    else:
                        del waiting[number]
        return Found(taken, perf_counter() - begun)


class _Connection:
    """A connection with a request under way."""

    def __init__(self, load: Load) -> None:
        host = urlsplit(load.url)
        self.socket = socket.create_connection((str(host.hostname), host.port or 80))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._status = f"HTTP/1.1 {load.expected} ".encode()
        self._read, self._length, self.asked = b"", 0, 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def ask(self, request: bytes) -> None:
        """Send a request."""
        self._read, self._length, self.asked = b"", 0, perf_counter()
        self.socket.sendall(request)

    def is_answered(self) -> bool:
        """Read what is there. Is it the whole answer?"""
        self._read += self.socket.recv(1 << 17)
        if not self._length:
            end = self._read.find(_END_OF_HEAD)
            if end < 0:
                return False
            assert self._read.startswith(self._status), self._read
            length = _LENGTH.search(self._read, 0, end + 2)
            assert length
            self._length = end + len(_END_OF_HEAD) + int(length[1])
        return len(self._read) == self._length


def _requests(load: Load) -> Iterator[bytes]:
    host, mine = urlsplit(load.url).netloc, uuid.uuid4().hex
    for number, body in enumerate(cycle(load.bodies)):
        head = (
            f"POST {load.path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
            f"Idempotency-Key: {mine}-{number}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        yield head.encode() + body
