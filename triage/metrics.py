"""Figures for those who run the service, in the form that Prometheus reads.

Labels are words of ours alone: routes, rules, endpoints. Nothing that a caller sent becomes one.
Under the service's own server every worker keeps its figures in a file of its own in memory, and
whichever worker is asked adds them up; elsewhere one process tells of itself alone.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from time import perf_counter
from typing import Generic, Literal, TypeVar

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    start_http_server,
    values,
)
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.multiprocess import MultiProcessCollector

from triage.domain.decision import Decision

MEDIA_TYPE = CONTENT_TYPE_PLAIN_0_0_4

ENGINE_SECONDS = (0.0001, 0.0002, 0.0003, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.05, 0.25)
COMMIT_SECONDS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1, 5)
COMMIT_ENTRIES = (1, 2, 4, 8, 16, 32, 64, 128, 256)
REQUEST_SECONDS = (0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)

Kind = TypeVar("Kind", Counter, Histogram)


class _By(dict[tuple[str, ...], Kind], Generic[Kind]):
    """The figures of one name by their labels, looked up faster than the library does."""

    def __init__(self, parent: Kind) -> None:
        super().__init__()
        self._parent: Kind = parent

    def __missing__(self, labels: tuple[str, ...]) -> Kind:
        found: Kind = self._parent.labels(*labels)
        self[labels] = found
        return found


class _Figures:
    """Every figure there is."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.decisions = self._count(
            "decisions", "Decisions made.", ("route", "urgency", "recorded")
        )
        self.rule_hits = self._count("rule_hits", "Decisions in which a rule fired.", ("rule",))
        self.overrides = self._count("overrides", "Overrides, by the route chosen.", ("route",))
        self.requests = self._count(
            "requests", "Requests answered.", ("endpoint", "method", "status")
        )
        self.unavailable = Counter(
            "triage_unavailable", "Requests that could not be served now.", registry=self.registry
        )
        self.danger_in_faults = Counter(
            "triage_danger_in_faults",
            "Errors that told of danger in what was refused.",
            registry=self.registry,
        )
        self.disagreements = Counter(
            "triage_evaluators_disagree",
            "Decisions on which the two evaluations of the rules differed: an incident, each.",
            registry=self.registry,
        )
        self.request_seconds: _By[Histogram] = _By(
            Histogram(
                "triage_request_seconds",
                "Time from when a request was read to when its answer was made.",
                ("endpoint",),
                buckets=REQUEST_SECONDS,
                registry=self.registry,
            )
        )
        self.engine_seconds = self._spread(
            "engine_seconds", "Time that deciding took.", ENGINE_SECONDS
        )
        self.commit_seconds = self._spread(
            "commit_seconds", "Time until entries were durable.", COMMIT_SECONDS
        )
        self.commit_entries = self._spread(
            "commit_entries", "Entries made durable by one commit.", COMMIT_ENTRIES
        )
        self.log_size = self._gauge("log_size", "Sequence of the last entry of the log.", "max")
        self.deliveries = self._count(
            "deliveries", "Attempts to tell a referrer.", ("channel", "outcome")
        )
        self.outbox_waiting = self._gauge("outbox_waiting", "Deliveries not made yet.")
        self.outbox_dead = self._gauge("outbox_dead", "Deliveries that were given up.")

    def _count(self, name: str, meaning: str, labels: Sequence[str]) -> _By[Counter]:
        return _By(Counter(f"triage_{name}", meaning, labels, registry=self.registry))

    def _gauge(
        self, name: str, meaning: str, of_workers: Literal["max", "mostrecent"] = "mostrecent"
    ) -> Gauge:
        """A figure that goes up and down; of several workers it is what one of them says."""
        return Gauge(
            f"triage_{name}", meaning, multiprocess_mode=of_workers, registry=self.registry
        )

    def _spread(self, name: str, meaning: str, buckets: Sequence[float]) -> Histogram:
        return Histogram(f"triage_{name}", meaning, buckets=buckets, registry=self.registry)


_figures = cache(_Figures)

DIRECTORY = "PROMETHEUS_MULTIPROC_DIR"
"""The name in the environment by which the library knows where workers keep their figures."""

_this = {"worker": "main"}
"""Which of the workers this process is."""


def share(directory: Path) -> None:
    """Keep figures in a directory, in a file for each worker. Called once, before any figure."""
    os.environ[DIRECTORY] = str(directory)
    of_worker = values.MultiProcessValue(lambda: _this["worker"])  # type: ignore[no-untyped-call]
    values.ValueClass = of_worker
    _figures.cache_clear()
    _figures()


def be_worker(number: int) -> None:
    """Go on with the figures of a worker. No two that live may have the same number.

    A worker that takes the place of another has its number too and counts on from there, so that
    there are never more files than there were workers at once.
    """
    _this["worker"] = str(number)


def exposition() -> bytes:
    """Every figure of every worker, as text of ``MEDIA_TYPE``."""
    if DIRECTORY not in os.environ:
        return generate_latest(_figures().registry)
    registry = CollectorRegistry()
    MultiProcessCollector(registry, os.environ[DIRECTORY])  # type: ignore[no-untyped-call]
    return generate_latest(registry)


def decided(decision: Decision, *, recorded: bool) -> None:
    """A decision was made, and recorded or not."""
    figures = _figures()
    urgency = decision.urgency.id
    figures.decisions[decision.route.route.id, urgency, str(recorded).lower()].inc()
    hits = figures.rule_hits
    for reason in decision.reasoning:
        hits[(reason.rule.id,)].inc()


@contextmanager
def deciding() -> Iterator[None]:
    """How long what is done within it takes: one decision."""
    begun = perf_counter()
    yield
    _figures().engine_seconds.observe(perf_counter() - begun)


def committed(seconds: float, entries: int, sequence: int) -> None:
    """So many entries were made durable at once, in so long a time; the last has a sequence."""
    figures = _figures()
    figures.commit_seconds.observe(seconds)
    figures.commit_entries.observe(entries)
    figures.log_size.set(sequence)


def log_holds(sequence: int) -> None:
    """The log was seen to hold so many entries."""
    _figures().log_size.set(sequence)


def overridden(route: str) -> None:
    """A clinician chose another route: one of the vocabulary."""
    _figures().overrides[(route,)].inc()


def answered(endpoint: str, method: str, status: int, seconds: float) -> None:
    """A request was answered. ``endpoint`` and ``method`` are words of ours, not of the caller."""
    figures = _figures()
    figures.requests[endpoint, method, str(status)].inc()
    figures.request_seconds[(endpoint,)].observe(seconds)


def unavailable() -> None:
    """A request could not be served now."""
    _figures().unavailable.inc()


def danger_told() -> None:
    """An error told of danger."""
    _figures().danger_in_faults.inc()


def disagreed() -> None:
    """The two evaluations of the rules differed on a decision."""
    _figures().disagreements.inc()


def delivery_attempted(channel: str, outcome: str) -> None:
    """Somebody was told by a channel, or not: ``outcome`` is a word of ours."""
    _figures().deliveries[channel, outcome].inc()


def outbox_holds(waiting: int, dead: int) -> None:
    """The outbox was seen to hold so many that wait, and so many that were given up."""
    figures = _figures()
    figures.outbox_waiting.set(waiting)
    figures.outbox_dead.set(dead)


def serve_figures(port: int) -> None:
    """Give every figure at a port of this machine alone, for a process that serves nothing else.

    Raises ``OSError`` where the port is not free.
    """
    start_http_server(port, "127.0.0.1", _figures().registry)
