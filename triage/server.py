"""The service under gunicorn: how it listens, how it answers what is not even HTTP, how it ends."""

from __future__ import annotations

import gc
import logging
import select
import signal
import socket
from collections.abc import Callable, Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.glogging import Logger
from gunicorn.http import errors as http_errors
from gunicorn.workers.gthread import ThreadWorker

from triage.api.problem import MEDIA_TYPE, Problem
from triage.config import Settings, host_and_port
from triage.errors import SettingsError
from triage.logs import log_as_json
from triage.wire import as_bytes

GRACE_SECONDS = 30
"""How long requests under way may take once the service was asked to end."""

ENDINGS = (signal.SIGTERM, signal.SIGQUIT)
"""The signals by which the arbiter ends a worker."""

MEMORY_DISK = "/dev/shm"  # noqa: S108 (where workers tell that they live; nothing is kept there)

REQUESTS_OF_A_WORKER = 100_000
"""After so many requests, and up to a tenth more, a worker is replaced to be on the safe side."""


def listen(bind: str) -> socket.socket:
    """A socket that listens at ``host:port``. Raises ``SettingsError`` where it cannot."""
    host, port = host_and_port(bind)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=512)
    except OSError as error:
        why = str(error.strerror).partition(" (")[0]
        remedy = "stop what listens there, or choose another port with --bind"
        raise SettingsError(f"cannot listen at {bind}: {why}; {remedy}") from None


def url_of(listener: socket.socket) -> str:
    """The address of a listening socket, for people."""
    host, port, *_ = listener.getsockname()
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn with the app made beforehand, so that every worker shares its memory."""

    def __init__(
        self,
        app: Flask,
        listener: socket.socket,
        settings: Settings,
        when_ready: Callable[[], None],
    ) -> None:
        self._app, self._settings, self._when_ready = app, settings, when_ready
        self._fd = listener.detach()
        super().__init__()

    def load_config(self) -> None:
        """Set what differs from gunicorn's own choices. Called by gunicorn."""
        for name, value in self._differs().items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """The app. Called by gunicorn."""
        return self._app

    def run(self) -> None:
        """Serve until told to end, then exit with 0."""
        log_as_json("triage", logging.INFO)
        gc.collect()
        gc.freeze()
        FinishingArbiter(self).run()

    def _differs(self) -> Mapping[str, Any]:
        return {
            "bind": [f"fd://{self._fd}"],
            "workers": self._settings.workers,
            "threads": self._settings.threads,
            "worker_class": Worker,
            "worker_tmp_dir": MEMORY_DISK if Path(MEMORY_DISK).is_dir() else None,
            "logger_class": PrivateLogger,
            "loglevel": "warning",
            "preload_app": True,
            "keepalive": 5,
            "graceful_timeout": GRACE_SECONDS,
            "max_requests": REQUESTS_OF_A_WORKER,
            "max_requests_jitter": REQUESTS_OF_A_WORKER // 10,
            "forwarded_allow_ips": "",
            "secure_scheme_headers": {},
            "control_socket_disable": True,
            "when_ready": lambda _arbiter: self._when_ready(),
        }


class FinishingArbiter(Arbiter):  # type: ignore[misc]
    """Ends on Ctrl-C as it does on SIGTERM: what is under way is finished first."""

    def handle_int(self) -> None:
        """Ctrl-C. A second one ends at once."""
        self.handle_term()

    def spawn_worker(self) -> int:
        """Start a worker, and hold back signals until it can hear them: none is lost to it."""
        signal.pthread_sigmask(signal.SIG_BLOCK, ENDINGS)
        try:
            return int(super().spawn_worker())
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDINGS)


class PrivateLogger(Logger):  # type: ignore[misc]
    """gunicorn's logger, writing lines that hold nothing a caller sent."""

    def setup(self, cfg: Any) -> None:
        """Write JSON lines. Called by gunicorn."""
        super().setup(cfg)
        log_as_json("gunicorn.error", self.loglevel)


class Worker(ThreadWorker):  # type: ignore[misc]
    """A worker that leaves Ctrl-C to the arbiter, and answers what is no HTTP with a problem."""

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

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:  # noqa: ARG002
        """Answer a request that the app never saw. Called by gunicorn."""
        status = _status_of(exc)
        self.log.warning("a request was refused before it was read: %s", status.value)
        problem = Problem(
            status, status.description or status.phrase, self.wsgi.config["SAFETY_NET"]
        )
        body = as_bytes(problem.as_dict())
        head = (
            f"HTTP/1.1 {status.value} {status.phrase}\r\nConnection: close\r\n"
            f"Content-Type: {MEDIA_TYPE}\r\nContent-Length: {len(body)}\r\n"
            "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n\r\n"
        )
        try:
            client.sendall(head.encode() + body)
        except OSError:
            self.log.debug("the caller had gone")


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
