"""Tokens of CDS Hooks calls: those that are believed, and the many that are not."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from joserfc.jwk import ECKey
from joserfc.jws import JWSRegistry

from tests.access.cds_client import (
    DISCOVERY,
    FEEDBACK,
    PUBLIC_URL,
    SERVICE,
    URL,
    CdsClient,
    Seen,
    ask,
    cds_settings,
    hooks_app,
)
from tests.access.test_tokens import encoded, unsigned
from tests.access.tokens import Key, a_key, published, signed
from triage.access.cds_tokens import LONGEST_SECONDS
from triage.access.refusals import BAD_TOKEN
from triage.access.tokens import LEEWAY_SECONDS, LONGEST_TOKEN
from triage.logs import FIELDS

OTHER_KEY = ECKey.generate_key("P-384", {"kid": "one"})
"""Somebody else's key, under the name of the client's."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the clients have their keys."""
    return tmp_path_factory.mktemp("cds")


@pytest.fixture(scope="module")
def ehr(folder: Path) -> CdsClient:
    """A client."""
    return CdsClient(folder)


@pytest.fixture(scope="module")
def other(folder: Path) -> CdsClient:
    """Another, with a key of its own under the same name."""
    return CdsClient(folder, "other", key=OTHER_KEY)


@pytest.fixture
def seen() -> Seen:
    """What was seen so far: nothing."""
    return Seen()


@pytest.fixture
def app(folder: Path, ehr: CdsClient, other: CdsClient, seen: Seen) -> Flask:
    """A service that both may call."""
    return hooks_app(cds_settings(folder, ehr, other), seen.first_sight)


@pytest.fixture
def hooks(app: Flask) -> FlaskClient:
    """Calls it."""
    return app.test_client()


def now() -> int:
    """Now, in seconds since 1970."""
    return int(time.time())


Made = Callable[[CdsClient], str]


def with_claims(**more: Any) -> Made:
    """A token that is right in all but some claims."""
    return lambda ehr: ehr.token(URL, **more)


def at(**seconds: float) -> Made:
    """A token whose times are so many seconds from now."""
    return lambda ehr: ehr.token(URL, **{name: now() + one for name, one in seconds.items()})


def with_header(**more: Any) -> Made:
    """A token that is right in all but its header, whatever it is. None is left out."""

    def made(ehr: CdsClient) -> str:
        header = {"alg": ehr.algorithm, "kid": ehr.key.kid, "typ": "JWT", **more}
        kept = {name: value for name, value in header.items() if value is not None}
        said = f"{encoded(kept)}.{encoded(ehr.claims(URL))}"
        signature = JWSRegistry.algorithms[ehr.algorithm].sign(said.encode(), ehr.key)
        return f"{said}.{encoded(signature)}"

    return made


def by_secret(secret_of: Callable[[Key], bytes]) -> Made:
    """A token signed with a secret that is made of the client's public key."""

    def made(ehr: CdsClient) -> str:
        head = encoded({"alg": "HS256", "kid": ehr.key.kid, "typ": "JWT"})
        said = f"{head}.{encoded(ehr.claims(URL))}"
        secret = secret_of(ehr.key)
        return f"{said}.{encoded(hmac.digest(secret, said.encode(), hashlib.sha256))}"

    return made


def by_key(key: Any, algorithm: str, **more: Any) -> Made:
    """A token of the client, signed with some key."""
    return lambda ehr: signed(ehr.claims(URL), key, algorithm, **({"typ": "JWT"} | more))


