"""Who is let through to CDS Hooks calls, besides clients with tokens of their own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.access.cds_client import (
    DISCOVERY,
    FEEDBACK,
    HOOKS,
    PUBLIC_URL,
    SERVICE,
    URL,
    CdsClient,
    Seen,
    ask,
    cds_settings,
    hooks_app,
)
from tests.access.no_pages import NO_PAGES
from tests.access.tokens import AnIssuer, a_local_token, bearer
from triage.access import guard
from triage.access.refusals import NO_TOKEN
from triage.access.roles import CALLS, By, Cell, read_table
from triage.config import Settings
from triage.domain.caller import ISSUED_ROLES, Role
from triage.errors import LogUnavailableError


def calls(settings: Settings) -> FlaskClient:
    """Calls a service."""
    return hooks_app(settings, Seen().first_sight).test_client()


@pytest.fixture
def ehr(tmp_path: Path) -> CdsClient:
    """A client."""
    return CdsClient(tmp_path)


@pytest.fixture
def nobody(tmp_path: Path) -> Settings:
    """Settings of a service of this machine without clients."""
    return cds_settings(tmp_path)


def status(client: FlaskClient, address: str = "127.0.0.1") -> int:
    """The status of a call without a token."""
    return client.post(SERVICE, environ_base={"REMOTE_ADDR": address}).status_code


def test_without_clients_a_developer_on_the_machine_may_call(nobody: Settings) -> None:
    assert calls(nobody).post(SERVICE).get_json()["role"] == "developer"
    assert calls(nobody).get(DISCOVERY).status_code == 200


def test_without_clients_nobody_else_may_call(nobody: Settings, ehr: CdsClient) -> None:
    here = calls(nobody)
    assert status(here, "192.0.2.7") == 401
    assert here.post(SERVICE, headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 401
    assert ask(here, ehr.token(URL)).status_code == 401
    assert status(calls(replace(nobody, auth="required"))) == 401


def test_without_clients_a_service_with_an_issuer_opens_to_nobody(
    issuer: AnIssuer, ehr: CdsClient
) -> None:
    served = calls(issuer.settings(bind="0.0.0.0:8000"))
    assert status(served) == 401
    assert ask(served, ehr.token(f"http://0.0.0.0:8000{SERVICE}")).status_code == 401


def test_where_clients_are_listed_there_are_no_developers(tmp_path: Path, ehr: CdsClient) -> None:
    served = calls(cds_settings(tmp_path, ehr))
    answer = served.post(SERVICE)
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, NO_TOKEN.challenge)
    assert ask(served, ehr.token(URL)).status_code == 200


@pytest.mark.parametrize("role", ISSUED_ROLES)
def test_an_access_token_opens_no_cds_hooks_call(
    role: Role, issuer: AnIssuer, tmp_path: Path, ehr: CdsClient
) -> None:
    settings = cds_settings(tmp_path, ehr)
    served = calls(
        issuer.settings(cds_clients=settings.cds_clients, public_url=PUBLIC_URL, audience=URL)
    )
    assert ask(served, issuer.token(role, aud=URL, jti="a")).status_code == 401
    assert ask(served, ehr.token(URL)).status_code == 200


@pytest.mark.parametrize("listed", [True, False])
def test_a_token_made_on_the_machine_opens_them_to_its_role(
    listed: bool, tmp_path: Path, ehr: CdsClient
) -> None:
    settings = cds_settings(tmp_path, *([ehr] if listed else []), auth="required")
    served = calls(settings)
    statuses = {
        role: ask(served, a_local_token(tmp_path / "keys", role)).status_code
        for role in ISSUED_ROLES
    }
    closed = dict.fromkeys(ISSUED_ROLES, 403)
    assert statuses == {**closed, Role.GP_SYSTEM: 200}


def test_a_token_made_on_the_machine_does_not_count_from_beyond(
    tmp_path: Path, ehr: CdsClient
) -> None:
    served = calls(cds_settings(tmp_path, ehr))
    token = a_local_token(tmp_path / "keys", Role.GP_SYSTEM)
    beyond = {"REMOTE_ADDR": "192.0.2.7"}
    assert served.post(SERVICE, headers=bearer(token), environ_base=beyond).status_code == 401


def test_a_token_made_on_the_machine_is_nothing_to_a_service_with_an_issuer(
    issuer: AnIssuer, tmp_path: Path, ehr: CdsClient
) -> None:
    settings = cds_settings(tmp_path, ehr)
    served = calls(issuer.settings(cds_clients=settings.cds_clients, public_url=PUBLIC_URL))
    token = a_local_token(issuer.folder / "keys", Role.GP_SYSTEM)
    assert ask(served, token).status_code == 401


def test_a_cds_token_opens_nothing_else(tmp_path: Path, ehr: CdsClient) -> None:
    settings = replace(cds_settings(tmp_path, ehr), audience=f"{PUBLIC_URL}/v1/vocabulary")
    app = Flask("calls", static_folder=None)
    app.add_url_rule("/v1/vocabulary", "rules.vocabulary", lambda: "open")
    app.register_error_handler(Exception, lambda error: (type(error).__name__, 401))
    guard(app, settings, NO_PAGES, read_table(By.TOKEN, CALLS), Seen().first_sight)
    headers = ehr.bearer(settings.audience, roles=["gp_system"], client_id="a", sub="b")
    assert app.test_client().get("/v1/vocabulary", headers=headers).status_code == 401


@pytest.mark.parametrize("header", ["Basic YTpi", "Bearer", "Bearer nonsense", "Token a.b.c", ""])
@pytest.mark.parametrize("listed", [True, False])
def test_a_wrong_header_is_not_passed_over(
    header: str, listed: bool, tmp_path: Path, ehr: CdsClient
) -> None:
    served = calls(cds_settings(tmp_path, *([ehr] if listed else [])))
    assert served.post(SERVICE, headers={"Authorization": header}).status_code == 401


@pytest.mark.parametrize("path", [DISCOVERY, SERVICE, FEEDBACK])
def test_what_a_browser_asks_beforehand_needs_no_token(
    path: str, tmp_path: Path, ehr: CdsClient
) -> None:
    assert calls(cds_settings(tmp_path, ehr)).options(path).status_code == 204


def test_asking_beforehand_opens_no_other_call(issuer: AnIssuer) -> None:
    table = read_table(By.TOKEN, CALLS)
    app = Flask("calls", static_folder=None)
    app.add_url_rule("/v1/vocabulary", "rules.vocabulary", lambda: "open")
    app.register_error_handler(Exception, lambda error: (type(error).__name__, 401))
    guard(app, issuer.settings(), NO_PAGES, table)
    assert app.test_client().options("/v1/vocabulary").status_code == 401


def test_while_it_cannot_be_remembered_nobody_is_let_through(
    tmp_path: Path, ehr: CdsClient
) -> None:
    def away(_digest: bytes, _expires_at: int, _now: int) -> bool:
        raise LogUnavailableError("the decision log: OperationalError")

    app = hooks_app(cds_settings(tmp_path, ehr), away)
    app.register_error_handler(LogUnavailableError, lambda _: ("not now", 503))
    assert ask(app.test_client(), ehr.token(URL)).status_code == 503


def test_clients_without_a_memory_of_their_tokens_are_refused_at_the_start(
    tmp_path: Path, ehr: CdsClient
) -> None:
    with pytest.raises(LookupError, match="first_sight"):
        hooks_app(cds_settings(tmp_path, ehr), None)


def test_only_gp_systems_make_cds_hooks_calls() -> None:
    for row in HOOKS.values():
        assert [role for role, cell in row.cells.items() if cell is not Cell.NO] == [Role.GP_SYSTEM]
