"""Who somebody is taken for: by their token, or because they are on the machine itself."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.access.no_pages import NO_PAGES
from tests.access.tokens import AnIssuer, a_local_token, bearer
from triage.access import caller_of_request, guard
from triage.access.here import comes_from_here
from triage.access.local import LOCAL_ISSUER
from triage.access.roles import By, read_table
from triage.addresses import is_loopback
from triage.app import create_app
from triage.config import Settings

WHO = read_table(
    By.TOKEN,
    """
    call      endpoint gp  handler clinician auditor operator
    POST /who who      yes yes     yes       yes     yes
    """,
)


def who(settings: Settings) -> FlaskClient:
    """Calls an app that says who calls."""
    app = Flask("who", static_folder=None)
    app.add_url_rule("/who", "who", lambda: caller_of_request().as_dict(), methods=["POST"])
    guard(app, settings, NO_PAGES, WHO)
    return app.test_client()


def test_a_caller_is_who_the_token_says(issuer: AnIssuer) -> None:
    token = issuer.token("clinician", sub="dr-who", client_id="a-system")
    assert who(issuer.settings()).post("/who", headers=bearer(token)).get_json() == {
        "role": "clinician",
        "subject": "dr-who",
        "client": "a-system",
        "issuer": "https://issuer.example",
    }


def test_a_client_is_known_by_either_claim(issuer: AnIssuer) -> None:
    client = who(issuer.settings())
    for claims in ({"client_id": None, "azp": "one"}, {"client_id": "one", "azp": "two"}):
        token = issuer.token("gp_system", **claims)
        assert client.post("/who", headers=bearer(token)).get_json()["client"] == "one"


def test_a_developer_is_somebody_without_a_name(local_settings: Settings) -> None:
    assert who(local_settings).post("/who").get_json() == {
        "role": "developer",
        "subject": None,
        "client": None,
        "issuer": None,
    }


def test_a_token_of_this_machine_gives_its_role(local_settings: Settings) -> None:
    assert local_settings.keys is not None
    token = a_local_token(local_settings.keys, "auditor", "an auditor")
    assert who(local_settings).post("/who", headers=bearer(token)).get_json() == {
        "role": "auditor",
        "subject": "an auditor",
        "client": "local:an auditor",
        "issuer": LOCAL_ISSUER,
    }


def status(client: FlaskClient, address: str = "127.0.0.1", **headers: str) -> int:
    """The status of a call without a token, from an address."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    environ = {"REMOTE_ADDR": address}
    answer = client.post("/v1/triage", json={}, headers=named, environ_base=environ)
    return answer.status_code


PASSED_ON = {
    "Forwarded": "for=127.0.0.1",
    "X-Forwarded-For": "127.0.0.1",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "localhost",
    "X-Forwarded-Port": "443",
    "Via": "1.1 proxy",
    "X-Real-IP": "127.0.0.1",
    "X-Client-IP": "127.0.0.1",
}


@pytest.mark.parametrize("header", PASSED_ON)
def test_what_a_proxy_passes_on_needs_a_token(
    header: str, here: FlaskClient, local_settings: Settings
) -> None:
    assert status(here) == 200
    assert status(here, **{header: PASSED_ON[header]}) == 401
    assert status(here, **{header: ""}) == 401
    assert local_settings.keys is not None
    token = a_local_token(local_settings.keys, "clinician")
    assert status(here, **{header: PASSED_ON[header]}, **bearer(token)) == 200


@pytest.mark.parametrize("header", PASSED_ON)
def test_nobody_comes_from_here_by_saying_so(header: str, here: FlaskClient) -> None:
    assert status(here, "192.0.2.7", **{header: PASSED_ON[header]}) == 401


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("127.0.0.1", 200),
        ("127.1.2.3", 200),
        ("::1", 200),
        ("::ffff:127.0.0.1", 200),
        ("192.0.2.7", 401),
        ("10.0.0.1", 401),
        ("::ffff:192.0.2.7", 401),
        ("fe80::1%eth0", 401),
        ("0.0.0.0", 401),  # noqa: S104 (nobody's address)
        ("", 401),
        ("localhost.example", 401),
    ],
)
def test_a_developer_is_on_the_machine_itself(
    address: str, expected: int, here: FlaskClient
) -> None:
    assert status(here, address) == expected


