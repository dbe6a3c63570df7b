"""Connections to PostgreSQL that do not wait for ever: not for one that hangs, nor for one gone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.pq import TransactionStatus

T = TypeVar("T")

LOOK_SECONDS = 0.1
"""How often a wait looks whether it was interrupted."""

GRACE_SECONDS = 1
"""How much longer than PostgreSQL may take, its answer is waited for."""


class Bounded(psycopg.Connection):
    """A connection that is given up where PostgreSQL does not answer within so many seconds.

    PostgreSQL itself ends a statement that takes too long. This is for when it cannot: where it
    was stopped, its disk does not answer, or the machine that it ran on is gone.
    """

    answers_within: float | None = None

    def wait(
        self, gen: PQGen[T], interval: float = LOOK_SECONDS, timeout: float | None = None
    ) -> T:
        """Wait for an answer. Raises ``psycopg.OperationalError`` where there is none in time."""
        within = self.answers_within if timeout is None else timeout
        try:
            return super().wait(gen, interval, within)
        except psycopg.OperationalError:
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                self.close()
            raise


def connected(patience: int, answers_within: int | None, told: Mapping[str, Any]) -> Bounded:
    """A new connection. ``patience`` is for connecting and for locks, in seconds.

    ``told`` is what the address says. Without ``answers_within`` a statement may take for ever.
    """
    limit = answers_within or 0
    bounds = f"-c lock_timeout={patience}s -c statement_timeout={limit}s"
    durable = "-c synchronous_commit=on"
    connection = Bounded.connect(
        **{
            "connect_timeout": patience,
            "keepalives_idle": patience,
            "keepalives_interval": 2,
            "keepalives_count": 3,
            "tcp_user_timeout": patience * 1000,
            **told,
            "options": f"{bounds} {told.get('options', '')} {durable}",
        }
    )
    connection.answers_within = limit + GRACE_SECONDS if limit else None
    return connection
