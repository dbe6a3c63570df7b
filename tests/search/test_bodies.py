"""Every kind of body that a search or an export cannot take: what is wrong is named."""

from __future__ import annotations

from typing import Any

import pytest

from tests.search.conftest import Desk
from triage.store.search import last_entry

BAD: list[tuple[dict[str, Any], str, str]] = [
    ({"from": "2026-11-01"}, "from", "must be a moment"),
    ({"from": "2026-11-01T00:00:00"}, "from", "time zone"),
    ({"to": 3}, "to", "must be a moment"),
    ({"from": "2026-11-02T00:00:00Z", "to": "2026-11-02T01:00:00+01:00"}, "to", "not after from"),
    ({"route": "cmht"}, "route", "must be a list"),
    ({"route": ["cmht", "cmth"]}, "route.1", "did you mean cmht?"),
    ({"route": ["no such"]}, "route.0", "must be a word"),
    ({"urgency": ["rutine"]}, "urgency.0", "did you mean routine?"),
    ({"source": ["A0"]}, "source.0", "is no source"),
    ({"rule": ["step2"]}, "rule.0", "did you mean step-2?"),
    ({"rule": ["9990000026"]}, "rule.0", "is no rule"),
    ({"rule": ["step-2"] * 11}, "rule", "at most 10"),
    ({"ods_code": [""]}, "ods_code.0", "1 to 12"),
    ({"ods_code": ["9990000026"]}, "ods_code.0", "use person"),
    ({"ods_code": ["999 000 0026"]}, "ods_code.0", "use person"),
    ({"ods_code": ["C\n1"]}, "ods_code.0", "control character"),
    ({"ods_code": ["C1"] * 21}, "ods_code", "at most 20"),
    ({"rulebook": "sha256:12"}, "rulebook", "64 digits"),
    ({"overridden": "true"}, "overridden", "true or false"),
    ({"person": "9990000026"}, "person", "must be an object"),
    ({"person": {}}, "person.nhs_number", "leave person out"),
    ({"person": {"nhs_number": 9990000026}}, "person.nhs_number", "ten digits"),
    ({"person": {"nhs_number": "999"}}, "person.nhs_number", "ten digits"),
    ({"decision_ids": ["9990000026"]}, "decision_ids.0", "must be the id"),
    ({"nhs_number": "9990000026"}, "?", "is not known here"),
]

OF_PAGES: list[tuple[dict[str, Any], str, str]] = [
    ({"limit": 0}, "limit", "range 1 to 100"),
    ({"limit": 101}, "limit", "range 1 to 100"),
    ({"limit": 2.5}, "limit", "whole number"),
    ({"order": "upwards"}, "order", "newest, oldest"),
    ({"count": 1}, "count", "true or false"),
    ({"format": "csv"}, "?", "is not known here"),
]

OF_EXPORTS: list[tuple[dict[str, Any], str, str]] = [
    ({"format": "xlsx"}, "format", "ndjson, csv"),
    ({"limit": 3}, "?", "is not known here"),
]


@pytest.mark.parametrize(
    ("what", "body", "field", "words"),
    [("search", *one) for one in BAD + OF_PAGES] + [("export", *one) for one in BAD + OF_EXPORTS],
)
def test_what_is_wrong_is_named_and_not_repeated(
    desk: Desk, what: str, body: dict[str, Any], field: str, words: str
) -> None:
    before = last_entry(desk.log)
    said = desk.faults(what, body)
    assert words in said[field], said
    assert len(said) == 1
    assert "9990000026" not in str(said)
    assert last_entry(desk.log) == before


def test_every_fault_is_told_at_once(desk: Desk) -> None:
    body = {"route": ["cmth", "x y"], "limit": 0, "person": {}, "made_up": 1, "to": "soon"}
    said = desk.faults("search", body)
    assert list(said) == ["?", "limit", "person.nhs_number", "route.1", "to"]


@pytest.mark.parametrize("what", ["search", "export"])
def test_a_body_that_is_no_object_or_no_json_is_refused(desk: Desk, what: str) -> None:
    assert "must be an object" in desk.faults(what, [])["body"]
    path = f"/v1/decisions/{what}"
    bodies = {b"{": 400, b'{"limit": NaN}': 400, b'{"to": 1, "to": 1}': 400}
    for body, status in bodies.items():
        answer = desk.client.post(path, data=body, content_type="application/json")
        assert answer.status_code == status
        assert answer.content_type == "application/problem+json"
    assert desk.client.post(path, data=b"{}", content_type="text/plain").status_code == 415
    assert desk.client.get(path).status_code in (404, 405)
