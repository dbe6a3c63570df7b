"""What is answered when all is well."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask.testing import FlaskClient

import triage.api
from tests.running import Service
from triage.api.examples import REFERRAL
from triage.rulebook import Rulebook

GETS = ("/v1/rulebook", "/v1/vocabulary", "/healthz", "/readyz", "/openapi.json", "/docs")
ROOT = Path(__file__).parents[2]
VENDORED = Path(triage.api.__file__).parent / "static" / "vendor"


def test_a_decision_comes_in_the_order_that_callers_rely_on(service: Service) -> None:
    answer = service.triage(REFERRAL)
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert list(answer.json)[:5] == ["reference", "status", "urgency", "booking_held", "route"]
    assert answer.json["reference"] == "example-1"
    assert answer.json["route"]["id"] == "iapt_step_2"


def test_text_leaves_as_utf_8(service: Service) -> None:
    answer = service.triage({"reference": "réf-😀"})
    assert "réf-😀" in answer.body.decode("utf-8")


def test_the_same_referral_gives_the_same_bytes_from_every_worker(service: Service) -> None:
    with ThreadPoolExecutor(8) as callers:
        answers = list(callers.map(lambda _: service.triage(REFERRAL).body, range(64)))
    assert len(set(answers)) == 1


def test_the_rulebook_is_data_under_its_digest(client: FlaskClient, rulebook: Rulebook) -> None:
    answer = client.get("/v1/rulebook")
    told = answer.get_json()
    assert told["digest"] == rulebook.stamp.digest
    rules = [rule["id"] for ruleset in told["rulesets"] for rule in ruleset["rules"]]
    otherwise = [one["otherwise"]["id"] for one in told["rulesets"] if one["otherwise"]]
    assert {*rules, *otherwise} == {rule.id for rule in rulebook.rules}
    assert client.get(f"/v1/rulebook/{told['digest']}").data == answer.data


def test_a_rulebook_that_is_not_loaded_is_404(client: FlaskClient) -> None:
    answer = client.get("/v1/rulebook/sha256:0")
    assert answer.status_code == 404
    assert answer.content_type == "application/problem+json"


@pytest.mark.parametrize("path", ["/v1/rulebook", "/v1/vocabulary"])
def test_what_a_caller_has_already_is_not_sent_again(client: FlaskClient, path: str) -> None:
    tag = client.get(path).headers["ETag"]
    answer = client.get(path, headers={"If-None-Match": tag})
    assert answer.status_code == 304
    assert not answer.data


def test_the_vocabulary_holds_every_word_in_order(client: FlaskClient, rulebook: Rulebook) -> None:
    told = client.get("/v1/vocabulary").get_json()
    vocabulary = rulebook.vocabulary
    assert [one["name"] for one in told["answers"]] == list(vocabulary.answers)
    assert [one["id"] for one in told["routes"]] == list(vocabulary.routes)
    assert [one["id"] for one in told["factors"]] == list(vocabulary.factors)
    score = next(one for one in told["answers"] if one["name"] == "phq9_total")
    assert (score["from"], score["to"], score["codes"]["loinc"]) == (0, 27, "44261-6")


def test_the_service_says_that_it_is_up_and_ready(service: Service, rulebook: Rulebook) -> None:
    assert service.ask("GET", "/healthz").json == {"status": "ok"}
    ready = service.ask("GET", "/readyz").json
    assert (ready["status"], ready["rulebook"]["digest"]) == ("ready", rulebook.stamp.digest)


@pytest.mark.parametrize("path", [*GETS, "/nowhere", "/v1/triage"])
def test_every_answer_is_private_and_has_an_id(client: FlaskClient, path: str) -> None:
    answer = client.get(path, buffered=True)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert len(answer.headers["X-Request-Id"]) == 32


IDS = [
    ("60E0B220-8136-4CA5-AE46-1D97EF59D068", True),
    ("60e0b22081364ca5ae461d97ef59d068", True),
    ("9990000026", False),
    ("John.Smith", False),
]


@pytest.mark.parametrize(("given", "kept"), IDS)
def test_a_request_id_is_kept_if_it_is_a_uuid(
    client: FlaskClient, given: str, *, kept: bool
) -> None:
    answer = client.get("/healthz", headers={"X-Request-Id": given})
    assert (answer.headers["X-Request-Id"] == given) is kept


@pytest.mark.parametrize("path", GETS)
def test_head_is_get_without_a_body(client: FlaskClient, path: str) -> None:
    answer = client.head(path, buffered=True)
    assert answer.status_code == 200
    assert not answer.data


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [("GET", "/v1/triage", "OPTIONS, POST"), ("POST", "/v1/rulebook", "GET, HEAD, OPTIONS")],
)
def test_a_method_that_is_not_taken_names_those_that_are(
    client: FlaskClient, method: str, path: str, allowed: str
) -> None:
    answer = client.open(path, method=method)
    assert answer.status_code == 405
    assert ", ".join(sorted(answer.headers["Allow"].split(", "))) == allowed
    assert answer.content_type == "application/problem+json"
    assert client.options(path).headers["Allow"] == answer.headers["Allow"]


@pytest.mark.parametrize("path", ["/v1", "/v1/triage/", "/docs/vendor/../docs.html"])
def test_where_there_is_nothing_it_says_so(client: FlaskClient, path: str) -> None:
    answer = client.get(path, buffered=True)
    assert answer.status_code == 404
    assert answer.get_json(force=True)["title"] == "Not Found"


def test_the_page_of_calls_asks_nothing_of_other_hosts(client: FlaskClient) -> None:
    page = client.get("/docs", buffered=True).get_data(as_text=True)
    assert "://" not in page
    for path in ("docs/docs.js", *(part for part in page.split('"') if part.startswith("docs/"))):
        assert client.get(f"/{path}", buffered=True).status_code == 200


@pytest.mark.parametrize(
    "manifest", sorted(VENDORED.glob("*/SHA256SUMS")), ids=lambda one: one.parent.name
)
def test_vendored_files_are_those_that_were_vendored(manifest: Path) -> None:
    lines = [line.split() for line in manifest.read_text().splitlines()]
    named = {name: digest for digest, name in lines}
    files = {one.name: one for one in manifest.parent.iterdir() if one != manifest}
    assert files.keys() == named.keys()
    for name, one in files.items():
        assert hashlib.sha256(one.read_bytes()).hexdigest() == named[name]


def test_operators_find_the_app_in_wsgi() -> None:
    asks = "from wsgi import app; print(app.test_client().get('/readyz').status_code)"
    done = subprocess.run(
        [sys.executable, "-c", asks], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout == "200\n"
    assert json.loads(done.stderr)["endpoint"] == "operations.readyz"


def test_the_examples_of_the_document_are_really_answered_so(client: FlaskClient) -> None:
    call = client.get("/openapi.json").get_json()["paths"]["/v1/triage"]["post"]
    sent = call["requestBody"]["content"]["application/json"]["examples"]
    told = call["responses"]["200"]["content"]["application/json"]["examples"]
    for name, example in sent.items():
        assert client.post("/v1/triage", json=example["value"]).get_json() == told[name]["value"]
    faulty = call["responses"]["422"]["content"]["application/problem+json"]["example"]
    assert faulty["safety"]["route"] == "crisis"
    assert json.dumps(faulty).count("phq9_total") == 1
