"""What tests of the outbox ask for: a log on each database, and an outbox with something in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from triage.config import Settings, keys_folder
from triage.store.keys import SigningKey
from triage.store.log import DecisionLog
from triage.store.opening import open_log
from triage.store.outbox import Outbox


@pytest.fixture
def log(log_settings: Settings) -> Iterator[DecisionLog]:
    """A log of its own, without an entry."""
    with closing(open_log(log_settings)) as opened:
        yield opened


@pytest.fixture
def outbox(log: DecisionLog) -> Outbox:
    """Its outbox, with the words of the shipped rulebook."""
    return Outbox(log.database, URGENCIES)


@pytest.fixture
def signing_key(log: DecisionLog, log_settings: Settings) -> SigningKey:
    """The key of that log."""
    assert log.vkey
    return SigningKey.open(keys_folder(log_settings))


URGENCIES = ("emergency", "very_urgent", "urgent", "same_day", "soon", "routine")
