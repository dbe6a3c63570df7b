"""A system that makes CDS Hooks calls: its keys, its tokens, and the file that lists it."""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask, Response
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.access.no_pages import NO_PAGES
from tests.access.tokens import Key, a_key, bearer, published, signed
from triage.access import caller_of_request, guard
from triage.access.cds_clients import origins_of
from triage.access.cds_tokens import FirstSight
from triage.access.refusals import AccessError
from triage.access.roles import By, Table, read_table
from triage.api import cors, requests
from triage.config import Settings

MINUTES_5 = 300

PUBLIC_URL = "https://triage.example"

DISCOVERY = "/cds-services"

SERVICE = "/cds-services/a-service"

URL = f"{PUBLIC_URL}{SERVICE}"

FEEDBACK = f"{SERVICE}/feedback"


@dataclass(frozen=True)
class CdsClient:
    """A system whose keys stand in a file of a folder. The file that lists it is beside it."""

    folder: Path
    name: str = "ehr"
    algorithm: str = "ES384"
    key: Key = field(default_factory=lambda: a_key("ES384"))
    jku: str | None = None

    @property
    def iss(self) -> str:
        """What its tokens say who signed them."""
        return f"https://{self.name}.example"

    @property
    def origin(self) -> str:
        """Where its pages come from."""
        return f"https://pages.{self.name}.example"

    def publish(self, *keys: Key) -> None:
        """Put keys, or its one key, in the place of those that were published."""
        file = self.folder / f"{self.name}-jwks.json"
        file.write_text(json.dumps(published(*(keys or (self.key,)))))

    def claims(self, url: str, **more: Any) -> dict[str, Any]:
        """What a token for a call to a URL claims. What is given as None is left out."""
        now = int(time.time())
        made = {"iss": self.iss, "aud": url, "iat": now, "exp": now + MINUTES_5}
        claims = {**made, "jti": uuid.uuid4().hex, **more}
        return {name: value for name, value in claims.items() if value is not None}

    def token(self, url: str, **more: Any) -> str:
        """A new token for a call to a URL."""
        return signed(self.claims(url, **more), self.key, self.algorithm, typ="JWT")

    def bearer(self, url: str, **more: Any) -> dict[str, str]:
        """The header by which a call to a URL brings a new token."""
        return bearer(self.token(url, **more))

    def table(self) -> str:
        """Its table in the file of clients."""
        fields: dict[str, Any] = {
            "iss": self.iss,
            "fhir_servers": [f"{self.iss}/fhir"],
            "origins": [self.origin],
        }
        if self.jku is None:
            fields["keys"] = f"{self.name}-jwks.json"
        else:
            fields["jku"] = self.jku
        lines = [f"{name} = {json.dumps(value)}" for name, value in fields.items()]
        return "\n".join(["[[client]]", *lines, ""])


def clients_file(folder: Path, clients: Sequence[CdsClient]) -> Path:
    """The file that lists clients, with the keys of each beside it."""
    for client in clients:
        client.publish()
    path = folder / "clients.toml"
    path.write_text("\n".join(client.table() for client in clients))
    return path


def cds_settings(folder: Path, *clients: CdsClient, **more: Any) -> Settings:
    """Settings of a service of this machine that clients call as ``PUBLIC_URL``."""
    own: dict[str, Any] = {
        "keys": folder / "keys",
        "database_url": f"sqlite:///{folder / 'log.db'}",
        "public_url": PUBLIC_URL,
        "cds_clients": clients_file(folder, clients) if clients else None,
    }
    return Settings(**(own | more))


class Seen:
    """Remembers in this process what was seen, and what it was told."""

    def __init__(self) -> None:
        self.told: list[tuple[bytes, int, int]] = []
        self._lock = threading.Lock()

    def first_sight(self, digest: bytes, expires_at: int, now: int) -> bool:
        """As ``FirstSight``."""
        with self._lock:
            is_first = digest not in [one[0] for one in self.told]
            self.told.append((digest, expires_at, now))
            return is_first


HOOKS: Table = read_table(By.CDS, By.CDS.value)


def hooks_app(settings: Settings, first_sight: FirstSight | None) -> Flask:
    """An app with the CDS Hooks calls, each of which says who calls, or why nobody may."""
    app = Flask("hooks", static_folder=None)
    requests.register(app, settings)
    cors.register(app, origins_of(settings))
    for row in HOOKS.values():
        path = row.path.replace("{}", "<service>")
        app.add_url_rule(path, row.endpoint, _says_who_calls, methods=[row.method])
    app.register_error_handler(AccessError, _says_why)
    guard(app, settings, NO_PAGES, HOOKS, first_sight)
    return app


def ask(client: FlaskClient, token: str, path: str = SERVICE) -> TestResponse:
    """A call to a service, or to another path, with a token."""
    return client.post(path, headers=bearer(token), json={})


def _says_why(error: AccessError) -> Response:
    challenge = {"WWW-Authenticate": error.refusal.challenge or "none"}
    return Response(error.why, error.refusal.status, challenge)


def _says_who_calls(**_: str) -> dict[str, Any]:
    return caller_of_request().as_dict()
