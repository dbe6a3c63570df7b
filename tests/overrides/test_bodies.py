"""Every kind of body that asks for no override: a clear answer, and nothing recorded."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.overrides.desk import Desk, made, refused

RIGHT = {
    "route": "cmht",
    "urgency": "urgent",
    "reason": "risk_judgement",
    "comment": "She rang back.",
}


@pytest.fixture
def decision(desk: Desk) -> Iterator[str]:
    """A decision of which afterwards nothing else is recorded, and which can be overridden."""
    decision = desk.refer()
    yield decision
    assert [one["kind"] for one in desk.history(decision)["entries"]] == ["decision"]
    made(desk.post(f"/v1/decisions/{decision}/override", "first", json=RIGHT))


def send(desk: Desk, decision: str, body: Any, content_type: str = "application/json") -> Any:
    """Ask for an override by a body: bytes as they are, all else as JSON."""
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    path = f"/v1/decisions/{decision}/override"
    return desk.post(path, "first", data=sent, content_type=content_type)


def said(problem: dict[str, Any]) -> dict[str, str]:
    """What is wrong, by field."""
    return {error["field"]: error["problem"] for error in problem["errors"]}


@pytest.mark.parametrize(
    ("body", "field", "words"),
    [
        (b"", "body", "not JSON"),
        (b"route=cmht", "body", "not JSON"),
        (b'{"route": "cmht"', "body", "not JSON"),
        (b"{} {}", "body", "not JSON"),
        (b'\xef\xbb\xbf{"route": "cmht"}', "body", "not JSON"),
        (b'{"comment": "\xff"}', "body", "not UTF-8"),
        (b'{"comment": "\\ud800"}', "body", "surrogate"),
        (b'{"comment": NaN}', "comment", "not a number"),
        (b'{"route": "cmht", "route": "crisis"}', "route", "more than once"),
        (b'{"a": ' * 40 + b"1" + b"}" * 40, "body", "32 deep"),
    ],
)
def test_what_is_not_strict_json_is_400(
    desk: Desk, decision: str, body: bytes, field: str, words: str
) -> None:
    assert words in said(refused(send(desk, decision, body), 400))[field]


@pytest.mark.parametrize("body", [[], [RIGHT], "override", 3, None, True])
def test_json_that_is_no_object_is_422(desk: Desk, decision: str, body: Any) -> None:
    assert "must be an object" in said(refused(send(desk, decision, body), 422))["body"]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("route", "cmth", "did you mean cmht?"),
        ("route", "CMHT", "did you mean cmht?"),
        ("route", "", "is not one of the choices"),
        ("route", None, "is needed to decide otherwise"),
        ("route", 3, "is not one of the choices"),
        ("route", ["cmht"], "is not one of the choices"),
        ("urgency", "urgnet", "did you mean urgent?"),
        ("urgency", 0, "is not one of the choices"),
        ("urgency", True, "is not one of the choices"),
        ("reason", "risk_judgment", "did you mean risk_judgement?"),
        ("reason", "because", "use one of: new_information"),
        ("reason", None, "is needed to decide otherwise"),
        ("comment", None, "is needed to decide otherwise"),
        ("comment", "", "1 to 2000 characters"),
        ("comment", "x" * 2001, "1 to 2000 characters"),
        ("comment", "bell \x07", "control character"),
        ("comment", {"text": "x"}, "must be a text"),
    ],
)
def test_a_field_that_is_not_right_says_what_would_be(
    desk: Desk, decision: str, field: str, value: Any, words: str
) -> None:
    problem = refused(send(desk, decision, {**RIGHT, field: value}), 422)
    assert words in said(problem)[field]
    assert list(said(problem)) == [field]


def test_every_fault_is_told_at_once(desk: Desk, decision: str) -> None:
    body = {"route": "x", "urgency": "y", "reason": "z", "by": "Jane"}
    problem = refused(send(desk, decision, body), 422)
    assert set(said(problem)) == {"?", "comment", "reason", "route", "urgency"}
    assert "Jane" not in str(problem)


@pytest.mark.parametrize("content_type", ["", "text/plain", "application/xml"])
def test_a_wrong_content_type_is_415(desk: Desk, decision: str, content_type: str) -> None:
    refused(send(desk, decision, RIGHT, content_type), 415)


def test_a_body_over_the_limit_is_413(desk: Desk, decision: str) -> None:
    refused(send(desk, decision, b'{"comment": "' + b"x" * 300_000 + b'"}'), 413)


def test_a_whole_page_is_a_comment(desk: Desk) -> None:
    decision, comment = desk.refer(), "Zeile\n" * 333 + "é"
    made(send(desk, decision, {**RIGHT, "comment": comment}))
    (override,) = (one for one in desk.history(decision)["entries"] if one["kind"] == "override")
    assert override["comment"] == comment


def test_what_is_not_said_is_as_good_as_null(desk: Desk) -> None:
    body = {name: value for name, value in RIGHT.items() if name != "urgency"}
    assert made(send(desk, desk.refer(), body))["urgency"] == "routine"
    assert made(send(desk, desk.refer(), {**body, "urgency": None}))["urgency"] == "routine"


@pytest.mark.parametrize(
    ("query", "field", "words"),
    [
        ("from=today", "from", "must be a day"),
        ("from=2026-02-30", "from", "must be a day"),
        ("to=2026-2-3", "to", "must be a day"),
        ("from=2026-01-02&from=2026-01-03", "from", "must be a day"),
        ("from=2026-01-02&to=2026-01-01", "to", "is before from"),
        ("form=2026-01-02", "?", "did you mean from?"),
        ("from=", "from", "must be a day"),
    ],
)
def test_days_that_are_none_are_422(desk: Desk, query: str, field: str, words: str) -> None:
    problem = refused(desk.get(f"/v1/overrides?{query}", "first"), 422)
    assert words in said(problem)[field]
