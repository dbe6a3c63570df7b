"""A line to a receiver that can be cut: whoever drips its answer is held to a deadline as well.

The time-outs of requests are for each read. So whoever waits for an attempt cuts its line, which
ends whatever is being done on it, in the midst of TLS too.
"""

from __future__ import annotations

import socket
from contextlib import suppress
from threading import Lock
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection


class Line:
    """The connections of one attempt, until they are cut."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._held: list[socket.socket] = []
        self._is_cut = False

    def hold(self, connected: socket.socket) -> socket.socket:
        """Have a connection cut with the line; the same connection.

        Raises ``TimeoutError`` where the line is cut already: nothing is sent over it.
        """
        with self._lock:
            if self._is_cut:
                connected.close()
                raise TimeoutError
            self._held.append(connected.dup())  # outlasts that TLS takes the socket itself over
        return connected

    def cut(self) -> None:
        """End every connection, and let none begin any more."""
        with self._lock:
            self._is_cut = True
            held, self._held = self._held, []
        for one in held:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()


def session_over(line: Line) -> requests.Session:
    """A session whose connections are held by a line; it takes no proxy and no ``.netrc``."""
    session = requests.Session()
    session.trust_env = False
    adapter = _Adapter(line)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


class _Adapter(HTTPAdapter):
    def __init__(self, line: Line) -> None:
        self._line = line
        super().__init__()

    def get_connection_with_tls_context(self, *asked: Any, **more: Any) -> Any:
        """The connections to a receiver, each held by the line."""
        pool: Any = super().get_connection_with_tls_context(*asked, **more)
        pool.ConnectionCls = _held_by(self._line, secure=pool.scheme == "https")
        return pool


def _held_by(line: Line, *, secure: bool) -> type[HTTPConnection]:
    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return line.hold(super()._new_conn())

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return line.hold(super()._new_conn())

    return Secure if secure else Plain
