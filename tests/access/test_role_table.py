"""The table of roles, cell by cell, on the service itself."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.access.tokens import AnIssuer
from triage.access.roles import TABLE, By, Cell, Row, check_table, read_table
from triage.app import create_app
from triage.config import Settings
from triage.domain.caller import ISSUED_ROLES, Role

FILLED_IN = (
    (r"<uuid:[^>]*>", "60e0b220-8136-4ca5-ae46-1d97ef59d068"),
    (r"<int[:(][^>]*>", "1"),
    (r"<[^>]*>", "nothing"),
)

REFUSED = (401, 403)

OF_DEMONSTRATIONS = "sign_in.choose"
"""A call of which a service with an issuer knows nothing; it has tests of its own."""

ROWS = [
    pytest.param(row, id=row.endpoint)
    for row in TABLE.values()
    if row.endpoint != OF_DEMONSTRATIONS
]
CALLS = [pytest.param(row, id=row.endpoint) for row in TABLE.values() if row.by is By.TOKEN]
OPEN = [
    pytest.param(row, id=row.endpoint)
    for row in TABLE.values()
    if row.by is By.NOTHING and not row.endpoint.startswith("sign_in.")  # see its own tests
]
PAGES = [pytest.param(row, id=row.endpoint) for row in TABLE.values() if row.by is By.SESSION]


def path_of(app: Flask, row: Row) -> str:
    """The path of a call with something filled in."""
    rules = list(app.url_map.iter_rules(row.endpoint)) if row.endpoint in app.view_functions else []
    if not rules:
        pytest.skip("this call is not built yet")
    path = rules[0].rule
    for pattern, value in FILLED_IN:
        path = re.sub(pattern, value, path)
    return path


def ask(client: FlaskClient, row: Row, **headers: str) -> TestResponse:
    """The answer to a call, which is right in nothing but who makes it."""
    path = path_of(client.application, row)
    return client.open(path, method=row.method, headers=headers, buffered=True)


@pytest.mark.parametrize("row", ROWS)
def test_the_table_says_what_the_service_serves(row: Row, guarded: Flask) -> None:
    path_of(guarded, row)
    (rule,) = guarded.url_map.iter_rules(row.endpoint)
    assert row.method in (rule.methods or ())
    assert rule.methods is not None
    assert rule.methods - {"HEAD", "OPTIONS"} == {row.method}
    assert re.sub("<[^>]*>", "{}", rule.rule) == row.path


@pytest.mark.parametrize("role", ISSUED_ROLES)
@pytest.mark.parametrize("row", CALLS)
def test_a_call_is_open_to_the_roles_of_its_row(
    row: Row, role: Role, caller: FlaskClient, issuer: AnIssuer
) -> None:
    answer = ask(caller, row, **issuer.bearer(role))
    if row.cell(role) is Cell.NO:
        assert answer.status_code == 403
        assert answer.headers["WWW-Authenticate"].endswith('error="insufficient_scope"')
    else:
        assert answer.status_code not in REFUSED


@pytest.mark.parametrize("row", CALLS)
def test_a_call_without_a_token_is_refused(row: Row, caller: FlaskClient) -> None:
    answer = ask(caller, row)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="referral-triage"'
    of_fhir = row.path.startswith("/fhir/")
    assert answer.content_type == f"application/{'fhir' if of_fhir else 'problem'}+json"
    told = answer.get_json(force=True)
    assert "call 999" in (told["issue"][-1]["diagnostics"] if of_fhir else told["safety_net"])


@pytest.mark.parametrize("row", CALLS)
def test_a_developer_on_the_machine_itself_may_make_every_call(row: Row, here: FlaskClient) -> None:
    assert ask(here, row).status_code not in REFUSED


@pytest.mark.parametrize("row", OPEN)
def test_what_is_open_to_all_asks_for_nothing(row: Row, caller: FlaskClient) -> None:
    assert ask(caller, row).status_code not in REFUSED
    assert ask(caller, row, Authorization="Bearer nonsense").status_code not in REFUSED


@pytest.mark.parametrize("role", ISSUED_ROLES)
@pytest.mark.parametrize("row", PAGES)
def test_a_token_opens_no_page(row: Row, role: Role, caller: FlaskClient, issuer: AnIssuer) -> None:
    answer = ask(caller, row, **issuer.bearer(role))
    if row.method == "GET":
        assert (answer.status_code, answer.location) == (303, "/sign-in")
    else:
        assert answer.status_code == 401


def test_only_what_is_open_to_all_is_open_to_all(guarded: Flask) -> None:
    served = {rule.endpoint for rule in guarded.url_map.iter_rules()}
    open_to_all = {endpoint for endpoint in served if TABLE[endpoint].by is By.NOTHING}
    assert {each for each in open_to_all if not each.startswith("rulebook.")} == {
        "assets.file",
        "docs.openapi",
        "docs.page",
        "docs.script",
        "docs.vendored",
        "fhir.metadata",
        "operations.healthz",
        "operations.readyz",
        "sign_in.back",
        "sign_in.begin",
        "sign_in.gone",
    }


def test_the_document_says_who_may_make_a_call(caller: FlaskClient) -> None:
    document = caller.get("/openapi.json").get_json()
    told = {
        f"{method.upper()} {re.sub('{[^}]*}', '{}', path)}": call
        for path, calls in document["paths"].items()
        for method, call in calls.items()
        if method in ("get", "post")
    }
    assert told
    for row in TABLE.values():
        call = told.get(f"{row.method} {row.path}", {})
        assert call.get("x-roles", []) == (row.roles() if call else [])
        if call and row.by is By.TOKEN:
            assert call["security"] == [{"bearerAuth": []}]
            assert {"401", "403"} <= call["responses"].keys()


def test_a_call_that_the_table_does_not_know_is_refused_at_the_start() -> None:
    with pytest.raises(LookupError, match=r"who may call a\.call\? .*roles\.py"):
        check_table(["operations.healthz", "a.call"], TABLE)


def test_a_call_added_behind_the_back_of_the_table_is_open_to_nobody(tmp_path: Path) -> None:
    app = create_app(
        Settings(keys=tmp_path / "keys", database_url=f"sqlite:///{tmp_path / 'log.db'}")
    )
    app.add_url_rule("/behind", "behind", lambda: "open")
    answer = app.test_client().get("/behind")
    assert answer.status_code == 500
    assert b"open" not in answer.data


def test_every_role_that_tokens_give_is_a_column() -> None:
    for row in TABLE.values():
        if row.by is not By.NOTHING:
            assert set(row.cells) == set(ISSUED_ROLES)


def test_a_row_of_another_width_is_no_row() -> None:
    table = "call endpoint gp clinician\nGET /a a.one yes"
    with pytest.raises(ValueError, match="shorter"):
        read_table(By.TOKEN, table)


def test_a_gp_system_reads_its_own_decisions_alone() -> None:
    cells = {row.endpoint: row.cells.get(Role.GP_SYSTEM) for row in TABLE.values()}
    own = [endpoint for endpoint, cell in cells.items() if cell is Cell.OWN]
    assert own == [
        "decisions.one",
        "decisions.proof",
        "decisions.explanation",
        "fhir.service_requests",
        "fhir.service_requests_search",
        "fhir.service_request",
        "fhir.guidance_responses",
        "fhir.guidance_responses_search",
        "fhir.guidance_response",
        "fhir.task",
    ]
