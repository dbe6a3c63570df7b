"""Every kind of body that cannot be taken: a clear answer, and nothing else harmed."""

from __future__ import annotations

import json
from contextlib import closing
from typing import Any

import pytest

from tests.running import Answer, Service, read
from triage.api.examples import REFERRAL

PROBLEM = "application/problem+json"


@pytest.fixture(autouse=True)
def nothing_else_is_harmed(service: Service) -> Any:
    """After each bad body the service still decides."""
    yield
    assert service.triage(REFERRAL).status == 200


def a_problem(answer: Answer, status: int) -> dict[str, Any]:
    """The problem in an answer, which must be one in form, and say what to do in danger."""
    assert answer.status == status, answer.body
    assert answer.headers["Content-Type"] == PROBLEM
    assert answer.headers["Cache-Control"] == "no-store"
    problem: dict[str, Any] = answer.json
    assert problem["status"] == status
    assert "call 999" in problem["safety_net"]
    return problem


def said(problem: dict[str, Any]) -> dict[str, str]:
    return {error["field"]: error["problem"] for error in problem["errors"]}


@pytest.mark.parametrize(
    ("body", "field", "words"),
    [
        (b"", "body", "not JSON"),
        (b"phq9_total=12", "body", "not JSON"),
        (b'{"answers": {"plan": "none"}', "body", "not JSON"),
        (b"{'answers': {}}", "body", "not JSON"),
        (b'{"answers": {},}', "body", "not JSON"),
        (b"{} {}", "body", "not JSON"),
        (b'\xef\xbb\xbf{"answers": {}}', "body", "not JSON"),
        (b'{"notes": "\xff"}', "body", "not UTF-8"),
        ('{"notes": "é"}'.encode("latin-1"), "body", "not UTF-8"),
        ('{"answers": {}}'.encode("utf-16"), "body", "not UTF-8"),
        (b'{"notes": "\\ud800"}', "body", "surrogate"),
        (b'{"answers": {"phq9_total": NaN}}', "answers.phq9_total", "not a number"),
        (b'{"answers": {"phq9_items": [0, -Infinity]}}', "answers.phq9_items.1", "not a number"),
        (b'{"answers": {"plan": "none", "plan": "none"}}', "answers.plan", "more than once"),
        (b'{"answers": {}, "answers": {}}', "answers", "more than once"),
        (b'{"a": ' * 40 + b"1" + b"}" * 40, "body", "32 deep"),
        (b"[" * 200_000, "body", "32 deep"),
        (b'{"answers": {"phq9_total": ' + b"1" * 5000 + b"}}", "body", "thousands of digits"),
    ],
)
def test_what_is_not_strict_json_is_400_and_says_where(
    service: Service, body: bytes, field: str, words: str
) -> None:
    assert words in said(a_problem(service.triage(body), 400))[field]


def test_nesting_to_the_limit_is_read(service: Service) -> None:
    deep = b'{"patient": ' + b"[" * 31 + b"]" * 31 + b"}"
    assert said(a_problem(service.triage(deep), 422))["patient"]


@pytest.mark.parametrize("body", [[], [REFERRAL], "referral", 3, None, True])
def test_json_that_is_no_object_is_422(service: Service, body: Any) -> None:
    assert "must be an object" in said(a_problem(service.triage(body), 422))["body"]


@pytest.mark.parametrize(
    "score",
    ["2.9", '"16"', "true", "1e400", '"\\uff11\\uff16"', "-1", "28", "1e-400", "[]", "{}"],
)
def test_what_is_no_score_is_never_made_one(service: Service, score: str) -> None:
    body = f'{{"answers": {{"phq9_total": {score}}}}}'.encode()
    assert "0 to 27" in said(a_problem(service.triage(body), 422))["answers.phq9_total"]


@pytest.mark.parametrize("score", ["16", "16.0", "1.6e1", "160e-1"])
def test_a_whole_score_is_one_however_it_is_written_or_is_refused(
    service: Service, score: str
) -> None:
    answer = service.triage(f'{{"answers": {{"phq9_total": {score}}}}}'.encode())
    assert answer.status == (200 if score in ("16", "16.0") else 422)


