"""Every request comes by here first: who calls, and may they?"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from http import HTTPStatus

from flask import Flask, redirect, request, url_for
from werkzeug.wrappers import Response

from triage.access import sessions
from triage.access.callers import caller_of
from triage.access.calling import CALLER
from triage.access.cds_tokens import CdsTokens, FirstSight, opened
from triage.access.demo import DemoSignIn, PeoplePage
from triage.access.here import READING, comes_from_here
from triage.access.local import LOCAL_ISSUER
from triage.access.refusals import BAD_FORM, BAD_TOKEN, NO_TOKEN, WRONG_ROLE, AccessError
from triage.access.roles import OPEN_PAGES, TABLE, By, Cell, Row, Table, check_table
from triage.access.settings import cds_tokens_of, check_access, verifier_of
from triage.access.sign_in import SignIn, SignInPage
from triage.access.tokens import Verifier
from triage.addresses import is_loopback
from triage.config import Settings, keys_folder, public_url
from triage.domain.caller import Caller, Role

_BEARER = re.compile(r"bearer +([A-Za-z0-9._~+/-]+=*) *", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SignInPages:
    """What is shown of signing in; ``people`` only where everybody is made up."""

    signed_in: SignInPage
    people: PeoplePage


def guard(
    app: Flask,
    settings: Settings,
    pages: SignInPages,
    table: Table = TABLE,
    first_sight: FirstSight | None = None,
) -> None:
    """Let an app answer nobody but who may call. The last thing that is done to it.

    ``first_sight`` remembers the tokens of CDS clients, for all processes together. Raises
    ``SettingsError`` where callers could not be known, and ``LookupError`` where the app has a call
    that the table does not know, or CDS clients and no such memory.
    """
    check_access(settings)
    verifier = verifier_of(settings)
    if settings.demo:
        sessions.open_to(app, keys_folder(settings))
        app.register_blueprint(DemoSignIn(pages.people, pages.signed_in).blueprint())
    elif settings.client_id:
        sessions.open_to(app, keys_folder(settings))
        of_people = replace(verifier, audience=settings.client_id)
        sign_in = SignIn(app, of_people, settings.client_secret, pages.signed_in)
        app.register_blueprint(sign_in.blueprint())
    check_table((rule.endpoint for rule in app.url_map.iter_rules()), table)
    cds = cds_tokens_of(settings, first_sight)
    app.before_request(Gate(settings, verifier, table, cds).check)


class Gate:
    """Lets a request through, with who makes it, or refuses it."""

    def __init__(
        self, settings: Settings, verifier: Verifier, table: Table, cds: CdsTokens | None
    ) -> None:
        self._verifier, self._table, self._cds = verifier, table, cds
        self._public_url = public_url(settings)
        self._is_local = settings.issuer is None
        self._knows_developers = self._is_local and settings.auth is None
        self._signs_in = settings.client_id is not None or settings.demo
        self._is_demo = settings.demo
        self._callers: dict[By, Callable[[], Caller | None]] = {
            By.TOKEN: self._by_token,
            By.SESSION: self._by_session,
            By.CDS: self._by_cds,
        }

    def check(self) -> Response | None:
        """Called before every request. Raises ``AccessError``."""
        if request.endpoint is None:
            self._greet()
            return None  # there is nothing at this address, which is about to be said
        row = self._table[request.endpoint]
        if row.is_open(request.method):
            self._greet()
            return None
        caller = self._callers[row.by]() or self._developer(row.by)
        if caller is None:
            return self._unknown(row)
        request.environ[CALLER] = caller  # a refusal is told to them by name
        if row.cell(caller.role) is Cell.NO:
            raise AccessError(WRONG_ROLE, f"{caller.role} for {row.endpoint}")
        return None

    def _greet(self) -> None:
        """Know who asks for a page that is open to all, or for one that is not there."""
        is_page = request.endpoint is None or request.blueprint in OPEN_PAGES
        if not is_page or request.method not in READING:
            return
        caller = self._by_session() or self._developer(By.SESSION)
        if caller is not None:
            request.environ[CALLER] = caller

    def _by_token(self) -> Caller | None:
        token = _bearer_token()
        if token is None:
            return None
        if self._is_local and not is_loopback(request.environ.get("REMOTE_ADDR", "")):
            raise AccessError(BAD_TOKEN, "nobody issues tokens for callers beyond this machine")
        return caller_of(self._verifier.call_claims(token))

    def _by_cds(self) -> Caller | None:
        """By a token that a client signed for this very call, or one made on this machine."""
        token = _bearer_token()
        if token is None:
            return None
        _, claimed = opened(token)
        if self._is_local and claimed.get("iss") == LOCAL_ISSUER:
            return self._by_token()
        if self._cds is None:
            raise AccessError(BAD_TOKEN, "there are no clients of ours")
        return self._cds.caller(token, f"{self._public_url}{request.path}", int(time.time()))

    def _by_session(self) -> Caller | None:
        caller = sessions.signed_in(int(time.time())) if self._signs_in else None
        if caller and request.method not in READING and not sessions.form_is_own():
            raise AccessError(BAD_FORM, "a form of another page")
        return caller

    def _developer(self, by: By) -> Caller | None:
        """Somebody on the machine itself.

        Where CDS clients are listed, their calls are theirs; where people are made up, the pages.
        """
        is_theirs = (by is By.CDS and self._cds is not None) or (by is By.SESSION and self._is_demo)
        known = self._knows_developers and not is_theirs and comes_from_here(request.environ)
        return Caller(Role.DEVELOPER) if known else None

    def _unknown(self, row: Row) -> Response:
        """Pages ask a person to sign in; a call is refused."""
        if row.by is By.SESSION and self._signs_in and request.method in READING:
            return redirect(url_for("sign_in.begin"), HTTPStatus.SEE_OTHER)
        raise AccessError(NO_TOKEN, "nobody known")


def _bearer_token() -> str | None:
    """The token that the request brings, if any. Raises ``AccessError`` for anything else."""
    sent = request.environ.get("HTTP_AUTHORIZATION")
    if sent is None:
        return None
    found = _BEARER.fullmatch(sent)
    if found is None:
        raise AccessError(NO_TOKEN, "no bearer token")
    return found[1]
