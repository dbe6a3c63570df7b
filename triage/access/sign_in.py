"""Signing in to the pages: the authorization code flow of OpenID Connect, with PKCE.

The browser is sent to the issuer with a state, a nonce and the hash of a secret. It comes back
with a code, which that secret turns into an ID token; and that is checked as every token is.
"""

from __future__ import annotations

import hmac
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

import requests
from authlib.integrations.flask_client import (  # type: ignore[import-untyped]
    OAuth,
    OAuthError,
)
from flask import Blueprint, Flask, Response, redirect, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from triage.access import sessions
from triage.access.callers import caller_of
from triage.access.calling import caller_of_request
from triage.access.published import TIMEOUT_SECONDS, IssuerError, metadata_of
from triage.access.refusals import BAD_TOKEN, ISSUER_AWAY, NOT_SIGNED_IN, AccessError
from triage.access.tokens import Verifier
from triage.addresses import is_secure
from triage.domain.caller import Caller

SignInPage = Callable[[Caller | None], tuple[str, str]]
"""Of who is signed in: a page, and what a browser may load for it."""

ISSUER = "issuer"


class SignIn:
    """Signs people in. ``verifier`` checks ID tokens: its audience is our name at the issuer."""

    def __init__(
        self, app: Flask, verifier: Verifier, secret: str | None, page: SignInPage
    ) -> None:
        self._oauth = OAuth(app)
        self._verifier, self._secret, self._page = verifier, secret, page

    def blueprint(self) -> Blueprint:
        """The pages of signing in and out."""
        found = Blueprint("sign_in", __name__)
        found.add_url_rule("/sign-in", "begin", self.begin)
        found.add_url_rule("/sign-in/return", "back", self.back)
        found.add_url_rule("/signed-in", "page", self.page)
        found.add_url_rule("/sign-out", "out", self.out, methods=["POST"])
        found.add_url_rule("/signed-out", "gone", self.gone)
        return found

    def begin(self) -> AnyResponse:
        """Send the browser to the issuer. It asks again who this is: desks are shared."""
        sessions.forget_others()
        scheme = "https" if sessions.is_beyond() else "http"
        back = url_for("sign_in.back", _external=True, _scheme=scheme)
        sent: AnyResponse = self._client().authorize_redirect(back, prompt="login")
        return sent

    def back(self) -> AnyResponse:
        """Take the browser back from the issuer, with a code or without."""
        caller, called = self._who(self._kept())
        sessions.begin(caller, int(time.time()), called)
        return redirect(url_for("sign_in.page"), HTTPStatus.SEE_OTHER)

    def page(self) -> Response:
        """Say who is signed in."""
        return self._shown(caller_of_request())

    def out(self) -> AnyResponse:
        """Sign out here. The issuer asks again at the next sign-in in any case."""
        sessions.end()
        return redirect(url_for("sign_in.gone"), HTTPStatus.SEE_OTHER)

    def gone(self) -> Response:
        """Say that nobody is signed in any more."""
        return self._shown(None)

    def _shown(self, caller: Caller | None) -> Response:
        html, policy = self._page(caller)
        answer = Response(html, content_type="text/html; charset=utf-8")
        answer.headers["Content-Security-Policy"] = policy
        return answer

    def _client(self) -> Any:
        """The library's client, made once the issuer has said where to send people."""
        client = self._oauth.create_client(ISSUER)
        return client or self._oauth.register(
            ISSUER,
            client_id=self._verifier.audience,
            client_secret=self._secret,
            client_kwargs={
                "scope": "openid profile",
                "code_challenge_method": "S256",
                "default_timeout": TIMEOUT_SECONDS,
            },
            **_endpoints(self._verifier.issuer),
        )

    def _kept(self) -> Mapping[str, Any]:
        """What was kept in the browser's session for the state that it comes back with."""
        integration, state = self._client().framework, request.args.get("state", "")
        kept: Mapping[str, Any] | None = integration.get_state_data(session, state)
        integration.clear_state_data(session, state)
        if kept is None:
            raise AccessError(NOT_SIGNED_IN, "a state that is not this browser's")
        if request.args.get("iss", self._verifier.issuer) != self._verifier.issuer:
            raise AccessError(NOT_SIGNED_IN, "another issuer")
        return kept

    def _who(self, kept: Mapping[str, Any]) -> tuple[Caller, str]:
        """Who signed in, by what the issuer says of them, and their name where it says that."""
        client, id_token = self._verifier.audience, self._id_token(kept)
        try:
            claims = self._verifier.claims(id_token)
            caller = caller_of({**claims, "client_id": client})
        except AccessError as error:
            if error.refusal is BAD_TOKEN:  # nobody sent it with a call: there is no challenge
                raise AccessError(NOT_SIGNED_IN, error.why) from error
            raise
        if not hmac.compare_digest(str(claims.get("nonce")).encode(), kept["nonce"].encode()):
            raise AccessError(NOT_SIGNED_IN, "an ID token for another sign in")
        if claims.get("azp", client) != client:
            raise AccessError(NOT_SIGNED_IN, "an ID token for another client")
        return caller, str(claims.get("name") or "")

    def _id_token(self, kept: Mapping[str, Any]) -> str:
        code = request.args.get("code")
        if code is None:
            raise AccessError(NOT_SIGNED_IN, "no code")
        try:
            tokens = self._client().fetch_access_token(
                redirect_uri=kept["redirect_uri"],
                code=code,
                code_verifier=kept["code_verifier"],
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise AccessError(ISSUER_AWAY, type(error).__name__) from error
        except (OAuthError, ValueError) as error:
            raise AccessError(NOT_SIGNED_IN, type(error).__name__) from error
        return str(tokens.get("id_token", ""))


def _endpoints(issuer: str) -> dict[str, str]:
    """Where people are sent, and where their code is taken."""
    try:
        found = metadata_of(issuer)
        endpoints = {
            "authorize_url": str(found["authorization_endpoint"]),
            "access_token_url": str(found["token_endpoint"]),
        }
    except (IssuerError, KeyError) as error:
        raise AccessError(ISSUER_AWAY, str(error)) from error
    if not all(map(is_secure, endpoints.values())):
        raise AccessError(ISSUER_AWAY, "an address that is not https")
    return endpoints
