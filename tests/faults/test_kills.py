"""Nothing that was acknowledged is lost when workers, or the whole service, are killed at once.

A round is a service under load that is killed at random moments; its number is its seed, so that
``-k round_7`` runs it again.
"""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random

import pytest

from tests.campaigns import share
from tests.databases import environment_of
from tests.faults.clients import Clients, check_nothing_lost, clients
from tests.running import LONGEST_WAIT, Service, running
from triage.config import Settings
from triage.server import MEMORY_DISK
from triage.store.checkpoint import SignedHead
from triage.store.verification import HeldHead

ROUNDS = 20
CLIENTS = 6
WORKERS = 2

LONGEST_PAUSE_SECONDS = 0.75
"""Between what is done to a service."""


@pytest.mark.parametrize("seed", range(share(ROUNDS)), ids="round_{}".format)
def test_what_was_acknowledged_outlives_every_kill(
    log_settings: Settings, seed: int, record_property: Callable[[str, object], None]
) -> None:
    random, held = Random(seed), list[HeldHead]()
    with clients(CLIENTS, seed) as at_work:
        with served(log_settings, at_work) as service:
            for _ in range(random.randint(1, 3)):
                pause(random)
                held.append(head_of(service))
                kill_a_worker(service, random)
            at_work.wait_for(1)
            pause(random)
            kill_everything(service)
        with served(log_settings, at_work) as service:
            at_work.wait_for(10 * CLIENTS)
            held.append(head_of(service))
            at_work.finish()
    verified = check_nothing_lost(log_settings, at_work.acknowledged, held)
    assert verified.entries == len(at_work.acknowledged)
    record_property("acknowledged and in the log", len(at_work.acknowledged))
    record_property("of them only when asked again", at_work.found)
    record_property("refused on the way", len(at_work.refused))


@contextmanager
def served(settings: Settings, at_work: Clients) -> Iterator[Service]:
    """The service with a log, and the clients told where it is."""
    with running("--workers", str(WORKERS), environment=environment_of(settings)) as service:
        at_work.url = service.url
        at_work.wait_for(1)
        yield service


def pause(random: Random) -> None:
    """Let the clients work until some moment."""
    time.sleep(random.uniform(0, LONGEST_PAUSE_SECONDS))


def head_of(service: Service) -> HeldHead:
    """The newest head, as an auditor keeps it."""
    answer = service.ask("GET", "/v1/log/head")
    assert answer.status == 200
    return HeldHead(SignedHead.parse(answer.json["checkpoint"]), "a head that was given out")


def kill_a_worker(service: Service, random: Random) -> None:
    """Kill one worker, whatever it is doing."""
    with suppress(ProcessLookupError):
        os.kill(random.choice(service.workers()), signal.SIGKILL)


def kill_everything(service: Service) -> None:
    """Kill the master and all workers in one blow."""
    os.killpg(service.process.pid, signal.SIGKILL)
    assert service.process.wait(LONGEST_WAIT) == -signal.SIGKILL
    for figures in Path(MEMORY_DISK).glob(f"triage-figures-{service.process.pid}-*"):
        shutil.rmtree(figures)
