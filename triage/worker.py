"""One worker of the server: how long callers may take, and what is answered to what is no HTTP."""

from __future__ import annotations

import errno
import select
import signal
import socket
import uuid
from collections.abc import Mapping
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from selectors import EVENT_READ
from time import monotonic
from typing import Any

from gunicorn.http import errors as http_errors
from gunicorn.workers.gthread import _DEFER, TConn, ThreadWorker

from triage import metrics
from triage.api.problem import MEDIA_TYPE, Problem
from triage.api.requests import HEADER, PRIVATE
from triage.arrivals import Arrival
from triage.logs import logger, of_error
from triage.wire import as_bytes

LOG = logger("triage.worker")

ENDINGS = (signal.SIGTERM, signal.SIGQUIT)
"""The signals by which the arbiter ends a worker."""

READ_SECONDS = 20
"""How long a request may take to arrive, from when its connection was made or last answered on."""

LINGER_SECONDS = 2
"""How long a worker that ends waits for the first byte of those who were let in before."""


class Worker(ThreadWorker):  # type: ignore[misc]
    """A worker that leaves Ctrl-C to the arbiter, and waits for nobody longer than it said."""

    number = 0
    """Which of the workers that live this one is."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._arrivals: dict[TConn, Arrival] = {}
        self._next_look = 0.0
        self._linger_until = 0.0

    def init_signals(self) -> None:
        """A terminal sends Ctrl-C to every process; the arbiter decides what it means."""
        super().init_signals()
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDINGS)

    def set_accept_enabled(self, enabled: bool) -> None:  # noqa: FBT001 (gunicorn's signature)
        """Listen or stop listening. When ending: take those who wait already, then nobody."""
        super().set_accept_enabled(enabled)
        if enabled or self.alive:
            return
        self._linger_until = monotonic() + LINGER_SECONDS
        for listener in self.sockets:
            while select.select([listener], [], [], 0)[0]:
                self.accept(listener)
            listener.close()

    def handle(self, conn: TConn) -> Any:
        """Read a request and answer it, in a thread. Called by gunicorn.

        ``_DEFER`` where it has not arrived yet: the thread is free for others meanwhile.
        """
        latest = monotonic() + READ_SECONDS
        arrival = self._arrivals.setdefault(conn, Arrival(latest))
        try:
            is_here = _was_read_ahead(conn) or arrival.is_whole(conn.sock)
        except OSError:  # the caller had gone
            is_here = True
        if not is_here:
            return _DEFER
        conn.data_ready = True
        try:
            return super().handle(conn)
        finally:
            self._arrivals.pop(conn, None)

    def handle_request(self, req: Any, conn: TConn) -> Any:
        """Answer a request whose head was read. Called by gunicorn."""
        req.body.reader = _BodyReader(req.body.reader)
        return super().handle_request(req, conn)

    def finish_request(self, conn: TConn, fs: Future[Any]) -> None:
        """What comes after the thread of a request is free again. Called by gunicorn."""
        if fs.cancelled() or fs.exception() or fs.result() is not _DEFER:
            super().finish_request(conn, fs)
            return
        conn.sock.settimeout(0)
        self.pending_conns.append(conn)
        ready = partial(self.on_pending_socket_readable, conn)
        self.poller.register(conn.sock, EVENT_READ, ready)

    def murder_pending(self) -> None:
        """Give up on those who are too slow. Called by gunicorn, every second at the least."""
        now = monotonic()
        if now < self._next_look:
            return
        self._next_look = now + 1
        for conn, arrival in self._arrivals.copy().items():
            is_idle = not (self.alive or arrival.waiting) and self._linger_until < now
            if is_idle or arrival.latest < now:
                self._give_up(conn)

    def _give_up(self, conn: TConn) -> None:
        self._arrivals.pop(conn, None)
        if conn in self.pending_conns:
            self.pending_conns.remove(conn)
            self.poller.unregister(conn.sock)
            self.nr_conns -= 1
            conn.close()
            _tell_refused(HTTPStatus.REQUEST_TIMEOUT)
        else:  # whoever reads the rest of it sees its end; an answer may still be sent
            with suppress(OSError):
                conn.sock.shutdown(socket.SHUT_RD)

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:  # noqa: ARG002
        """Answer a request that the app never saw. Called by gunicorn."""
        status, made = _status_of(exc), uuid.uuid4().hex
        _tell_refused(status, request_id=made, **of_error(exc))
        detail, safety_net = status.description or status.phrase, self.wsgi.config["SAFETY_NET"]
        body = as_bytes(Problem(status, detail, safety_net, request_id=made).as_dict())
        headers = {
            "Connection": "close",
            "Content-Type": MEDIA_TYPE,
            "Content-Length": str(len(body)),
            HEADER: made,
            **PRIVATE,
        }
        lines = [f"HTTP/1.1 {status.value} {status.phrase}", *map(": ".join, headers.items())]
        with suppress(OSError):  # the caller had gone
            client.sendall("\r\n".join([*lines, "", ""]).encode() + body)


class _BodyReader:
    """Reads a body; where it is no HTTP, that is for the app as if its caller had gone."""

    def __init__(self, reader: Any) -> None:
        self._reader = reader

    def read(self, size: int) -> bytes:
        try:
            return bytes(self._reader.read(size))
        except http_errors.ParseException:
            raise OSError(errno.EBADMSG, "the body is not HTTP") from None


def _was_read_ahead(conn: TConn) -> bool:
    """Did bytes of this request come with the last one?"""
    return bool(conn.parser and conn.parser.unreader.buf.getvalue())


def _tell_refused(status: HTTPStatus, **more: Any) -> None:
    LOG.warning("refused_unread", status=status.value, **more)
    metrics.answered("none", "other", status.value, 0)


def _status_of(error: BaseException) -> HTTPStatus:
    for kind, status in _STATUSES.items():
        if isinstance(error, kind):
            return status
    return HTTPStatus.INTERNAL_SERVER_ERROR


_STATUSES: Mapping[type[BaseException], HTTPStatus] = {
    http_errors.InvalidResponseHeader: HTTPStatus.INTERNAL_SERVER_ERROR,
    http_errors.InvalidResponseHeaderName: HTTPStatus.INTERNAL_SERVER_ERROR,
    http_errors.LimitRequestLine: HTTPStatus.REQUEST_URI_TOO_LONG,
    http_errors.LimitRequestHeaders: HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    http_errors.ExpectationFailed: HTTPStatus.EXPECTATION_FAILED,
    http_errors.UnsupportedTransferCoding: HTTPStatus.NOT_IMPLEMENTED,
    http_errors.ParseException: HTTPStatus.BAD_REQUEST,
}
"""The status for each way in which a request is no HTTP; the first kind that fits."""
