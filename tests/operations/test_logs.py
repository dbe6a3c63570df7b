"""Log lines hold nothing that a caller sent."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from triage.logs import EVENTS, FIELDS, JsonLine, logger

Line = dict[str, Any]

LOG = logger("triage.tests")

VALUES = {
    "endpoint": "triage.decide",
    "method": "POST",
    "status": 200,
    "ms": 1.5,
    "request_id": "60e0b220-8136-4ca5-ae46-1d97ef59d068",
    "role": "gp_system",
    "error": "KeyError",
    "trail": ("triage.app:12", "triage.decide:9"),
    "check": "rules",
    "why": "no bearer token",
    "count": 3,
    "sequence": 17,
    "channel": "webhook",
    "failure": "status_503",
}
"""A value that each field takes."""

IDENTIFYING = ["9990000026", 9990000026, 9990000026.5, ("9990000026",), "Jane Smith, 1 High Street"]


def line_of(record: logging.LogRecord) -> Line:
    """What a record becomes."""
    written = JsonLine().format(record)
    assert "\n" not in written
    found: Line = json.loads(written)
    return found


@pytest.fixture
def said(caplog: pytest.LogCaptureFixture) -> Callable[..., Line]:
    """Says something of our own, and gives the line that it becomes."""

    def say(event: str, **fields: Any) -> Line:
        with caplog.at_level(logging.INFO):
            LOG.error(event, **fields)
        return line_of(caplog.records[-1])

    return say


def foreign(
    message: object,
    *values: object,
    path: str = logging.__file__,
    error: Exception | None = None,
) -> Line:
    """What becomes of a record that a library wrote in one of its files."""
    info = (type(error), error, error.__traceback__) if error else None
    return line_of(
        logging.LogRecord("gunicorn.error", logging.ERROR, path, 7, message, values, info)
    )


def test_a_line_of_ours_says_what_the_tables_allow(said: Callable[..., Line]) -> None:
    line = said("request", **VALUES)
    assert (line["level"], line["from"], line["event"]) == ("error", "triage.tests", "request")
    assert {name: line[name] for name in VALUES} == {**VALUES, "trail": list(VALUES["trail"])}  # type: ignore[call-overload]
    assert "dropped" not in line


def test_every_field_is_tried_here() -> None:
    assert VALUES.keys() == FIELDS.keys()


@pytest.mark.parametrize("name", [*FIELDS, "nhs_number", "exc_info", "said"])
@pytest.mark.parametrize("value", IDENTIFYING)
def test_what_the_tables_do_not_allow_is_dropped_and_counted(
    said: Callable[..., Line], name: str, value: object
) -> None:
    line = said("request", **{name: value})
    assert line["dropped"] == 1
    assert name not in line
    assert not any(part in json.dumps(line) for part in ("9990000026", "Jane", "Street"))


@pytest.mark.parametrize("event", ["Jane Smith", "9990000026", "jane_smith"])
def test_an_event_that_is_not_in_the_list_is_not_told(
    said: Callable[..., Line], event: str
) -> None:
    line = said(event, status=200)
    assert (line["event"], line["dropped"], line["status"]) == ("other", 1, 200)
    assert event not in EVENTS


def a_library(tmp_path: Path) -> str:
    """A source file that spells out a few texts."""
    source = tmp_path / "library.py"
    source.write_text(
        'A = "Error handling request %s"\n'
        'B = "Worker (pid:%s) was sent %s!"\n'
        'C = " Perhaps out of memory?"\n'
        'D = "took %.2f of %d s: "\n'
        'E = f"{A} for {B}"\n'
    )
    return str(source)


@pytest.mark.parametrize(
    ("message", "values", "says"),
    [
        ("Error handling request %s", ("/?nhs=9990000026",), "Error handling request …"),
        ("Worker (pid:%s) was sent %s!", (71, "SIGKILL"), "Worker (pid:71) was sent …!"),
        (
            "Worker (pid:%s) was sent %s! Perhaps out of memory?",
            (71, "SIGKILL"),
            "Worker (pid:71) was sent …! Perhaps out of memory?",
        ),
        ("took %.2f of %d s: ", (0.25, 3), "took 0.25 of 3 s: "),
        ("took %.2f of %d s: ", (9990000026.0, 19850201), "took … of … s: "),
        ("Invalid request from ip=::1: /?nhs=9990000026", (), "…"),
        ("Error handling request 9990000026", (), "…"),
        ("Jane %s", (3,), "… 3"),
        (" for ", (), " for "),
        (ValueError("9990000026"), (), "…"),
        ("Error handling request %s", ({"nhs": 9990000026},), "Error handling request …"),
    ],
)
def test_of_a_library_only_its_own_words_are_told_and_small_numbers(
    tmp_path: Path, message: object, values: tuple[object, ...], says: str
) -> None:
    line = foreign(message, *values, path=a_library(tmp_path))
    assert (line["event"], line["says"], line["place"]) == ("library", says, "library:7")


@pytest.mark.parametrize("name", ["urllib3.connectionpool", "psycopg.pool", "sqlalchemy.pool"])
def test_the_loggers_of_libraries_are_named(name: str) -> None:
    record = logging.LogRecord(name, logging.WARNING, "nowhere.py", 1, "Jane", (), None)
    assert line_of(record)["from"] == name


def test_a_logger_that_is_named_after_somebody_is_not() -> None:
    record = logging.LogRecord("pool.9990000026", logging.WARNING, "x.py", 1, "Jane", (), None)
    assert line_of(record)["from"] == "other"


def test_of_an_error_its_kind_is_told_and_where_it_was_raised() -> None:
    try:
        int("Jane Smith")
    except ValueError as error:
        line = foreign("Socket error", error=error)
    assert line["error"] == "ValueError"
    assert line["trail"][0].startswith(f"{__name__}:")
    assert "Jane" not in json.dumps(line)


OUTBURSTS = {
    "print('9990000026', file=sys.stderr)": "text_withheld",
    "warnings.warn('9990000026')": "library",
    "int('9990000026 Jane')": "unforeseen_error",
    "threading.Thread(target=int, args=['9990000026 Jane']).start()": "unforeseen_error",
    "traceback.print_stack()": "text_withheld",
    "logging.getLogger('x').error('9990000026')": "library",
    "logging.getLogger('triage').error('Exception on /9990000026 [GET]')": "library",
    "logging.getLogger('x').error('%d', 'Jane')": "library",
    "class A:\n  def __del__(self): int('9990000026')/0\nA()": "unforeseen_error",
}
"""Ways to write to standard error, and the event each of them becomes."""


@pytest.mark.parametrize("code", OUTBURSTS)
def test_nothing_reaches_standard_error_but_such_lines(code: str) -> None:
    begun = "import logging, sys, threading, traceback, warnings\nfrom triage import logs\n"
    done = subprocess.run(
        [sys.executable, "-W", "always", "-c", f"{begun}logs.start()\n{code}"],
        capture_output=True,
        text=True,
        check=False,
    )
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert OUTBURSTS[code] in {line["event"] for line in lines}
    assert not any(word in done.stderr for word in ("9990000026", "Jane"))
    assert done.stdout == ""
