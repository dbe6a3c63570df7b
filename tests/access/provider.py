"""A small OpenID provider: it describes itself, publishes keys, gives codes and turns them in."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.access.tokens import Key, a_key, claims_of, published, signed

CLIENT, SECRET = "pages", "a secret of the pages"

Reply = tuple[int, Any, Mapping[str, str]]


class Provider:
    """What the provider says; tests change it to make it say something wrong."""

    def __init__(self, port: int) -> None:
        self.issuer = f"http://127.0.0.1:{port}"
        self.reset()

    def reset(self) -> None:
        """Say what is right again, and forget what was asked."""
        self.keys: list[Key] = [a_key()]
        self.description: dict[str, Any] = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "response_types_supported": ["code"],
            "id_token_signing_alg_values_supported": ["none", "HS256", "ES256"],
        }
        self.person: dict[str, Any] = {"sub": "dr-who", "roles": ["clinician"]}
        self.id_token: Callable[[dict[str, Any]], str] = lambda claims: signed(claims, self.keys[0])
        self.secret: str | None = SECRET
        self.is_down = False
        self.asked: list[str] = []
        self._begun: dict[str, dict[str, str]] = {}

    def token(self, role: str = "clinician", **claims: Any) -> str:
        """A token for calls."""
        return signed(claims_of(role, **({"iss": self.issuer} | claims)), self.keys[0])

    def answer(self, path: str, sent: dict[str, str], credentials: str | None) -> Reply:
        """The answer to one request."""
        self.asked.append(path)
        if self.is_down:
            return 500, {}, {}
        known: dict[str, Callable[[], Reply]] = {
            "/.well-known/openid-configuration": lambda: (200, self.description, {}),
            "/keys": lambda: (200, published(*self.keys), {}),
            "/authorize": lambda: self._authorize(sent),
            "/token": lambda: self._token(sent, credentials),
            "/elsewhere": lambda: (302, {}, {"Location": f"{self.issuer}/keys"}),
            "/endless": lambda: (200, "x" * 1024 * 1024, {}),
            "/words": lambda: (200, b"words", {}),
        }
        return known.get(path, lambda: (404, {}, {}))()

    def _authorize(self, sent: dict[str, str]) -> Reply:
        """Ask nobody, and send the browser back with a code."""
        wrong = {
            "response_type": "code",
            "client_id": CLIENT,
            "scope": "openid profile",
            "code_challenge_method": "S256",
            "prompt": "login",
        }.items() - sent.items()
        if wrong or not {"state", "nonce", "code_challenge"} <= sent.keys():
            return 400, {"error": "invalid_request"}, {}
        code = secrets.token_urlsafe(16)
        self._begun[code] = sent
        back = {"code": code, "state": sent["state"], "iss": self.issuer}
        return 302, {}, {"Location": f"{sent['redirect_uri']}?{urlencode(back)}"}

    def _token(self, sent: dict[str, str], credentials: str | None) -> Reply:
        """Turn a code in, once, for who has the secret that it was asked for with."""
        begun = self._begun.pop(sent.get("code", ""), None)
        digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if not self._is_client(sent, credentials):
            return 401, {"error": "invalid_client"}, {}
        if (
            begun is None
            or challenge != begun["code_challenge"]
            or sent.get("redirect_uri") != begun["redirect_uri"]
        ):
            return 400, {"error": "invalid_grant"}, {}
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300}
        claims |= {"nonce": begun["nonce"], **self.person}
        given = {"access_token": "opaque", "token_type": "Bearer", "expires_in": 300}
        return 200, given | {"id_token": self.id_token(claims)}, {}

    def _is_client(self, sent: dict[str, str], credentials: str | None) -> bool:
        if self.secret is None:
            return (credentials, sent.get("client_id")) == (None, CLIENT)
        expected = base64.b64encode(f"{CLIENT}:{self.secret}".encode()).decode()
        return credentials == f"Basic {expected}"


@contextmanager
def provider_running() -> Iterator[Provider]:
    """A provider at a free port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    provider = Provider(server.server_port)
    server.provider = provider  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self._reply(urlsplit(self.path).query)

    def do_POST(self) -> None:
        self._reply(self.rfile.read(int(self.headers["Content-Length"])).decode())

    def _reply(self, sent: str) -> None:
        parameters = {name: values[0] for name, values in parse_qs(sent).items()}
        provider: Provider = self.server.provider  # type: ignore[attr-defined]
        status, body, headers = provider.answer(
            urlsplit(self.path).path, parameters, self.headers["Authorization"]
        )
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(data))}.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (its signature)
        """Say nothing."""
