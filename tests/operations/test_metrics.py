"""Figures add up over workers, outlive them, and are named by nobody but us."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.operations.figures import figures_of, total
from tests.running import LONGEST_WAIT, Service, running
from triage.api.examples import REFERRAL
from triage.rulebook import Rulebook
from triage.server import MEMORY_DISK

WORKERS = 3


@pytest.fixture(scope="module")
def busy() -> Iterator[Service]:
    """A service of several workers."""
    with running("--workers", str(WORKERS)) as service:
        yield service


def directories_of(service: Service) -> list[Path]:
    """Where a service keeps its figures."""
    return [*Path(MEMORY_DISK).glob(f"triage-figures-{service.process.pid}-*")]


def test_decisions_and_rules_are_counted_over_all_workers(
    busy: Service, rulebook: Rulebook
) -> None:
    before = figures_of(busy)
    with ThreadPoolExecutor(8) as callers:
        answers = [*callers.map(lambda _: busy.triage(REFERRAL).json, range(60))]
    after = figures_of(busy)

    def grown(name: str, **labels: str) -> float:
        return total(after, name, **labels) - total(before, name, **labels)

    told = {"route": "iapt_step_2", "urgency": "routine", "recorded": "false"}
    assert grown("triage_decisions_total", **told) == 60
    assert grown("triage_engine_seconds_count") == 60
    for reason in answers[0]["reasoning"]:
        assert grown("triage_rule_hits_total", rule=reason["rule"]) == 60
    answered = {"endpoint": "triage.decide", "method": "POST", "status": "200"}
    assert grown("triage_requests_total", **answered) == 60
    assert grown("triage_request_seconds_count", endpoint="triage.decide") == 60
    named = {dict(has)["rule"] for has in after["triage_rule_hits_total"]}
    assert named <= {rule.id for rule in rulebook.rules}


def test_faults_that_told_of_danger_are_counted(busy: Service) -> None:
    before = total(figures_of(busy), "triage_danger_in_faults_total")
    assert busy.triage({"answers": {"plan": "active", "phq9_total": 28}}).status == 422
    assert busy.triage({"answers": {"phq9_total": 28}}).status == 422
    assert total(figures_of(busy), "triage_danger_in_faults_total") == before + 1


def test_labels_are_words_of_ours(busy: Service) -> None:
    busy.ask("GET", "/9990000026?nhs=9990000026")
    busy.ask("SMITH", "/v1/triage")
    busy.ask("SMITH", "/9990000026")
    found = figures_of(busy)
    assert total(found, "triage_requests_total", endpoint="none", method="GET", status="404")
    assert total(found, "triage_requests_total", method="other") >= 2
    told = str(found)
    assert "9990000026" not in told
    assert "SMITH" not in told


def test_figures_outlive_a_worker_and_take_no_more_room() -> None:
    with running("--workers", "2") as service:
        (directory,) = directories_of(service)
        assert directory.stat().st_mode & 0o777 == 0o700
        for _ in range(20):
            service.triage(REFERRAL)
        for _ in range(3):
            replace_a_worker(service)
            service.triage(REFERRAL)
        numbers = {one.stem.rpartition("_")[2] for one in directory.iterdir()}
        assert numbers <= {"main", "0", "1"}
        assert total(figures_of(service), "triage_decisions_total") == 23
        assert total(figures_of(service), "triage_unavailable_total") == 0
    assert directories_of(service) == []


def replace_a_worker(service: Service) -> None:
    """Kill a worker, and wait until another has taken its place and answers."""
    before = service.workers()
    os.kill(before[0], signal.SIGKILL)
    latest = time.monotonic() + LONGEST_WAIT
    while len(now := service.workers()) < len(before) or before[0] in now:
        assert time.monotonic() < latest, "no other worker took its place"
        time.sleep(0.02)
    assert service.ask("GET", "/healthz").status == 200
