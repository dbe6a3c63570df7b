"""One worker of the server: how long callers may take, and what is answered to what is no HTTP."""

from __future__ import annotations

import select
import signal
import socket
import uuid
from collections.abc import Mapping
from contextlib import suppress
from http import HTTPStatus
from time import monotonic
from typing import Any

from gunicorn.http import errors as http_errors
from gunicorn.workers.gthread import TConn, ThreadWorker

from triage import metrics
from triage.api.problem import MEDIA_TYPE, Problem
from triage.api.requests import HEADER, PRIVATE
from triage.logs import logger, of_error
from triage.wire import as_bytes

LOG = logger("triage.worker")

ENDINGS = (signal.SIGTERM, signal.SIGQUIT)
"""The signals by which the arbiter ends a worker."""

READ_SECONDS = 20
"""How long a request may take to arrive, once its first byte is here. Nobody holds a thread by
sending slowly: after that nothing more is read."""


class Worker(ThreadWorker):  # type: ignore[misc]
    """A worker that leaves Ctrl-C to the arbiter, and waits for nobody longer than it said."""

    number = 0
    """Which of the workers that live this one is."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._arriving: dict[TConn, float] = {}

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
        for listener in self.sockets:
            while select.select([listener], [], [], 0)[0]:
                self.accept(listener)
            listener.close()

    def handle(self, conn: TConn) -> Any:
        """Read a request and answer it, in a thread. Called by gunicorn."""
        conn.is_asked = False
        self._arriving[conn] = monotonic() + READ_SECONDS
        try:
            return super().handle(conn)
        finally:
            self._arriving.pop(conn, None)

    def handle_request(self, req: Any, conn: TConn) -> Any:
        """Answer a request whose headers were read. Called by gunicorn."""
        conn.is_asked = True
        return super().handle_request(req, conn)

    def murder_pending(self) -> None:
        """Give up on those who are too slow. Called by gunicorn, every second at the least."""
        super().murder_pending()
        now = monotonic()
        for conn in [one for one, latest in self._arriving.copy().items() if latest < now]:
            self._arriving.pop(conn, None)
            self._read_no_more(conn)

    def _read_no_more(self, conn: TConn) -> None:
        """Let whoever waits for more of a request see its end. An answer may still be sent."""
        with suppress(OSError):  # the caller had gone
            conn.sock.shutdown(socket.SHUT_RD)
        if not conn.is_asked:
            _tell_refused(HTTPStatus.REQUEST_TIMEOUT)

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
