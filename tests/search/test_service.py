"""Exports by the service as it really runs: sent while they are read, and seen to be cut short."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPResponse, IncompleteRead
from pathlib import Path

import pytest

from tests.bulk import fill
from tests.databases import environment_of, log_settings
from tests.running import running

ENTRIES = 2500


@contextmanager
def exporting(folder: Path) -> Iterator[HTTPResponse]:
    """The answer to an export that has begun, of some megabytes; nothing was read of it yet."""
    with log_settings("sqlite", folder) as settings:
        fill(settings, ENTRIES, size="real")
        with running(environment=environment_of(settings)) as service:
            with closing(service.connection()) as connection:
                headers = {"Content-Type": "application/json"}
                connection.request("POST", "/v1/decisions/export", b"{}", headers)
                yield connection.getresponse()
            assert service.ask("GET", "/healthz").status == 200


def test_an_export_is_sent_while_it_is_read(tmp_path: Path) -> None:
    with exporting(tmp_path) as answer:
        assert answer.headers["Transfer-Encoding"] == "chunked"
        first = json.loads(answer.readline())
        rest = [json.loads(line)["sequence"] for line in answer.read().splitlines()]
    assert first["sequence"] == 1
    assert len(rest) > ENTRIES / 2
    assert rest == sorted(rest)


def test_an_export_that_was_cut_short_does_not_look_whole(tmp_path: Path) -> None:
    with exporting(tmp_path) as answer:
        assert answer.readline()
        (tmp_path / "triage.db").unlink()
        with pytest.raises(IncompleteRead):
            answer.read()
