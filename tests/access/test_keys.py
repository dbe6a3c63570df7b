"""Which keys of an issuer tokens are checked with, and which are passed over."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.access.tokens import AnIssuer, Key, a_key, bearer, claims_of, published, signed
from triage.access.keys import read_key_set
from triage.app import create_app

CLAIMS = claims_of("clinician")

SHORT = base64.urlsafe_b64encode(b"\xff" * 128).rstrip(b"=").decode()
"""A modulus of 1024 bits."""


def status(client: FlaskClient, token: str) -> int:
    """The status of a call that every role may make."""
    return client.get("/v1/vocabulary", headers=bearer(token)).status_code


@pytest.mark.parametrize("algorithm", ["ES256", "ES384", "RS256", "RS384", "PS256"])
def test_tokens_are_signed_with_public_keys(algorithm: str, tmp_path: Path) -> None:
    issuer = AnIssuer(tmp_path, a_key(algorithm))
    client = create_app(issuer.settings()).test_client()
    assert status(client, signed(CLAIMS, a_key(algorithm), algorithm)) == 200


def test_a_key_for_one_algorithm_is_not_used_for_another(tmp_path: Path) -> None:
    issuer = AnIssuer(tmp_path)
    issuer.jwks.write_text(
        json.dumps({"keys": [published(a_key("RS256"))["keys"][0] | {"alg": "PS256"}]})
    )
    client = create_app(issuer.settings()).test_client()
    assert status(client, signed(CLAIMS, a_key("RS256"), "PS256")) == 200
    assert status(client, signed(CLAIMS, a_key("RS256"), "RS256")) == 401


ODD_KEYS: dict[str, Any] = {
    "a secret": {"kty": "oct", "k": "c2VjcmV0", "kid": "one"},
    "a key of another kind": {"kty": "OKP", "crv": "Ed25519", "x": "AA", "kid": "one"},
    "a key to encrypt with": published(a_key())["keys"][0] | {"use": "enc"},
    "a key to encrypt with, by its operations": published(a_key())["keys"][0]
    | {"key_ops": ["encrypt"]},
    "a point on no curve": published(a_key())["keys"][0] | {"x": "AA"},
    "a short key": {"kty": "RSA", "n": SHORT, "e": "AQAB", "kid": "one"},
    "half a key": {"kty": "EC", "crv": "P-256", "kid": "one"},
    "an id that is no text": published(a_key())["keys"][0] | {"kid": 1},
    "no key": "key",
}


@pytest.mark.parametrize("entry", ODD_KEYS.values(), ids=ODD_KEYS)
def test_keys_of_no_use_are_passed_over(entry: Any) -> None:
    with pytest.raises(ValueError, match="no key in the set"):
        read_key_set({"keys": [entry]})
    found = read_key_set({"keys": [entry, *published(a_key(kid="two"))["keys"]]})
    assert found.find("two", "ES256") is not None
    assert found.find("one", "ES256") is None


@pytest.mark.parametrize("document", [None, [], {}, {"keys": None}, {"keys": {}}, {"keys": []}])
def test_what_is_no_key_set_holds_no_key(document: Any) -> None:
    with pytest.raises(ValueError, match="no key in the set"):
        read_key_set(document)


def test_a_private_key_that_was_published_is_not_kept() -> None:
    found = read_key_set({"keys": [dict(a_key().as_dict(private=True))]}).find("one", "ES256")
    assert found is not None
    assert not found.is_private


def test_a_token_that_names_no_key_is_not_tried_with_several() -> None:
    keys: list[Key] = [a_key(), a_key(kid="two"), a_key("ES384", "three")]
    found = read_key_set(published(*keys))
    assert found.find(None, "ES256") is None
    assert found.find(None, "ES384") is not None
    assert found.find(None, "RS256") is None
