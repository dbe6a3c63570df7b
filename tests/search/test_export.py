"""Decisions are taken away: whole, in order, without anybody's name, and it is recorded."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest

from tests.search.conftest import AUDITOR, Desk, a_decision
from tests.search.plain import Plain
from triage.domain.search import Format, Search
from triage.searching import COLUMNS, Exporter
from triage.searching import export as exporting
from triage.store import search as searching
from triage.store.log import DecisionLog
from triage.store.search import last_entry


def rows(text: str) -> list[dict[str, str]]:
    """The rows of a table in CSV."""
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def exported(desk: Desk, body: dict[str, Any]) -> str:
    answer = desk.post("export", body, role="auditor")
    assert answer.status_code == 200, answer.data
    assert answer.headers["Cache-Control"] == "no-store"
    return str(answer.get_data(as_text=True))


def test_a_line_is_the_entry_as_the_log_has_hashed_it(desk: Desk) -> None:
    expected = [entry["sequence"] for entry in Plain.of(desk.log).decisions]
    lines = exported(desk, {}).splitlines()
    assert [json.loads(line)["sequence"] for line in lines] == expected
    for line in lines[::50]:
        proof = desk.client.get(f"/v1/log/proof/{json.loads(line)['sequence']}").get_json()
        assert sha256(b"\0" + line.encode()).hexdigest() == proof["leaf_hash"]


def test_a_row_says_what_a_search_says(desk: Desk) -> None:
    body = {"route": ["cmht", "crisis"]}
    listed = []
    page = desk.found({**body, "order": "oldest", "limit": 100})
    while page["next"]:
        listed += page["decisions"]
        page = desk.found({**body, "order": "oldest", "limit": 100, "cursor": page["next"]})
    listed += page["decisions"]
    found = rows(exported(desk, {**body, "format": "csv"}))
    assert [tuple(row) for row in found[:1]] == [COLUMNS]
    assert found == [{name: in_words(value) for name, value in one.items()} for one in listed]
    assert any(" " in row["alerts"] for row in found)


def in_words(value: Any) -> str:
    if isinstance(value, list):
        return " ".join(value)
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def test_a_table_is_written_as_the_standard_has_it(desk: Desk) -> None:
    answer = desk.post("export", {"format": "csv", "route": ["counselling"], "source": ["E6"]})
    assert answer.content_type == "text/csv; charset=utf-8; header=present"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="decisions.csv"'
    assert answer.data == ",".join(COLUMNS).encode() + b"\r\n"
    answer = desk.post("export", {})
    assert answer.content_type == "application/x-ndjson"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="decisions.ndjson"'


@pytest.mark.parametrize("code", ["=1+1", "+1", "-1", "@sum", '"a",b', "a;b", "é", "'q"])
def test_no_cell_is_worked_out_by_a_spreadsheet(desk: Desk, code: str) -> None:
    new = a_decision(desk.log)
    referral = {**new.parts["referral"], "ods_code": code}
    desk.log.append(replace(new, parts={**new.parts, "referral": referral}))
    (row,) = rows(exported(desk, {"ods_code": [code], "format": "csv"}))
    assert row["ods_code"] == (f"'{code}" if code[0] in "=+-@" else code)


def test_who_takes_decisions_away_is_recorded_before_the_first_is_given(desk: Desk) -> None:
    last = last_entry(desk.log)
    search = Search(routes=("cmht",), overridden=True)
    parts = Exporter(desk.log).decisions(search, Format.CSV, AUDITOR)
    entry = desk.last()
    assert entry["sequence"] == last + 1
    assert (entry["kind"], entry["format"], entry["by"]) == ("export", 1, AUDITOR.as_dict())
    assert (entry["what"], entry["file_format"], entry["up_to"]) == ("decisions", "csv", last)
    assert entry["filters"] == {"route": ["cmht"], "overridden": True}
    assert entry["person"] is False
    assert b"".join(parts).startswith(b"decision_id,")


def test_a_person_s_decisions_are_taken_away_and_named_but_not_the_person(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = "9990003008"
    ids = [desk.log.append(a_decision(desk.log, number=number)).id for _ in range(3)]
    body = {"person": {"nhs_number": number}}
    assert [json.loads(line)["id"] for line in exported(desk, body).splitlines()] == ids
    entry = desk.last()
    assert (entry["person"], entry["found"], entry["more"]) == (True, ids, False)
    assert number not in str(entry)
    monkeypatch.setattr(exporting, "MOST_NAMED", 2)
    assert len(exported(desk, body).splitlines()) == len(ids)
    entry = desk.last()
    assert (entry["found"], entry["more"]) == (ids[:2], True)


def test_what_is_recorded_while_it_is_read_is_left_out(
    small_log: DecisionLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "AT_ONCE", 10)
    expected = [entry["id"] for entry in Plain.of(small_log).decisions]
    told: list[tuple[int, int]] = []
    exporter = Exporter(small_log, lambda done, last: told.append((done, last)))
    found = []
    for part in exporter.decisions(Search(), Format.NDJSON, AUDITOR):
        found += [json.loads(line)["id"] for line in part.splitlines()]
        small_log.append(a_decision(small_log))
    assert found == expected
    assert told == sorted(told)
    assert told[-1] == (300, 300)


def test_a_reader_who_takes_their_time_holds_no_connection(small_log: DecisionLog) -> None:
    exports = [Exporter(small_log).decisions(Search(), Format.NDJSON, AUDITOR) for _ in range(20)]
    begun = [next(one) for one in exports]
    assert all(begun)
    small_log.append(a_decision(small_log))
