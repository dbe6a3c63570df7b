"""The issuer's keys: new ones are found, old ones go, and an issuer that is away stops nobody."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.access.provider import Provider
from tests.access.tokens import AnIssuer, a_key, bearer, claims_of, published, signed
from triage.access.issuer import (
    FETCH_AGAIN_SECONDS,
    GROW_OLD_SECONDS,
    TRY_AGAIN_SECONDS,
    FetchedKeys,
)
from triage.access.keys import KeySet, read_key_set
from triage.access.published import IssuerError, fetched, keys_by_issuer
from triage.access.refusals import AccessError
from triage.addresses import is_secure
from triage.app import create_app

ONE, TWO = a_key(kid="one"), a_key(kid="two")


class Publisher:
    """Keys to be fetched, a clock, and how often they were fetched."""

    def __init__(self) -> None:
        self.keys = read_key_set(published(ONE))
        self.now, self.fetches, self.is_away = 1000.0, 0, False

    def fetch(self) -> KeySet:
        """The keys, unless nobody is there."""
        self.fetches += 1
        if self.is_away:
            raise IssuerError("nobody is there")
        return self.keys

    def fetched(self) -> FetchedKeys:
        """The keys as the service sees them."""
        return FetchedKeys(self.fetch, lambda: self.now)


@pytest.fixture
def publisher() -> Publisher:
    """Somebody who publishes one key."""
    return Publisher()


def test_keys_are_fetched_when_they_are_needed_and_once(publisher: Publisher) -> None:
    keys = publisher.fetched()
    assert publisher.fetches == 0
    for _ in range(3):
        assert keys.find("one", "ES256")
    assert publisher.fetches == 1


def test_a_new_key_is_found_without_a_restart(publisher: Publisher) -> None:
    keys = publisher.fetched()
    assert keys.find("one", "ES256")
    publisher.keys = read_key_set(published(ONE, TWO))
    publisher.now += FETCH_AGAIN_SECONDS + 1
    assert keys.find("two", "ES256")
    assert publisher.fetches == 2


def test_unknown_keys_have_them_fetched_once_a_minute_at_most(publisher: Publisher) -> None:
    keys = publisher.fetched()
    for _ in range(50):
        assert keys.find("nobody's", "ES256") is None
        publisher.now += 1
    assert publisher.fetches == 1
    publisher.now += FETCH_AGAIN_SECONDS
    keys.find("nobody's", "ES256")
    assert publisher.fetches == 2


def test_the_last_good_keys_count_while_the_issuer_is_away(publisher: Publisher) -> None:
    keys = publisher.fetched()
    assert keys.find("one", "ES256")
    publisher.is_away = True
    publisher.now += GROW_OLD_SECONDS * 24
    for _ in range(3):
        assert keys.find("one", "ES256")
        assert keys.find("two", "ES256") is None
    assert publisher.fetches == 2


def test_a_key_that_was_taken_back_is_not_believed_for_ever(publisher: Publisher) -> None:
    keys = publisher.fetched()
    assert keys.find("one", "ES256")
    publisher.keys = read_key_set(published(TWO))
    assert keys.find("one", "ES256")
    publisher.now += GROW_OLD_SECONDS + 1
    assert keys.find("one", "ES256") is None


def test_without_any_keys_nothing_can_be_said_and_soon_they_are_tried_again(
    publisher: Publisher,
) -> None:
    publisher.is_away = True
    keys = publisher.fetched()
    for _ in range(3):
        with pytest.raises(AccessError, match="no keys of the issuer"):
            keys.find("one", "ES256")
    assert publisher.fetches == 1
    publisher.is_away = False
    publisher.now += TRY_AGAIN_SECONDS + 1
    assert keys.find("one", "ES256")


def test_several_who_wait_for_a_new_key_have_it_fetched_once(publisher: Publisher) -> None:
    publisher.keys = read_key_set(published(TWO))
    keys, found = publisher.fetched(), []
    threads = [
        threading.Thread(target=lambda: found.append(keys.find("two", "ES256"))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(found)
    assert (len(found), publisher.fetches) == (8, 1)


def ask(client: FlaskClient, key_id: str = "one") -> int:
    """The status of a call with a token of a key."""
    token = signed(claims_of("clinician"), a_key(kid=key_id))
    return client.get("/v1/vocabulary", headers=bearer(token)).status_code


def test_a_file_of_keys_is_read_again_when_it_changes(tmp_path: Path) -> None:
    issuer = AnIssuer(tmp_path, ONE)
    client = create_app(issuer.settings()).test_client()
    assert (ask(client), ask(client, "two")) == (200, 401)
    issuer.publish(ONE, TWO)
    assert (ask(client), ask(client, "two")) == (200, 200)
    issuer.publish(TWO)
    assert (ask(client), ask(client, "two")) == (401, 200)


@pytest.mark.parametrize("spoil", [Path.unlink, lambda path: path.write_text("{")])
def test_a_file_that_cannot_be_read_changes_nothing(
    spoil: Callable[[Path], None], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    issuer = AnIssuer(tmp_path, ONE)
    client = create_app(issuer.settings()).test_client()
    assert ask(client) == 200
    spoil(issuer.jwks)
    with caplog.at_level(logging.WARNING, "triage"):
        assert ask(client) == 200
    assert "issuer_away" in caplog.text


def client_of(provider: Provider, tmp_path: Path, jwks: str | None = None) -> FlaskClient:
    """Calls a service that believes the provider."""
    settings = AnIssuer(tmp_path).settings(issuer=provider.issuer, jwks=jwks)
    return create_app(settings).test_client()


@pytest.mark.parametrize("told", [True, False])
def test_keys_are_fetched_from_where_settings_or_the_issuer_say(
    told: bool, provider: Provider, tmp_path: Path
) -> None:
    client = client_of(provider, tmp_path, f"{provider.issuer}/keys" if told else None)
    asked = [client.get("/v1/vocabulary", headers=bearer(provider.token())) for _ in range(3)]
    assert [answer.status_code for answer in asked] == [200, 200, 200]
    described = [] if told else ["/.well-known/openid-configuration"]
    assert provider.asked == [*described, "/keys"]


def test_while_no_key_can_be_had_the_answer_is_later_and_danger_is_told(
    provider: Provider, tmp_path: Path
) -> None:
    provider.is_down = True
    client = client_of(provider, tmp_path)
    body = {"answers": {"plan": "active"}}
    answer = client.post("/v1/triage", json=body, headers=bearer(provider.token()))
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.get_json(force=True)["safety"]["route"] == "crisis"
    assert client.get("/healthz").status_code == 200


WRONG = {
    "another issuer": {"issuer": "https://elsewhere.example"},
    "no place of keys": {"jwks_uri": None},
    "keys over an open line": {"jwks_uri": "http://elsewhere.example/keys"},
    "keys at no address": {"jwks_uri": "http://["},
}


@pytest.mark.parametrize("changes", WRONG.values(), ids=WRONG)
def test_an_issuer_that_describes_itself_wrongly_is_not_believed(
    changes: dict[str, str | None], provider: Provider
) -> None:
    provider.description |= changes
    with pytest.raises(IssuerError):
        keys_by_issuer(provider.issuer)


def test_no_document_is_taken_from_elsewhere_or_without_end(provider: Provider) -> None:
    for path in ("/elsewhere", "/endless", "/words", "/nothing"):
        with pytest.raises(IssuerError):
            fetched(f"{provider.issuer}{path}")


def test_a_document_of_nobody_is_none() -> None:
    with pytest.raises(IssuerError, match="ConnectionError"):
        fetched("http://127.0.0.1:9/")


@pytest.mark.parametrize(
    ("url", "secure"),
    [
        ("https://issuer.example/keys", True),
        ("http://localhost:8080/keys", True),
        ("http://127.0.0.1/keys", True),
        ("http://[::1]/keys", True),
        ("http://issuer.example/keys", False),
        ("http://127.0.0.1.example/keys", False),
        ("ftp://issuer.example/keys", False),
        ("https:///keys", False),
        ("file:///etc/passwd", False),
    ],
)
def test_keys_come_over_https_or_from_this_machine(url: str, secure: bool) -> None:
    assert is_secure(url) is secure
