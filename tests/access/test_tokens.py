"""Tokens that are not to be believed, and what is said of them: next to nothing."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from joserfc.jwk import ECKey
from werkzeug.test import TestResponse

from tests.access.tokens import (
    AnIssuer,
    a_key,
    a_local_token,
    bearer,
    claims_of,
    published,
    signed,
)
from triage.access.refusals import BAD_TOKEN
from triage.access.tokens import LEEWAY_SECONDS, LONGEST_TOKEN
from triage.domain.caller import ISSUED_ROLES, Role

OTHER = ECKey.generate_key("P-256", {"kid": "one"})
"""Somebody else's key, under the name of the issuer's."""


def now() -> int:
    """Now, in seconds since 1970."""
    return int(time.time())


def encoded(value: Any) -> str:
    """A part of a token."""
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unsigned(claims: dict[str, Any], **header: Any) -> str:
    """A token that says it needs no signature."""
    return f"{encoded({'alg': 'none', 'kid': 'one', **header})}.{encoded(claims)}."


def shared_secret(claims: dict[str, Any], secret: bytes) -> str:
    """A token signed with a secret, for which the public key is taken."""
    head = f"{encoded({'alg': 'HS256', 'kid': 'one'})}.{encoded(claims)}"
    return f"{head}.{encoded(hmac.digest(secret, head.encode(), hashlib.sha256))}"


def changed(token: str, **claims: Any) -> str:
    """A token whose claims were changed after it was signed."""
    head, _, signature = token.split(".")
    return f"{head}.{encoded(claims_of('clinician') | claims)}.{signature}"


def a_clinician(**more: Any) -> str:
    """A token of the issuer for a clinician, with something different."""
    return signed(claims_of("clinician", **more), a_key())


CLAIMS = claims_of("clinician")

UNTRUE: dict[str, Callable[[], str]] = {
    "expired": lambda: a_clinician(exp=now() - LEEWAY_SECONDS - 5),
    "without an end": lambda: a_clinician(exp=None),
    "with an end in words": lambda: a_clinician(exp="tomorrow"),
    "with an end that never comes": lambda: a_clinician(exp=float("nan")),
    "not yet valid": lambda: a_clinician(nbf=now() + LEEWAY_SECONDS + 60),
    "issued in the future": lambda: a_clinician(iat=now() + LEEWAY_SECONDS + 60),
    "for somebody else": lambda: a_clinician(aud="somebody-else"),
    "for somebody whose name begins the same": lambda: a_clinician(aud="referral-triage-2"),
    "for nobody": lambda: a_clinician(aud=None),
    "of another issuer": lambda: a_clinician(iss="https://elsewhere.example"),
    "of the issuer with a slash": lambda: a_clinician(iss="https://issuer.example/"),
    "of no issuer": lambda: a_clinician(iss=None),
    "of several issuers": lambda: a_clinician(iss=["https://issuer.example"]),
    "of nobody": lambda: a_clinician(sub=None),
    "of somebody without a name": lambda: a_clinician(sub=""),
    "of a name with a line break": lambda: a_clinician(sub="a\nb"),
    "of a name too long": lambda: a_clinician(sub="a" * 256),
    "of a number": lambda: a_clinician(sub=1),
    "of a client that is no name": lambda: a_clinician(client_id=["a"]),
    "made for signing in": lambda: a_clinician(nonce="n"),
    "unsigned": lambda: unsigned(CLAIMS),
    "unsigned, with a dot too few": lambda: unsigned(CLAIMS).rstrip("."),
    "unsigned, in capitals": lambda: unsigned(CLAIMS, alg="NONE"),
    "with an empty signature": lambda: f"{a_clinician().rpartition('.')[0]}.",
    "signed with the public key as a secret": lambda: shared_secret(CLAIMS, a_key().as_pem()),
    "signed with the published key as a secret": lambda: shared_secret(
        CLAIMS, json.dumps(published(a_key())).encode()
    ),
    "signed by somebody else": lambda: signed(CLAIMS, OTHER),
    "with somebody else's key in it": lambda: signed(
        CLAIMS, OTHER, jwk=dict(OTHER.as_dict(private=False))
    ),
    "that says where somebody else's key is": lambda: signed(
        CLAIMS, OTHER, jku="https://elsewhere.example/keys"
    ),
    "of a key not known": lambda: signed(CLAIMS, a_key(kid="another")),
    "of an id that is no text": lambda: f"{encoded({'alg': 'ES256', 'kid': 1})}.e30.AAAA",
    "of a key of another kind": lambda: signed(CLAIMS, a_key("RS256"), "RS256"),
    "of a curve of another algorithm": lambda: signed(CLAIMS, a_key("ES384"), "ES384"),
    "of an algorithm that is too short for us": lambda: signed(
        CLAIMS, ECKey.generate_key("P-521", {"kid": "one"}), "ES512"
    ),
    "changed after it was signed": lambda: changed(a_clinician(), roles=["auditor"]),
    "with what must be understood": lambda: signed(CLAIMS, a_key(), crit=["kid"]),
    "with claims that are not encoded": lambda: signed(CLAIMS, a_key(), b64=True),
    "of another type": lambda: signed(CLAIMS, a_key(), typ="logout+jwt"),
    "of a header that is no object": lambda: f"{encoded([1])}.{encoded(CLAIMS)}.AAAA",
    "of a header that is no JSON": lambda: f"{encoded(b'{')}.{encoded(CLAIMS)}.AAAA",
    "of an algorithm that is no text": lambda: f"{encoded({'alg': ['ES256']})}.e30.AAAA",
    "of a header far too deep": lambda: f"{encoded(b'[' * 4000)}.{encoded(CLAIMS)}.AAAA",
    "too long": lambda: a_clinician(more="x" * LONGEST_TOKEN),
    "no token at all": lambda: "nonsense",
    "two tokens": lambda: f"{a_clinician()}, Bearer {a_clinician()}",
}


def ask(client: FlaskClient, token: str) -> TestResponse:
    """A call that every role may make, with a token."""
    return client.get("/v1/vocabulary", headers=bearer(token))


@pytest.mark.parametrize("made", UNTRUE.values(), ids=UNTRUE)
def test_a_token_that_is_not_true_opens_nothing(
    made: Callable[[], str], caller: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    token = made()
    with caplog.at_level(logging.DEBUG, "triage"):
        answer = ask(caller, token)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith('Bearer realm="referral-triage"')
    (line,) = [vars(one)["said"] for one in caplog.records if one.getMessage() == "refused"]
    assert line["request_id"] == answer.headers["X-Request-Id"]
    assert re.fullmatch("[A-Za-z_ ]+", line["why"])


def test_what_is_wrong_with_a_token_is_told_to_the_log_alone(caller: FlaskClient) -> None:
    bearers = {name: made() for name, made in UNTRUE.items() if name != "two tokens"}
    answers = [ask(caller, token) for token in bearers.values()]
    assert {answer.get_json(force=True)["detail"] for answer in answers} == {BAD_TOKEN.detail}
    assert {answer.headers["WWW-Authenticate"] for answer in answers} == {BAD_TOKEN.challenge}


def test_a_true_token_is_believed(caller: FlaskClient, issuer: AnIssuer) -> None:
    assert ask(caller, issuer.token("clinician")).status_code == 200


TRUE: dict[str, Callable[[], str]] = {
    "just expired, by a clock that is ahead": lambda: a_clinician(exp=now() - LEEWAY_SECONDS + 30),
    "of now, by a clock that is behind": lambda: a_clinician(nbf=now() + 20, iat=now() + 20),
    "for several": lambda: a_clinician(aud=["another", "referral-triage"]),
    "with its role alone": lambda: a_clinician(roles=None, role="clinician"),
    "with roles of others": lambda: a_clinician(roles=["clinician", "cook", 7, None]),
    "with its role twice": lambda: a_clinician(role="clinician"),
    "of no client": lambda: a_clinician(client_id=None),
    "of a type not said": lambda: signed(CLAIMS, a_key(), typ=None),
    "of the plain type": lambda: signed(CLAIMS, a_key(), typ="JWT"),
    "that names no key, where there is one": lambda: signed(CLAIMS, a_key(), kid=None),
    "with a header that others understand": lambda: signed(CLAIMS, a_key(), nonce="n"),
}


@pytest.mark.parametrize("made", TRUE.values(), ids=TRUE)
def test_a_token_may_be_made_in_several_ways(made: Callable[[], str], caller: FlaskClient) -> None:
    assert ask(caller, made()).status_code == 200


NO_ROLE: dict[str, dict[str, Any]] = {
    "none": {"roles": None},
    "an empty list": {"roles": []},
    "an unknown one": {"roles": ["cook"]},
    "two": {"roles": ["clinician", "auditor"]},
    "two in two places": {"role": "auditor"},
    "two in one word": {"roles": "clinician auditor"},
    "a developer": {"roles": ["developer"]},
    "something else": {"roles": {"clinician": True}},
}


@pytest.mark.parametrize("claims", NO_ROLE.values(), ids=NO_ROLE)
def test_a_token_holds_just_one_role(
    claims: dict[str, Any], caller: FlaskClient, issuer: AnIssuer
) -> None:
    answer = ask(caller, issuer.token("clinician", **claims))
    assert answer.status_code == 403
    assert 'error="insufficient_scope"' in answer.headers["WWW-Authenticate"]
    detail = answer.get_json(force=True)["detail"]
    assert "exactly one of the roles gp_system, call_handler" in detail
    assert "developer" not in detail


def test_a_gp_system_names_itself(caller: FlaskClient, issuer: AnIssuer) -> None:
    nameless = ask(caller, issuer.token(Role.GP_SYSTEM, client_id=None))
    assert nameless.status_code == 403
    assert "must name the system" in nameless.get_json(force=True)["detail"]
    named = ask(caller, issuer.token(Role.GP_SYSTEM, client_id=None, azp="a-system"))
    assert named.status_code == 200


@pytest.mark.parametrize("place", ["query", "cookie", "form"])
def test_a_token_is_taken_from_its_header_alone(
    place: str, caller: FlaskClient, issuer: AnIssuer
) -> None:
    token = issuer.token("clinician")
    if place == "cookie":
        caller.set_cookie("access_token", token)
    sent: dict[str, Any] = {
        "query": {"query_string": {"access_token": token}},
        "form": {"data": {"access_token": token}},
    }.get(place, {})
    assert caller.get("/v1/vocabulary", **sent).status_code == 401


@pytest.mark.parametrize("header", ["Basic YTpi", "Bearer", "Token {}", "{}", ""])
def test_another_header_is_no_token(header: str, caller: FlaskClient, issuer: AnIssuer) -> None:
    sent = {"Authorization": header.format(issuer.token("clinician"))}
    assert caller.get("/v1/vocabulary", headers=sent).status_code == 401


def test_the_scheme_is_written_as_one_likes(caller: FlaskClient, issuer: AnIssuer) -> None:
    sent = {"Authorization": f"bEARER  {issuer.token('clinician')}"}
    assert caller.get("/v1/vocabulary", headers=sent).status_code == 200


def test_a_token_of_this_machine_is_nothing_to_a_service_with_an_issuer(
    issuer: AnIssuer, caller: FlaskClient
) -> None:
    token = a_local_token(issuer.folder / "keys", "clinician")
    assert ask(caller, token).status_code == 401


def test_each_role_is_read(issuer: AnIssuer, caller: FlaskClient) -> None:
    for role in ISSUED_ROLES:
        assert ask(caller, issuer.token(role)).status_code == 200