UNTRUE: dict[str, dict[str, Made]] = {
    "not a signed token": {
        "unsigned": lambda ehr: unsigned(ehr.claims(URL), typ="JWT"),
        "unsigned, in capitals": lambda ehr: unsigned(ehr.claims(URL), typ="JWT", alg="NonE"),
        "with a signature of nothing": lambda ehr: f"{ehr.token(URL).rpartition('.')[0]}.",
        "too long": with_claims(more="x" * LONGEST_TOKEN),
        "far too deep": lambda _: f"{encoded(b'[' * 4000)}.{encoded(b'[' * 1000)}.AAAA",
        "of claims that are a list": lambda _: f"{encoded({'alg': 'ES384'})}.{encoded([1])}.AAAA",
        "of claims that are no JSON": lambda _: f"{encoded({'alg': 'ES384'})}.{encoded(b'{')}.AAAA",
        "of claims in no alphabet": lambda _: (
            f"{encoded({'alg': 'ES384'})}.{encoded(bytes([255]))}.A"
        ),
        "of parts too few": lambda _: "e30",
        "of parts too many": lambda ehr: f"{ehr.token(URL)}.AAAA",
        "no token at all": lambda _: "nonsense",
    },
    "not an algorithm of ours": {
        "unsigned, with a signature": lambda ehr: f"{unsigned(ehr.claims(URL), typ='JWT')}AAAA",
        "with the public key as a secret": by_secret(lambda key: key.as_pem(private=False)),
        "with the published key as a secret": by_secret(
            lambda key: json.dumps(published(key)).encode()
        ),
        "with nothing as a secret": by_secret(lambda _: b""),
        "by a longer key than is known": by_key(
            ECKey.generate_key("P-521", {"kid": "one"}), "ES512"
        ),
    },
    "BadSignatureError": {
        "by another client's key of the same name": by_key(OTHER_KEY, "ES384"),
        "by a key that it brings": by_key(
            OTHER_KEY, "ES384", jwk=dict(OTHER_KEY.as_dict(private=False))
        ),
        "changed afterwards": lambda ehr: re.sub(
            r"\..*\.", f".{encoded(ehr.claims(URL))}.", ehr.token(URL)
        ),
        "of another client": with_claims(iss="https://other.example"),
    },
    "no such key": {
        "by a key that is not known": by_key(a_key("ES384", "two"), "ES384"),
        "by a key of another kind": by_key(a_key("RS256"), "RS384"),
        "by a key of another curve": by_key(a_key("ES256"), "ES256"),
    },
    "no key named": {
        "without a name of its key": with_header(kid=None),
        "with an empty name of its key": with_header(kid=""),
        "with a number for its key": with_header(kid=1),
    },
    "another type of token": {
        "without a type": with_header(typ=None),
        "an access token by its type": with_header(typ="at+jwt"),
        "a notice of signing out by its type": with_header(typ="logout+jwt"),
        "of a type that is no text": with_header(typ=["JWT"]),
    },
    "keys from elsewhere": {
        "with keys elsewhere": with_header(jku="https://elsewhere.example/jwks.json"),
        "with keys nowhere": with_header(jku=""),
    },
    "critical headers": {
        "with what must be understood": with_header(crit=["exp"], exp=1),
    },
    "invalid_claim aud": {
        "for the discovery": with_claims(aud=f"{PUBLIC_URL}{DISCOVERY}"),
        "for another service": with_claims(aud=f"{URL}-2"),
        "for feedback about it": with_claims(aud=f"{PUBLIC_URL}{FEEDBACK}"),
        "for the same path of somebody else": with_claims(
            aud=f"https://elsewhere.example{SERVICE}"
        ),
        "for the same over an open line": with_claims(aud=URL.replace("https", "http")),
        "for it with a slash": with_claims(aud=f"{URL}/"),
        "for it with a query": with_claims(aud=f"{URL}?a=b"),
        "for it in capitals": with_claims(aud=URL.upper()),
        "for the whole service": with_claims(aud=PUBLIC_URL),
        "for what access tokens are for": with_claims(aud="referral-triage"),
        "for several others": with_claims(aud=[f"{URL}-2", PUBLIC_URL]),
        "for an empty list": with_claims(aud=[]),
        "for an object": with_claims(aud={URL: True}),
    },
    "missing_claim aud": {
        "for nobody": with_claims(aud=None),
    },
    "expired_token exp": {
        "expired": at(iat=-400, exp=-LEEWAY_SECONDS - 5),
    },
    "missing_claim exp": {
        "without an end": with_claims(exp=None),
    },
    "invalid_claim exp": {
        "with an end that never comes": with_claims(exp=float("inf")),
    },
    "good for too long": {
        "good for too long": at(exp=LONGEST_SECONDS + 5),
        "good for far too long": with_claims(iat=0.5, exp=10**400),
        "over before it began": at(iat=20, exp=10),
        "issued long ago": at(iat=-LONGEST_SECONDS, exp=60),
    },
    "invalid_claim iat": {
        "issued in the future": at(iat=600, exp=700),
        "with a time of issue in words": with_claims(iat="now"),
        "issued at a time that is none": with_claims(iat=float("nan")),
    },
    "invalid_claim nbf": {
        "not yet good": at(nbf=600),
    },
    "no time of issue": {
        "without a time of issue": with_claims(iat=None),
    },
    "no name of its own": {
        "without a name": with_claims(jti=None),
        "with an empty name": with_claims(jti=""),
    },
    "invalid_claim jti": {
        "with a number for a name": with_claims(jti=7),
        "with names for a name": with_claims(jti=["a"]),
    },
    "not a client of ours": {
        "of a client that is not listed": with_claims(iss="https://elsewhere.example"),
        "of the client with a slash": with_claims(iss="https://ehr.example/"),
        "of the client in capitals": with_claims(iss="HTTPS://EHR.EXAMPLE"),
        "of several clients": with_claims(iss=["https://ehr.example"]),
        "of no client": with_claims(iss=None),
    },
    "the subject is no name": {
        "of somebody whose name breaks a line": with_claims(sub="a\nb"),
        "of somebody whose name is too long": with_claims(sub="a" * 256),
    },
    "invalid_claim sub": {
        "of a number": with_claims(sub=1),
    },
    "made for signing in": {
        "made for signing in": with_claims(nonce="n"),
    },
}
"""By why they are refused: the tokens that are."""


@pytest.mark.parametrize(
    ("why", "made"),
    [
        pytest.param(why, made, id=name)
        for why, tokens in UNTRUE.items()
        for name, made in tokens.items()
    ],
)
def test_a_token_that_is_not_true_opens_nothing_and_is_not_remembered(
    why: str, made: Made, hooks: FlaskClient, ehr: CdsClient, seen: Seen
) -> None:
    answer = ask(hooks, made(ehr))
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == BAD_TOKEN.challenge
    assert answer.text == why
    assert FIELDS["why"](why)
    assert seen.told == []


TRUE: dict[str, Made] = {
    "plain": with_claims(),
    "for several, and this one among them": with_claims(aud=[f"{URL}-2", URL]),
    "for a list of it alone": with_claims(aud=[URL]),
    "good for as long as may be": at(exp=LONGEST_SECONDS - 30),
    "just expired, by a clock that is ahead": at(iat=-200, exp=-LEEWAY_SECONDS + 30),
    "of now, by a clock that is behind": at(iat=20),
    "of parts of seconds": at(iat=-0.5, exp=100.5),
    "of a tenant": with_claims(tenant="a practice"),
    "of nobody by an empty name": with_claims(sub=""),
    "of a type in small letters": with_header(typ="jwt"),
    "with a header that others understand": with_header(nonce="n"),
}


@pytest.mark.parametrize("made", TRUE.values(), ids=TRUE)
def test_a_token_may_be_made_in_several_ways(
    made: Made, hooks: FlaskClient, ehr: CdsClient
) -> None:
    answer = ask(hooks, made(ehr))
    assert (answer.status_code, answer.get_json()["client"]) == (200, ehr.iss)


@pytest.mark.parametrize("algorithm", ["ES384", "RS384", "ES256", "RS256", "PS256"])
def test_tokens_are_signed_with_public_keys(algorithm: str, tmp_path: Path, seen: Seen) -> None:
    client = CdsClient(tmp_path, algorithm=algorithm, key=a_key(algorithm))
    hooks = hooks_app(cds_settings(tmp_path, client), seen.first_sight).test_client()
    assert ask(hooks, client.token(URL)).status_code == 200


def test_who_calls_is_the_client_as_a_gp_system(hooks: FlaskClient, ehr: CdsClient) -> None:
    told = {"role": "gp_system", "client": ehr.iss, "issuer": ehr.iss}
    assert ask(hooks, ehr.token(URL)).get_json() == {**told, "subject": None}
    assert ask(hooks, ehr.token(URL, sub="dr-who")).get_json() == {**told, "subject": "dr-who"}


def test_a_token_never_gives_itself_another_role(hooks: FlaskClient, ehr: CdsClient) -> None:
    answer = ask(hooks, ehr.token(URL, roles=["auditor"], role="clinician", client_id="another"))
    assert (answer.get_json()["role"], answer.get_json()["client"]) == ("gp_system", ehr.iss)


@pytest.mark.parametrize("path", [DISCOVERY, SERVICE, FEEDBACK])
def test_every_call_needs_a_token_for_its_own_address(
    path: str, hooks: FlaskClient, ehr: CdsClient
) -> None:
    method = "GET" if path == DISCOVERY else "POST"
    for meant in (DISCOVERY, SERVICE, FEEDBACK):
        headers = ehr.bearer(f"{PUBLIC_URL}{meant}")
        status = hooks.open(path, method=method, headers=headers).status_code
        assert status == (200 if meant == path else 401)
    bare = hooks.open(path, method=method)
    assert (bare.status_code, bare.headers["WWW-Authenticate"]) == (
        401,
        'Bearer realm="referral-triage"',
    )


def test_the_host_that_a_request_names_changes_nothing(hooks: FlaskClient, ehr: CdsClient) -> None:
    elsewhere = "https://elsewhere.example"
    for aud, status in ((f"{elsewhere}{SERVICE}", 401), (URL, 200)):
        answer = hooks.post(SERVICE, base_url=elsewhere, headers=ehr.bearer(aud), json={})
        assert answer.status_code == status


def test_an_address_may_have_a_path_before_ours(tmp_path: Path, seen: Seen) -> None:
    client, below = CdsClient(tmp_path), "https://care.example/triage"
    settings = cds_settings(tmp_path, client, public_url=below)
    hooks = hooks_app(settings, seen.first_sight).test_client()
    assert ask(hooks, client.token(f"{below}{SERVICE}")).status_code == 200
    assert ask(hooks, client.token(f"https://care.example{SERVICE}")).status_code == 401