def test_a_token_of_this_machine_does_not_count_from_beyond(
    here: FlaskClient, local_settings: Settings
) -> None:
    assert local_settings.keys is not None
    token = a_local_token(local_settings.keys, "clinician")
    assert status(here, **bearer(token)) == 200
    assert status(here, "192.0.2.7", **bearer(token)) == 401


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("localhost", 200),
        ("LOCALHOST:8000", 200),
        ("127.0.0.1:8000", 200),
        ("[::1]:8000", 200),
        ("triage.example", 401),
        ("127.0.0.1.example", 401),
        ("[", 401),
    ],
)
def test_a_name_that_was_made_to_stand_for_this_machine_is_not_its_own(
    host: str, expected: int, here: FlaskClient
) -> None:
    assert status(here, Host=host) == expected


FOREIGN = [
    {"Origin": "https://elsewhere.example"},
    {"Origin": "null"},
    {"Origin": "http://localhost:9999"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
]


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_a_page_of_another_site_does_nothing_here(
    headers: dict[str, str], here: FlaskClient
) -> None:
    assert status(here, **headers) == 401
    assert here.get("/v1/vocabulary", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "http://localhost"}, {"Sec-Fetch-Site": "same-origin", "Origin": "null"}],
    ids=str,
)
def test_the_page_of_calls_may_call(headers: dict[str, str], here: FlaskClient) -> None:
    assert status(here, **headers) == 200


def test_a_proxy_that_says_nothing_of_itself_asks_in_the_old_way(here: FlaskClient) -> None:
    old = {"SERVER_PROTOCOL": "HTTP/1.0"}
    assert here.get("/v1/vocabulary", environ_overrides=old).status_code == 401


def test_without_a_host_nobody_comes_from_here() -> None:
    assert not comes_from_here({"REMOTE_ADDR": "127.0.0.1", "REQUEST_METHOD": "GET"})


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", True),
        ("localhost", True),
        ("::1", True),
        ("0.0.0.0", False),  # noqa: S104 (it is refused)
        ("::", False),
        ("192.0.2.7", False),
        ("triage.example", False),
    ],
)
def test_what_loopback_is(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected


def test_a_token_may_be_required_on_the_machine_itself(local_settings: Settings) -> None:
    client = create_app(replace(local_settings, auth="required")).test_client()
    assert status(client) == 401
    assert local_settings.keys is not None
    token = a_local_token(local_settings.keys, "clinician")
    assert status(client, **bearer(token)) == 200


def test_with_an_issuer_there_are_no_developers(caller: FlaskClient) -> None:
    assert status(caller) == 401


@pytest.mark.parametrize("header", ["Bearer nonsense", "Basic YTpi", "Bearer"])
def test_a_wrong_token_is_not_passed_over_for_being_here(header: str, here: FlaskClient) -> None:
    assert status(here, Authorization=header) == 401


DANGER = {"answers": {"plan": "active"}, "notes": "Jane Smith, 9990000026"}


@pytest.mark.parametrize("path", ["/v1/triage", "/v1/referrals"])
def test_a_referral_of_nobody_known_is_still_read_for_danger(
    path: str, caller: FlaskClient
) -> None:
    answer = caller.post(path, json=DANGER)
    assert answer.status_code == 401
    problem = answer.get_json(force=True)
    assert problem["safety"]["route"] == "crisis"
    assert "call 999" in problem["safety_net"]
    assert "Jane" not in answer.get_data(as_text=True)


def test_a_referral_of_a_role_that_may_not_send_it_is_still_read_for_danger(
    caller: FlaskClient, issuer: AnIssuer
) -> None:
    answer = caller.post("/v1/triage", json=DANGER, headers=issuer.bearer("operator"))
    assert answer.status_code == 403
    assert answer.get_json(force=True)["safety"]["route"] == "crisis"


def test_what_is_not_there_is_not_there_for_anybody(caller: FlaskClient) -> None:
    assert caller.get("/nothing").status_code == 404
    assert caller.get("/v1/triage").status_code == 405
