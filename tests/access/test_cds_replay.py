"""A token of a CDS Hooks call is good once, for all processes together."""

from __future__ import annotations

import threading
import time
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from joserfc.jwk import ECKey

from tests.access.cds_client import (
    FEEDBACK,
    PUBLIC_URL,
    URL,
    CdsClient,
    Seen,
    ask,
    cds_settings,
    hooks_app,
)
from tests.access.tokens import signed
from tests.databases import KINDS, log_settings
from triage.access.refusals import BAD_TOKEN
from triage.access.tokens import LEEWAY_SECONDS
from triage.store.opening import database_of
from triage.store.seen_tokens import first_sight

OTHER_KEY = ECKey.generate_key("P-384", {"kid": "one"})
"""Somebody else's key, under the name of the client's."""


@pytest.fixture
def seen() -> Seen:
    """What was seen so far: nothing."""
    return Seen()


@pytest.fixture
def ehr(tmp_path: Path) -> CdsClient:
    """A client."""
    return CdsClient(tmp_path)


@pytest.fixture
def other(tmp_path: Path) -> CdsClient:
    """Another."""
    return CdsClient(tmp_path, "other", key=OTHER_KEY)


@pytest.fixture
def hooks(tmp_path: Path, ehr: CdsClient, other: CdsClient, seen: Seen) -> FlaskClient:
    """Calls a service that both may call."""
    return hooks_app(cds_settings(tmp_path, ehr, other), seen.first_sight).test_client()


def test_a_token_is_good_once(hooks: FlaskClient, ehr: CdsClient) -> None:
    token = ehr.token(URL)
    answers = [ask(hooks, token) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 401, 401]
    assert answers[1].text == "seen before"
    assert answers[1].headers["WWW-Authenticate"] == BAD_TOKEN.challenge


def test_a_name_is_good_once_whatever_else_the_token_says(
    hooks: FlaskClient, ehr: CdsClient
) -> None:
    first, second = ehr.token(URL, jti="a"), ehr.token(f"{PUBLIC_URL}{FEEDBACK}", jti="a", sub="b")
    assert ask(hooks, first).status_code == 200
    assert ask(hooks, second, FEEDBACK).status_code == 401


def test_two_clients_may_use_the_same_name(
    hooks: FlaskClient, ehr: CdsClient, other: CdsClient
) -> None:
    for client in (ehr, other):
        assert ask(hooks, client.token(URL, jti="a")).status_code == 200


def test_nobody_uses_up_the_name_of_anothers_token(hooks: FlaskClient, ehr: CdsClient) -> None:
    claims = ehr.claims(URL, jti="the next")
    forged = signed(claims, OTHER_KEY, "ES384", typ="JWT")
    elsewhere = ehr.token(f"{URL}-2", jti="the next")
    assert [ask(hooks, one).status_code for one in (forged, elsewhere)] == [401, 401]
    assert ask(hooks, signed(claims, ehr.key, "ES384", typ="JWT")).status_code == 200


def test_a_token_is_remembered_for_longer_than_it_is_good(
    hooks: FlaskClient, ehr: CdsClient, seen: Seen
) -> None:
    expiry = time.time() + 200.9
    ask(hooks, ehr.token(URL, exp=expiry))
    ((digest, forgotten, at),) = seen.told
    assert forgotten > expiry + LEEWAY_SECONDS
    assert abs(at - time.time()) <= 60
    assert len(digest) == 32


def test_nothing_of_a_token_is_kept_but_a_digest(
    hooks: FlaskClient, ehr: CdsClient, seen: Seen
) -> None:
    ask(hooks, ehr.token(URL, jti="9990000026"))
    assert b"9990000026" not in seen.told[0][0]


@pytest.mark.parametrize("kind", KINDS)
def test_a_token_that_is_sent_by_many_at_once_is_good_for_one_of_them(
    kind: str, tmp_path: Path
) -> None:
    client = CdsClient(tmp_path)
    with log_settings(kind, tmp_path) as log:
        settings = cds_settings(tmp_path, client, database_url=log.database_url)
        with closing(database_of(settings)) as one, closing(database_of(settings)) as two:
            workers = [hooks_app(settings, partial(first_sight, each)) for each in (one, two)]
            for _ in range(5):
                assert sorted(at_once(workers, client.token(URL))) == [200] + [401] * 7


def at_once(workers: list[Flask], token: str) -> list[int]:
    """The statuses of eight calls with one token at the same moment, shared out to workers."""
    ready, statuses = threading.Barrier(8), []

    def call(app: Flask) -> None:
        ready.wait()
        statuses.append(ask(app.test_client(), token).status_code)

    threads = [threading.Thread(target=call, args=(workers[n % 2],)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses
