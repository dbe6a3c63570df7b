"""Every request comes by here first: who calls, and may they?"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus

from flask import Flask, redirect, request, url_for
from werkzeug.wrappers import Response

from triage.access import sessions
from triage.access.callers import caller_of
from triage.access.calling import CALLER
from triage.access.here import READING, comes_from_here, is_loopback
from triage.access.refusals import BAD_FORM, BAD_TOKEN, NO_TOKEN, WRONG_ROLE, AccessError
from triage.access.roles import TABLE, By, Cell, Row, Table, check_table
from triage.access.settings import check_access, verifier_of
from triage.access.sign_in import SignIn, SignInPage
from triage.access.tokens import Verifier
from triage.config import Settings, keys_folder
from triage.domain.caller import Caller, Role

_BEARER = re.compile(r"bearer +([A-Za-z0-9._~+/-]+=*) *", re.IGNORECASE)


def guard(app: Flask, settings: Settings, page: SignInPage, table: Table = TABLE) -> None:
    """Let an app answer nobody but who may call. The last thing that is done to it.

    Raises ``SettingsError`` where callers could not be known, and ``LookupError`` where the app
    has a call that the table does not know.
    """
    check_access(settings)
    verifier = verifier_of(settings)
    if settings.client_id:
        sessions.open_to(app, keys_folder(settings))
        of_people = replace(verifier, audience=settings.client_id)
        app.register_blueprint(SignIn(app, of_people, settings.client_secret, page).blueprint())
    check_table((rule.endpoint for rule in app.url_map.iter_rules()), table)
    app.before_request(Gate(settings, verifier, table).check)


class Gate:
    """Lets a request through, with who makes it, or refuses it."""

    def __init__(self, settings: Settings, verifier: Verifier, table: Table) -> None:
        self._verifier, self._table = verifier, table
        self._is_local = settings.issuer is None
        self._knows_developers = self._is_local and settings.auth is None
        self._signs_in = settings.client_id is not None
        self._callers: dict[By, Callable[[], Caller | None]] = {
            By.TOKEN: self._by_token,
            By.SESSION: self._by_session,
        }

    def check(self) -> Response | None:
        """Called before every request. Raises ``AccessError``."""
        if request.endpoint is None:
            return None  # there is nothing at this address, which is about to be said
        row = self._table[request.endpoint]
        if row.by is By.NOTHING:
            return None
        caller = self._callers[row.by]() or self._developer()
        if caller is None:
            return self._unknown(row)
        if row.cell(caller.role) is Cell.NO:
            raise AccessError(WRONG_ROLE, f"{caller.role} for {row.endpoint}")
        request.environ[CALLER] = caller
        return None

    def _by_token(self) -> Caller | None:
        sent = request.environ.get("HTTP_AUTHORIZATION")
        if sent is None:
            return None
        found = _BEARER.fullmatch(sent)
        if found is None:
            raise AccessError(NO_TOKEN, "no bearer token")
        if self._is_local and not is_loopback(request.environ.get("REMOTE_ADDR", "")):
            raise AccessError(BAD_TOKEN, "nobody issues tokens for callers beyond this machine")
        return caller_of(self._verifier.call_claims(found[1]))

    def _by_session(self) -> Caller | None:
        caller = sessions.signed_in(int(time.time())) if self._signs_in else None
        if caller and request.method not in READING and not sessions.form_is_own():
            raise AccessError(BAD_FORM, "a form of another page")
        return caller

    def _developer(self) -> Caller | None:
        known = self._knows_developers and comes_from_here(request.environ)
        return Caller(Role.DEVELOPER) if known else None

    def _unknown(self, row: Row) -> Response:
        """Pages ask a person to sign in; a call is refused."""
        if row.by is By.SESSION and self._signs_in and request.method in READING:
            return redirect(url_for("sign_in.begin"), HTTPStatus.SEE_OTHER)
        raise AccessError(NO_TOKEN, "nobody known")
