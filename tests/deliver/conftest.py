"""What tests of deliveries ask for: a desk on each database, by each channel."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.deliver.desk import Desk, secret_in, told_by
from triage.config import Settings
from triage.rulebook import Rulebook
from triage.store.deliveries import Channel
from triage.store.log import DecisionLog
from triage.store.opening import open_log

DeskBy = Callable[[Channel, str | None], Desk]


@pytest.fixture
def log(log_settings: Settings) -> Iterator[DecisionLog]:
    """A log of its own, without an entry."""
    with closing(open_log(log_settings)) as opened:
        yield opened


@pytest.fixture
def desk_by(log: DecisionLog, rulebook: Rulebook, tmp_path: Path) -> DeskBy:
    """Makes a desk whose practice is told by a channel, at an address."""

    def made(channel: Channel, address: str | None = None) -> Desk:
        secret = secret_in(tmp_path) if channel is Channel.WEBHOOK else None
        return Desk(log, rulebook, told_by(channel, address, secret), tmp_path)

    return made


@pytest.fixture
def desk(desk_by: DeskBy) -> Desk:
    """A desk whose practice gets letters."""
    return desk_by(Channel.LETTER, None)
