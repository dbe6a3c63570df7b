"""PostgreSQL goes away under load, and comes back: nothing acknowledged is lost, none twice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.campaigns import share
from tests.databases import environment_of
from tests.faults.clients import Clients, check_nothing_lost, clients
from tests.faults.clusters import Cluster, cluster, migrate
from tests.faults.probes import (
    asked,
    is_ready,
    nothing_is_acknowledged,
    nothing_is_recorded,
    refused,
    say_when,
)
from tests.running import Service, running
from triage.config import Settings

ROUNDS = 20
"""How often it goes away in a whole campaign."""

GIVEN_UP = {"triage.store.appending.PATIENCE_SECONDS": 5}
"""When the service gives up a decision that cannot be recorded; sooner here than elsewhere."""

IN_TIME_SECONDS = 60
"""How long an answer may take on a machine that is busy, whatever the database does."""

SETTLED = 20
"""After so many refusals every connection knows of a new setting."""


@pytest.fixture(scope="module")
def postgresql() -> Iterator[Cluster]:
    """A PostgreSQL of these tests' own."""
    with cluster() as made:
        yield made


@pytest.fixture(scope="module")
def settings(postgresql: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The settings of a service with its log there."""
    keys: Path = tmp_path_factory.mktemp("keys")
    made = Settings(database_url=postgresql.url, keys=keys)
    migrate(made)
    return made


@pytest.fixture(scope="module")
def service(settings: Settings) -> Iterator[Service]:
    """A service with two workers, started once for all of these tests."""
    with running(environment=environment_of(settings), limits=GIVEN_UP) as service:
        yield service


@pytest.fixture
def callers(service: Service) -> Iterator[Clients]:
    """Systems that refer people."""
    with clients(4, seed=3) as found:
        found.url = service.url
        yield found


def nothing_goes_on(callers: Clients) -> None:
    """Wait until nobody is heard any more."""
    before = len(callers.refused)
    say_when(lambda: len(callers.refused) >= before + SETTLED, "refused")


def comes_back(service: Service, callers: Clients) -> None:
    """The service goes on by itself."""
    say_when(lambda: is_ready(service), "ready")
    callers.wait_for(10)


def ends_well(settings: Settings, callers: Clients) -> None:
    """Everything that was sent is acknowledged in the end, and stands in the log once."""
    callers.finish()
    assert all(int(one.answer.headers["Retry-After"]) > 0 for one in callers.refused)
    check_nothing_lost(settings, callers.acknowledged)


def test_where_the_database_crashes_nothing_is_acknowledged_and_all_goes_on(
    postgresql: Cluster, settings: Settings, service: Service, callers: Clients
) -> None:
    for _ in range(share(ROUNDS)):
        callers.wait_for(20)
        postgresql.stop()
        try:
            refused(service, IN_TIME_SECONDS)
            nothing_is_acknowledged(callers)
            assert not is_ready(service)
        finally:
            postgresql.start()
        comes_back(service, callers)
    ends_well(settings, callers)


def test_where_the_database_hangs_callers_are_told_in_time(
    postgresql: Cluster, settings: Settings, service: Service, callers: Clients
) -> None:
    for _ in range(share(ROUNDS // 4)):
        callers.wait_for(20)
        with postgresql.frozen():
            refused(service, IN_TIME_SECONDS)
            nothing_is_acknowledged(callers, more=1)
            answer, seconds = asked(service, "GET", "/v1/log/head")
            assert answer.status == 503
            assert seconds < IN_TIME_SECONDS
        comes_back(service, callers)
    ends_well(settings, callers)


def test_where_the_database_only_reads_nothing_is_recorded(
    postgresql: Cluster, settings: Settings, service: Service, callers: Clients
) -> None:
    for _ in range(share(ROUNDS)):
        callers.wait_for(20)
        with postgresql.read_only():
            nothing_goes_on(callers)
            refused(service, IN_TIME_SECONDS)
            nothing_is_recorded(service, callers)
        comes_back(service, callers)
    ends_well(settings, callers)
