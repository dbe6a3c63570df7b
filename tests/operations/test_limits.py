"""One caller cannot take the service from the others, and is told of danger even when limited."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.access.tokens import AnIssuer
from tests.running import Answer, Service, running
from triage.api.limits import SECOND, Limit
from triage.app import create_app
from triage.config import Settings
from triage.domain.caller import Role
from triage.errors import SettingsError

MOST = 20
"""How often one caller may call the limited service: in a day, so that none falls due in a test."""


@pytest.fixture(scope="module")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> AnIssuer:
    """An issuer of tokens."""
    return AnIssuer(tmp_path_factory.mktemp("limits"))


@pytest.fixture(scope="module")
def limited(issuer: AnIssuer) -> Iterator[Service]:
    """A service of two workers in which one caller may call twenty times."""
    settings = issuer.settings()
    environment = {
        "TRIAGE_ISSUER": str(settings.issuer),
        "TRIAGE_JWKS": str(settings.jwks),
        "TRIAGE_KEYS": str(settings.keys),
        "TRIAGE_DATABASE_URL": str(settings.database_url),
        "TRIAGE_RATE_LIMIT": f"{MOST}/day",
    }
    with running("--workers", "2", environment=environment) as service:
        yield service


def calls(service: Service, token: dict[str, str], times: int, path: str) -> list[Answer]:
    """What one caller is answered who calls so often at once, on connections to any worker."""
    with ThreadPoolExecutor(8) as threads:
        return [*threads.map(lambda _: service.ask("GET", path, None, **token), range(times))]


def test_the_calls_of_one_caller_are_counted_together_for_all_workers(
    limited: Service, issuer: AnIssuer
) -> None:
    token = issuer.bearer(Role.CLINICIAN, sub="often")
    answers = calls(limited, token, MOST * 2, "/v1/log/head")
    assert sorted(one.status for one in answers) == [200] * MOST + [429] * MOST
    for one in answers:
        assert ("Retry-After" in one.headers) is (one.status == 429)
    refused = next(one for one in answers if one.status == 429)
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert 0 < int(refused.headers["Retry-After"]) <= 86_400 / MOST
    assert "call 999" in refused.json["safety_net"]


def test_another_caller_is_not_held_up(limited: Service, issuer: AnIssuer) -> None:
    often = issuer.bearer(Role.CLINICIAN, sub="just as often")
    calls(limited, often, MOST, "/v1/log/head")
    assert limited.ask("GET", "/v1/log/head", None, **often).status == 429
    others = [
        issuer.bearer(Role.CLINICIAN, sub="seldom"),
        issuer.bearer(Role.CLINICIAN, sub="just as often", client_id="elsewhere"),
    ]
    for one in others:
        assert limited.ask("GET", "/v1/log/head", None, **one).status == 200


@pytest.mark.parametrize("path", ["/v1/triage", "/v1/referrals"])
def test_danger_is_told_even_to_who_calls_too_often(
    limited: Service, issuer: AnIssuer, path: str
) -> None:
    token = issuer.bearer(Role.CALL_HANDLER, sub=f"in haste at {path}")
    calls(limited, token, MOST, "/v1/log/head")
    body = b'{"answers": {"plan": "active"}}'
    answer = limited.ask("POST", path, body, Content_Type="application/json", **token)
    assert answer.status == 429
    assert answer.json["safety"]["route"] == "crisis"


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_those_who_watch_the_service_are_always_answered(
    limited: Service, issuer: AnIssuer, path: str
) -> None:
    token = issuer.bearer(Role.OPERATOR, sub=f"watching {path}")
    answers = calls(limited, token, MOST + 5, path)
    assert {one.status for one in answers} == {200}


def test_a_developer_on_the_machine_itself_has_no_limit(tmp_path: Path) -> None:
    settings = Settings(
        rate_limit="1/day",
        keys=tmp_path / "keys",
        database_url=f"sqlite:///{tmp_path / 'log.db'}",
    )
    client = create_app(settings).test_client()
    for path in ("/v1/vocabulary", "/openapi.json", "/nowhere"):
        assert {client.get(path).status_code for _ in range(3)} <= {200, 404}
    forwarded = {"X-Forwarded-For": "192.0.2.1"}
    answers = [client.get("/openapi.json", headers=forwarded).status_code for _ in range(2)]
    assert answers == [200, 429]


def test_a_caller_may_call_all_at_once_and_then_as_each_call_falls_due() -> None:
    limit = Limit("60/minute")
    assert [limit.wait("a caller", 0) for _ in range(60)] == [0] * 60
    assert limit.wait("a caller", 0) == SECOND
    assert limit.wait("another", 0) == 0
    assert limit.wait("a caller", SECOND) == 0
    assert limit.wait("a caller", SECOND + SECOND // 2) == SECOND // 2
    later = 100 * SECOND
    assert [limit.wait("a caller", later) for _ in range(60)] == [0] * 60
    assert limit.wait("a caller", later) > 0


@pytest.mark.parametrize(
    "written", ["", "600", "600/fortnight", "0/minute", "-1/minute", "600 / minute", "1e3/day"]
)
def test_a_limit_that_is_not_one_says_the_remedy(written: str) -> None:
    with pytest.raises(SettingsError, match=r"TRIAGE_RATE_LIMIT: .*600/minute"):
        Limit(written)


def test_a_service_with_such_a_limit_is_not_started(tmp_path: Path) -> None:
    settings = Settings(
        rate_limit="often",
        keys=tmp_path / "keys",
        database_url=f"sqlite:///{tmp_path / 'log.db'}",
    )
    with pytest.raises(SettingsError, match="TRIAGE_RATE_LIMIT"):
        create_app(settings)
