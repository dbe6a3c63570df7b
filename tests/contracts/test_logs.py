"""Log lines hold nothing that a caller sent."""

from __future__ import annotations

import json
import logging
import sys
from typing import Any

import pytest

from triage.logs import JsonLine

Line = dict[str, Any]


def line(
    name: str, message: str, *values: object, error: Exception | None = None
) -> dict[str, Any]:
    """What one record becomes."""
    info = (type(error), error, None) if error else None
    record = logging.LogRecord(name, logging.ERROR, "", 1, message, values, info)
    written = JsonLine().format(record)
    assert "\n" not in written
    found: Line = json.loads(written)
    return found


def test_our_own_lines_say_what_we_chose_to_say() -> None:
    told = line("triage.errors", "unforeseen %s, request %s", "KeyError", "r-1")
    assert told["says"] == "unforeseen KeyError, request r-1"
    assert (told["level"], told["from"]) == ("error", "triage.errors")


@pytest.mark.parametrize(
    ("message", "values", "said"),
    [
        ("Error handling request %s", ("/?nhs=9990000026",), "Error handling request …"),
        ("Worker (pid:%s) was sent %s!", (71, "SIGKILL"), "Worker (pid:71) was sent …!"),
        ("Invalid request from ip=::1: /?nhs=9990000026", (), "Invalid request from ip="),
        ("Error handling request", (), "Error handling request"),
    ],
)
def test_of_other_lines_only_numbers_are_filled_in(
    message: str, values: tuple[object, ...], said: str
) -> None:
    assert line("gunicorn.error", message, *values)["says"] == said


def test_of_an_error_only_its_kind_is_told() -> None:
    told = line("gunicorn.error", "Socket error", error=ValueError("Jane Smith"))
    assert told["error"] == "ValueError"
    assert "Jane" not in json.dumps(told)


def test_every_line_goes_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLine())
    handler.handle(logging.LogRecord("triage", logging.INFO, "", 1, "ready", (), None))
    assert json.loads(capsys.readouterr().err)["says"] == "ready"
