"""How databases answer a search: by indexes alone, never by reading through a whole table."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, event

from tests.bulk import LAST
from tests.search.conftest import Searched
from triage.domain.search import Search
from triage.store.search import Way, count, find
from triage.store.walk import PLAIN_PLANS

MONTH: dict[str, Any] = {"earliest": LAST - timedelta(days=60), "before": LAST - timedelta(days=30)}

SEARCHES = {
    "all": Search(),
    "route": Search(routes=("cmht",)),
    "routes": Search(routes=("cmht", "crisis")),
    "urgency": Search(urgencies=("urgent",)),
    "source": Search(sources=("A1", "B1")),
    "ods_code": Search(ods_codes=("C81001", "C81002")),
    "rule": Search(rules=("step-2",)),
    "rules": Search(rules=("step-2", "risk-low")),
    "rulebook": Search(rulebook="sha256:none"),
    "overridden": Search(overridden=True),
    "not overridden": Search(overridden=False, routes=("crisis",)),
    "person": Search(nhs_number="9990000026"),
    "ids": Search(decision_ids=("22222222-2222-4222-8222-222222222222",)),
    "time": Search(**MONTH),
    "many": Search(**MONTH, routes=("cmht",), urgencies=("urgent",), rules=("risk-low",)),
}

LARGE = ("entries", "fired", "identities", "overridden")
"""The tables that grow with the log."""


@contextmanager
def heard(connection_of: Any) -> Iterator[list[tuple[str, Any]]]:
    """The statements that a database is asked meanwhile, with their values."""
    said: list[tuple[str, Any]] = []

    def hear(_c: object, _cursor: object, statement: str, values: object, *_more: object) -> None:
        said.append((statement, values))

    event.listen(connection_of, "before_cursor_execute", hear)
    yield said
    event.remove(connection_of, "before_cursor_execute", hear)


def plans(connection: Connection, statement: str, values: Any) -> list[str]:
    """How a statement would be answered, a line for each step."""
    if connection.dialect.name == "sqlite":
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        return [row.detail for row in rows]
    return [row[0] for row in connection.exec_driver_sql(f"EXPLAIN {statement}", values)]


@pytest.mark.parametrize("name", SEARCHES)
def test_no_table_that_grows_is_read_through(searched: Searched, name: str) -> None:
    log, search = searched.log, SEARCHES[name]
    with log.database.read() as connection, heard(connection.engine) as said:
        for newest_first in (True, False):
            find(log, search, 20, Way(newest_first))
        count(log, search)
        asked = [one for one in said if one[0].startswith("SELECT") and "set_config" not in one[0]]
    with log.database.read() as connection:
        if not log.database.is_sqlite:
            connection.execute(PLAIN_PLANS, {"merges": "off"})
        steps = [step for one in asked for step in plans(connection, *one)]
    assert steps
    through = [step for step in steps for table in LARGE if is_through(step, table)]
    assert not through


def is_through(step: str, table: str) -> bool:
    """Does a step read through all of a table, or of an index?"""
    if f"Seq Scan on {table}" in step:
        return True
    return step.startswith("SCAN ") and any(word in (table, *ALIASES) for word in step.split())


ALIASES = ("by_route", "by_kind", "by_urgency", "by_source", "by_ods_code", "by_rulebook", "by_id")
"""What the entries are called where they are read for one filter."""
