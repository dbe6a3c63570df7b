"""A service by which callers could not be known does not start, and says what to do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.access.tokens import ISSUER, AnIssuer
from tests.cli.command import triage
from triage.access import check_access, prepare_access
from triage.access.local import LOCAL_ISSUER, LOCAL_KEY
from triage.app import create_app
from triage.config import Settings
from triage.errors import SettingsError

BEYOND = "0.0.0.0:8000"


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "beyond this machine": ({"bind": BEYOND}, "set TRIAGE_ISSUER to the URL"),
    "beyond this machine, on IPv6": ({"bind": "[::]:8000"}, "set TRIAGE_ISSUER"),
    "beyond this machine, by name": ({"bind": "triage.example:80"}, "set TRIAGE_ISSUER"),
    "keys of nobody": ({"jwks": "https://a.example"}, "TRIAGE_JWKS needs TRIAGE_ISSUER"),
    "pages of nobody": ({"client_id": "a"}, "TRIAGE_CLIENT_ID needs TRIAGE_ISSUER"),
    "a secret of nobody": ({"client_secret": "a"}, "TRIAGE_CLIENT_SECRET needs TRIAGE_ISSUER"),
    "a secret alone": (
        {"issuer": ISSUER, "client_secret": "a"},
        "TRIAGE_CLIENT_SECRET needs TRIAGE_CLIENT_ID",
    ),
    "one name for both": (
        {"issuer": ISSUER, "client_id": "referral-triage"},
        "give them different names",
    ),
    "an issuer over an open line": ({"issuer": "http://a.example"}, "begins with https://"),
    "an issuer that is no address": ({"issuer": "somebody"}, "begins with https://"),
    "an issuer of pages that is no address": (
        {"issuer": "somebody", "client_id": "a", "jwks": "https://a.example"},
        "begins with https://",
    ),
    "keys over an open line": (
        {"issuer": ISSUER, "jwks": "http://a.example"},
        "TRIAGE_JWKS: http://a.example is not a URL that begins with https://",
    ),
    "keys in no file": ({"issuer": ISSUER, "jwks": "/no/such/file"}, "No such file"),
    "this machine as an issuer": ({"issuer": LOCAL_ISSUER}, "on its own machine alone"),
}


@pytest.mark.parametrize(("asked", "said"), REFUSED.values(), ids=REFUSED)
def test_settings_that_do_not_fit_are_refused(
    asked: dict[str, Any], said: str, tmp_path: Path
) -> None:
    settings = Settings(
        **{"keys": tmp_path / "keys", "database_url": f"sqlite:///{tmp_path / 'log.db'}", **asked}
    )
    for start in (check_access, prepare_access):
        with pytest.raises(SettingsError) as refused:
            start(settings)
        assert said in str(refused.value)
    assert not (tmp_path / "keys" / LOCAL_KEY).exists()


def test_an_app_is_not_made_either(tmp_path: Path) -> None:
    settings = AnIssuer(tmp_path).settings(bind=BEYOND, issuer=None, jwks=None)
    with pytest.raises(SettingsError, match="set TRIAGE_ISSUER"):
        create_app(settings)


@pytest.mark.parametrize("content", ["", "{}", "[]", json.dumps({"keys": []}), "[" * 100])
def test_a_file_without_keys_is_refused(content: str, tmp_path: Path) -> None:
    jwks = tmp_path / "jwks.json"
    jwks.write_text(content)
    with pytest.raises(SettingsError, match="holds no keys to use"):
        check_access(Settings(issuer=ISSUER, jwks=str(jwks)))


@pytest.mark.parametrize("bind", ["127.0.0.1:0", "[::1]:0", "localhost:0"])
def test_the_machine_itself_needs_no_issuer(bind: str) -> None:
    check_access(Settings(bind=bind))


def test_with_an_issuer_it_may_listen_beyond_and_makes_no_key_of_its_own(tmp_path: Path) -> None:
    settings = AnIssuer(tmp_path).settings(bind=BEYOND)
    prepare_access(settings)
    assert not (tmp_path / "keys").exists()


def test_the_service_refuses_to_listen_beyond_without_an_issuer(tmp_path: Path) -> None:
    done = triage(
        "serve",
        "--bind",
        "0.0.0.0:0",
        environment={"TRIAGE_KEYS": str(tmp_path / "keys"), "XDG_DATA_HOME": str(tmp_path)},
    )
    assert done.returncode == 2
    assert "set TRIAGE_ISSUER to the URL of who issues tokens, or listen at" in done.stderr
    assert list(tmp_path.iterdir()) == []
