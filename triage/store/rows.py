"""Reads and writes what a commit needs in few turns.

A thread that talks to a database lets the others run meanwhile, and in a busy process it waits for
its turn again after every statement. So the fewer there are, the sooner the commit; and what is
said every time is said to the driver itself, in words made once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import cache
from itertools import chain
from typing import Any

from sqlalchemy import Column, Connection, Table
from sqlalchemy.dialects import postgresql

Row = tuple[Any, ...]
"""A value for each column of a table, in their order."""

Question = tuple[str, Sequence[Any]]
"""A statement that reads, and the values for its question marks."""

MOST_AT_ONCE = 64
"""The most rows of one statement of SQLite, which has a name for each value in it."""


def ask(connection: Connection, *questions: Question) -> list[list[Row]]:
    """The rows that answer each question, asked in one go."""
    driver: Any = connection.connection.driver_connection
    is_sqlite = _is_sqlite(connection)
    with _in_one_go(driver, is_sqlite=is_sqlite):
        cursors = [
            driver.execute(statement if is_sqlite else statement.replace("?", "%b"), values)
            for statement, values in questions
        ]
    return [cursor.fetchall() for cursor in cursors]


def among(connection: Connection, column: Column[Any], values: Sequence[Any]) -> Question:
    """The rows of a table whose column has one of these values; at most 256 of them."""
    columns = ", ".join(column.table.columns.keys())
    chosen = f"SELECT {columns} FROM {column.table} WHERE {column.name}"  # noqa: S608 (our names)
    if not _is_sqlite(connection):
        return f"{chosen} = ANY(?)", (list(values),)
    count = 1 << (len(values) - 1).bit_length()
    filled = [*values, *[values[0]] * (count - len(values))]
    return f"{chosen} IN ({', '.join('?' * count)})", filled


def put(connection: Connection, rows: Mapping[Table, Sequence[Row]]) -> None:
    """Append rows to their tables, in the order of the tables."""
    driver: Any = connection.connection.driver_connection
    is_sqlite = _is_sqlite(connection)
    statements = _in_rows if is_sqlite else _in_columns
    with _in_one_go(driver, is_sqlite=is_sqlite):
        for table, of_table in rows.items():
            if of_table:
                for statement, values in statements(table, of_table):
                    driver.execute(statement, values)


def _is_sqlite(connection: Connection) -> bool:
    return connection.dialect.name == "sqlite"


def _in_one_go(driver: Any, *, is_sqlite: bool) -> AbstractContextManager[Any]:
    """PostgreSQL is sent every statement before it is asked what became of the first."""
    return nullcontext() if is_sqlite else driver.pipeline()


def _in_rows(table: Table, rows: Sequence[Row]) -> Iterator[tuple[str, Row]]:
    begin = 0
    while begin < len(rows):
        count = min(1 << (len(rows) - begin).bit_length() - 1, MOST_AT_ONCE)
        yield _of_rows(table, count), tuple(chain.from_iterable(rows[begin : begin + count]))
        begin += count


@cache
def _of_rows(table: Table, count: int) -> str:
    """The statement for so many rows: a power of two, so that few need to be prepared."""
    row = f"({', '.join('?' * len(table.columns))})"
    return f"INSERT INTO {_named(table)} VALUES {', '.join([row] * count)}"  # noqa: S608 (our names)


def _in_columns(table: Table, rows: Sequence[Row]) -> Iterator[tuple[str, Row]]:
    yield _of_columns(table), tuple(map(list, zip(*rows, strict=True)))


@cache
def _of_columns(table: Table) -> str:
    """The statement for any number of rows, given as an array for each column."""
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    arrays = ", ".join(f"%b::{one.type.compile(dialect)}[]" for one in table.columns)
    return f"INSERT INTO {_named(table)} SELECT * FROM unnest({arrays})"  # noqa: S608 (our names)


def _named(table: Table) -> str:
    return f"{table.name} ({', '.join(table.columns.keys())})"