def test_an_unknown_answer_names_the_nearest(service: Service) -> None:
    body = {"answers": {"plan": "none", "phq9_totl": 3}}
    told = said(a_problem(service.triage(body), 422))
    assert told == {
        "answers.?": "name 2 of this object is not known here; did you mean phq9_total?"
    }


def test_a_level_that_is_no_level_is_422(service: Service) -> None:
    problem = a_problem(service.triage({"levels": {"risk": "severe"}}), 422)
    assert "low, medium, high" in said(problem)["levels.risk"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"patient": {"birth_date": "2190-01-01"}}, "patient.birth_date"),
        ({"answers": {"phq9_on": "2190-01-01"}}, "answers.phq9_on"),
        ({"answers": {"gad7_on": "2190-01-01"}}, "answers.gad7_on"),
        ({"answers": {"risk_asked_on": "2190-01-01"}}, "answers.risk_asked_on"),
        ({"received_at": "2190-01-01T00:00:00Z"}, "received_at"),
    ],
)
def test_a_date_in_the_future_is_422(service: Service, body: Any, field: str) -> None:
    assert "check the" in said(a_problem(service.triage(body), 422))[field]


@pytest.mark.parametrize("size", [256 * 1024 + 1, 900_000, 3_000_000])
def test_a_body_over_the_limit_is_413(service: Service, size: int) -> None:
    a_problem(service.triage(b'{"notes": "' + b"x" * (size - 13) + b'"}'), 413)


def test_a_body_at_the_limit_is_read(service: Service) -> None:
    body = b"{" + b" " * (256 * 1024 - 2) + b"}"
    assert service.triage(body).status == 200


def test_a_body_in_chunks_has_the_same_limit(service: Service) -> None:
    parts = (b"x" * 100_000 for _ in range(5))
    headers = {"Content-Type": "application/json"}
    with closing(service.connection()) as connection:
        connection.request("POST", "/v1/triage", parts, headers, encode_chunked=True)
        assert read(connection.getresponse()).status == 413


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/xml",
        "application/json; charset=latin-1",
        "application/jsonx",
        "application/json-seq",
    ],
)
def test_a_wrong_content_type_is_415(service: Service, content_type: str) -> None:
    a_problem(service.triage(REFERRAL, content_type), 415)


def test_an_encoded_body_is_415(service: Service) -> None:
    body = json.dumps(REFERRAL).encode()
    headers = {"Content_Type": "application/json", "Content_Encoding": "gzip"}
    a_problem(service.ask("POST", "/v1/triage", body, **headers), 415)


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json; charset=utf-8",
        'Application/JSON;charset="UTF-8"',
        "application/fhir+json",
    ],
)
def test_json_by_another_name_is_read(service: Service, content_type: str) -> None:
    assert service.triage(REFERRAL, content_type).status == 200


MADE_UP = [
    b'{"Smith": 1, "Smith": 2}',
    b'{"Smith": NaN}',
    b'{"Smith": {"Jane": 1, "Jane": 2}}',
    b'{"answers": {"Smith": {"Jane": 1}}}',
    b'{"patient": {"Smith": 1}, "levels": {"Jane": 1}, "12345": 1}',
]


@pytest.mark.parametrize("body", MADE_UP)
def test_no_problem_repeats_a_name_that_is_not_known(service: Service, body: bytes) -> None:
    answer = service.triage(body)
    assert answer.status in {400, 422}
    assert not any(word in answer.body for word in (b"Smith", b"Jane", b"12345"))


def test_no_problem_repeats_a_patient(service: Service) -> None:
    body = {
        "patient": {"nhs_number": "999000002", "postcode": "DN1 1AA" * 9, "name": "Jane"},
        "answers": {"plan": "Jane said so", "9990000026": "Jane"},
        "notes": 9990000026,
    }
    answer = service.triage(body).body.decode()
    assert not any(word in answer for word in ("999000002", "DN1", "Jane"))
