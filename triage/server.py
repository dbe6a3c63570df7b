"""The service under gunicorn: how it listens, how its workers begin, how it ends."""

from __future__ import annotations

import gc
import os
import shutil
import signal
import socket
import struct
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.glogging import Logger

from triage import logs, metrics
from triage.config import Settings, host_and_port
from triage.errors import SettingsError
from triage.worker import ENDINGS, Worker

LOG = logs.logger("triage.server")

GRACE_SECONDS = 30
"""How long requests under way may take once the service was asked to end."""

SEND_SECONDS = 30
"""How long a caller may take none of an answer before the connection is closed."""

MEMORY_DISK = "/dev/shm"  # noqa: S108 (where workers tell that they live, and keep their figures)

REQUESTS_OF_A_WORKER = 100_000
"""After so many requests, and up to a tenth more, a worker is replaced to be on the safe side."""

MOST_HEADERS, LONGEST_HEADER, LONGEST_ADDRESS = 64, 8190, 4094
"""Of a request: how many headers, the bytes of each, and the bytes of the line before them."""

ASKS_FOR_SPANS = (
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
    "OTEL_TRACES_EXPORTER",
)
"""What of the environment turns spans on."""


def listen(bind: str) -> socket.socket:
    """A socket that listens at ``host:port``. Raises ``SettingsError`` where it cannot."""
    host, port = host_and_port(bind)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=512)
    except OSError as error:
        why = str(error.strerror).partition(" (")[0]
        remedy = "stop what listens there, or choose another port with --bind"
        raise SettingsError(f"cannot listen at {bind}: {why}; {remedy}") from None
    patience = struct.pack("ll", SEND_SECONDS, 0)  # a timeval; connections take it over
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, patience)
    return listener


def url_of(listener: socket.socket) -> str:
    """The address of a listening socket, for people."""
    host, port, *_ = listener.getsockname()
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _memory_disk() -> str | None:
    return MEMORY_DISK if Path(MEMORY_DISK).is_dir() else None


@contextmanager
def _directory_of_figures() -> Iterator[Path]:
    """A new directory that nobody else can read, taken away when this process ends, not a fork."""
    owner = os.getpid()
    directory = mkdtemp(prefix=f"triage-figures-{owner}-", dir=_memory_disk())
    try:
        yield Path(directory)
    finally:
        if os.getpid() == owner:
            shutil.rmtree(directory, ignore_errors=True)


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
        logs.start()
        with _directory_of_figures() as directory:
            metrics.share(directory)
            gc.collect()
            gc.freeze()
            FinishingArbiter(self).run()

    def _differs(self) -> Mapping[str, Any]:
        return {
            "bind": [f"fd://{self._fd}"],
            "workers": self._settings.workers,
            "threads": self._settings.threads,
            "worker_class": Worker,
            "worker_tmp_dir": _memory_disk(),
            "logger_class": PrivateLogger,
            "loglevel": "warning",
            "preload_app": True,
            "pre_fork": _number_worker,
            "post_fork": _begin_worker,
            "sendfile": False,  # it would wait for ever for a caller who takes nothing
            "limit_request_line": LONGEST_ADDRESS,
            "limit_request_fields": MOST_HEADERS,
            "limit_request_field_size": LONGEST_HEADER,
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
    """gunicorn's logger, whose lines leave like all others: with nothing that a caller sent."""

    def setup(self, cfg: Any) -> None:
        """Write nothing itself. Called by gunicorn."""
        super().setup(cfg)
        for log in (self.error_log, self.access_log):
            log.handlers, log.propagate = [], True


def _number_worker(arbiter: Arbiter, worker: Worker) -> None:
    """Give a worker that is about to start the lowest number that none has who lives."""
    taken = {one.number for one in arbiter.WORKERS.values()}
    worker.number = next(number for number in count() if number not in taken)


def _begin_worker(_arbiter: Arbiter, worker: Worker) -> None:
    """Called in a worker that has just started: from here on it is a process of its own."""
    metrics.be_worker(worker.number)
    if not any(os.environ.get(name) for name in ASKS_FOR_SPANS):
        return
    if find_spec("opentelemetry.sdk") is None:
        LOG.warning("tracing_not_installed")
        return
    from triage.tracing import trace_requests  # noqa: PLC0415 (needs the extra otel)

    trace_requests(worker.app.load())
    LOG.info("tracing_on")
