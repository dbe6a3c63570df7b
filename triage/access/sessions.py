"""Who is signed in: a signed cookie that says so for a while, and opens pages alone."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask, request, session
from flask.sessions import SecureCookieSessionInterface

from triage.access.here import host_of
from triage.addresses import is_loopback
from triage.domain.caller import Caller
from triage.errors import SettingsError
from triage.store.key_files import create_key_file, read_key_file

IDLE_SECONDS = 30 * 60
"""How long somebody stays signed in who asks for no page."""

LONGEST_SECONDS = 8 * 60 * 60
"""How long somebody stays signed in at most."""

SEEN_AGAIN_SECONDS = 60
"""How seldom the cookie is written anew for somebody who asks for page after page."""

FORM_FIELD = "form"
"""The field of every form that says which browser asked for it."""


LONGEST_NAME = 80
"""How much of somebody's name is kept: a cookie is small."""

SESSION_KEY = "session.key"

KEY_BYTES = 32


def is_beyond() -> bool:
    """Was the service asked for by another name than this machine's? Then it is over https."""
    return not is_loopback(host_of(request.environ))


class Sessions(SecureCookieSessionInterface):
    """Keeps the cookie as strictly as the address allows by which the browser asked."""

    salt = "triage signed in"
    digest_method = staticmethod(hashlib.sha256)

    def get_cookie_name(self, app: Flask) -> str:  # noqa: ARG002 (Flask's signature)
        """A name that browsers keep to this host alone; it needs https."""
        return "__Host-triage" if is_beyond() else "triage"

    def get_cookie_secure(self, app: Flask) -> bool:  # noqa: ARG002 (Flask's signature)
        """Not over the network without https."""
        return is_beyond()

    def get_cookie_httponly(self, app: Flask) -> bool:  # noqa: ARG002 (Flask's signature)
        """No script reads it."""
        return True

    def get_cookie_samesite(self, app: Flask) -> str:  # noqa: ARG002 (Flask's signature)
        """Other sites' pages send it only when they link here; so comes who was signed in."""
        return "Lax"


def open_to(app: Flask, folder: Path) -> None:
    """Let an app keep who is signed in, under the key in a folder of keys.

    The key is made where it is missing; whoever serves the same people needs the same key.
    Raises ``SettingsError`` where it cannot be.
    """
    path = folder / SESSION_KEY
    if not path.exists():
        create_key_file(path, secrets.token_bytes(KEY_BYTES))
    app.secret_key = read_key_file(path)
    if len(app.secret_key) < KEY_BYTES:
        raise SettingsError(f"the key file {path} holds less than {KEY_BYTES} bytes; take it away")
    app.session_interface = Sessions()
    app.permanent_session_lifetime = timedelta(seconds=LONGEST_SECONDS)


def begin(caller: Caller, now: int, called: str = "") -> None:
    """Let a caller be signed in from now on, in seconds since 1970.

    ``called`` is what pages call them, where their issuer says; the log knows them by subject.
    """
    session.clear()
    session.update(
        caller=caller.as_dict(),
        since=now,
        seen=now,
        called=called[:LONGEST_NAME],
        **{FORM_FIELD: secrets.token_urlsafe(16)},
    )


def signed_in(now: int) -> Caller | None:
    """Who is signed in, if anybody still is."""
    kept: dict[str, Any] | None = session.get("caller")
    if kept is None:
        return None
    if now - session["seen"] > IDLE_SECONDS or now - session["since"] > LONGEST_SECONDS:
        session.clear()
        return None
    if now - session["seen"] > SEEN_AGAIN_SECONDS:
        session["seen"] = now
    return Caller.of(kept)


def called() -> str | None:
    """What pages call who is signed in; None where nobody is."""
    if "caller" not in session:
        return None
    return session.get("called") or str(session["caller"]["subject"] or "Signed in")


def forget_others() -> None:
    """Let go of sign-ins that were begun in this browser and not ended: a cookie is small."""
    for name in [name for name in session if name.startswith("_state_")]:
        del session[name]


def end() -> None:
    """Let nobody be signed in any more."""
    session.clear()


def form_token() -> str:
    """What a form must send back, so that no other site's page can send it."""
    return str(session.get(FORM_FIELD, ""))


def form_is_own() -> bool:
    """Was the form that was sent made for who is signed in?"""
    sent, own = request.form.get(FORM_FIELD, ""), form_token()
    return bool(own) and hmac.compare_digest(sent.encode(), own.encode())
