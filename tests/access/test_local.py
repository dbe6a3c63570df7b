"""Tokens of this machine: the key on the first start, the verb that prints one, a real service."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from tests.access.tokens import AUDIENCE, bearer, claims_of, signed
from tests.cli.command import triage
from tests.running import Service, running
from triage.access.local import LOCAL_ISSUER, LOCAL_KEY, LocalKeys, create_local_key, local_token
from triage.access.refusals import AccessError
from triage.access.tokens import Verifier
from triage.domain.caller import Role
from triage.errors import SettingsError

HOUR = 3600


def key_in(folder: Path) -> ECKey:
    """The key of a folder of keys."""
    return ECKey.import_key((folder / LOCAL_KEY).read_bytes())


def test_the_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "keys"
    create_local_key(folder)
    made = (folder / LOCAL_KEY).read_bytes()
    assert made.startswith(b"-----BEGIN PRIVATE KEY-----")
    assert (folder / LOCAL_KEY).stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700
    create_local_key(folder)
    assert (folder / LOCAL_KEY).read_bytes() == made


def test_before_the_first_start_there_is_no_key(tmp_path: Path) -> None:
    assert LocalKeys(tmp_path).find(None, "ES256") is None
    done = triage("token", "--role", "clinician", environment={"TRIAGE_KEYS": str(tmp_path)})
    assert (done.returncode, done.stdout) == (2, "")
    assert "triage serve makes it on its first start" in done.stderr


def test_a_key_made_after_the_start_is_found(tmp_path: Path) -> None:
    keys = LocalKeys(tmp_path)
    assert keys.find(None, "ES256") is None
    create_local_key(tmp_path)
    assert keys.find(None, "ES256") is not None
    assert keys.find(key_in(tmp_path).thumbprint(), "ES256") is not None
    assert keys.find("another", "ES256") is None
    assert keys.find(None, "RS256") is None


SPOILT: dict[str, bytes] = {
    "empty": b"",
    "words": b"words",
    "a public key": ECKey.generate_key("P-256").as_pem(private=False),
    "another curve": ECKey.generate_key("P-384").as_pem(private=True),
    "another kind": RSAKey.generate_key(2048).as_pem(private=True),
}


@pytest.mark.parametrize("content", SPOILT.values(), ids=SPOILT)
def test_a_file_that_is_no_key_is_said_to_be_none(content: bytes, tmp_path: Path) -> None:
    (tmp_path / LOCAL_KEY).write_bytes(content)
    (tmp_path / LOCAL_KEY).chmod(0o600)
    with pytest.raises(SettingsError, match="take it away"):
        create_local_key(tmp_path)
    assert LocalKeys(tmp_path).find(None, "ES256") is None


def test_a_key_that_others_may_read_is_not_used(tmp_path: Path) -> None:
    create_local_key(tmp_path)
    (tmp_path / LOCAL_KEY).chmod(0o644)
    with pytest.raises(SettingsError, match="chmod 600"):
        local_token(tmp_path, Role.CLINICIAN, "a", AUDIENCE, range(1))


@pytest.mark.parametrize("claims", [{"exp": 1}, {"aud": "another"}, {"iss": "https://a.example"}])
def test_a_token_of_this_machine_is_checked_as_every_other(
    claims: dict[str, Any], tmp_path: Path
) -> None:
    create_local_key(tmp_path)
    verifier = Verifier(LOCAL_ISSUER, AUDIENCE, LocalKeys(tmp_path))
    good = claims_of("clinician", iss=LOCAL_ISSUER)
    key = key_in(tmp_path)
    assert verifier.call_claims(signed(good, key, kid=None))
    with pytest.raises(AccessError):
        verifier.call_claims(signed(good | claims, key, kid=None))


def printed(folder: Path, *options: str) -> str:
    """What `triage token` prints."""
    done = triage("token", *options, environment={"TRIAGE_KEYS": str(folder)})
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout.removesuffix("\n")


def test_the_verb_prints_one_token_and_nothing_else(tmp_path: Path) -> None:
    create_local_key(tmp_path)
    found = jwt.decode(printed(tmp_path, "--role", "auditor"), key_in(tmp_path))
    now = time.time()
    claims = found.claims
    assert found.header["alg"] == "ES256"
    assert (claims["iss"], claims["aud"], claims["sub"]) == (LOCAL_ISSUER, AUDIENCE, "auditor")
    assert claims["roles"] == ["auditor"]
    assert abs(claims["exp"] - now - 8 * HOUR) < 60
    assert abs(claims["iat"] - now) < 60
    assert claims["jti"]


def test_the_verb_takes_a_name_and_hours(tmp_path: Path) -> None:
    create_local_key(tmp_path)
    options = ("--role", "clinician", "--subject", "second", "--hours", "24")
    claims = jwt.decode(printed(tmp_path, *options), key_in(tmp_path)).claims
    assert claims["sub"] == "second"
    assert claims["exp"] - claims["iat"] == 24 * HOUR


@pytest.mark.parametrize(
    ("options", "environment", "said"),
    [
        (("--role", "developer"), {}, "is not one of"),
        (("--role", "clinician", "--hours", "25"), {}, "1<=x<=24"),
        ((), {}, "--role"),
        (("--role", "clinician"), {"TRIAGE_ISSUER": "https://a.example"}, "ask the issuer"),
        (("--role", "clinician"), {"TRIAGE_ISUER": "https://a.example"}, "did you mean"),
    ],
)
def test_a_token_that_nobody_would_accept_is_not_made(
    options: tuple[str, ...], environment: dict[str, str], said: str, tmp_path: Path
) -> None:
    create_local_key(tmp_path)
    done = triage("token", *options, environment={"TRIAGE_KEYS": str(tmp_path)} | environment)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def words(service: Service, **headers: str) -> int:
    """The status of a call that every role may make."""
    return service.ask("GET", "/v1/vocabulary", None, **headers).status


def test_a_real_service_makes_its_key_and_believes_its_tokens(tmp_path: Path) -> None:
    home = {"TRIAGE_KEYS": str(tmp_path / "keys"), "XDG_DATA_HOME": str(tmp_path)}
    with running("--workers", "1", environment={**home, "TRIAGE_AUTH": "required"}) as service:
        token = printed(tmp_path / "keys", "--role", "operator")
        assert words(service) == 401
        assert words(service, **bearer(token)) == 200
        assert words(service, **bearer(token[:-4] + "AAAA")) == 401
        triaged = service.ask("POST", "/v1/triage", b"{}", **bearer(token))
        assert triaged.status == 403
    with running("--workers", "1", environment=home) as service:
        assert words(service) == 200
        assert words(service, **bearer(token)) == 200
        assert words(service, X_Forwarded_For="127.0.0.1") == 401
        assert words(service, Host="triage.example") == 401
