"""What "on this machine" means: where the service listens, and where a request comes from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from triage.addresses import is_loopback

FORWARDED = frozenset({"HTTP_FORWARDED", "HTTP_VIA", "HTTP_X_REAL_IP", "HTTP_X_CLIENT_IP"})
"""Headers by which a proxy tells of itself, besides every one that begins with X-Forwarded."""

OWN_PAGES = frozenset({"same-origin", "none"})
"""What a browser says in Sec-Fetch-Site of a request that no other site's page made."""

READING = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing."""


def host_of(environ: Mapping[str, Any]) -> str:
    """The host that a request names, in lower case and without its port; empty where none is."""
    try:
        return urlsplit(f"//{environ.get('HTTP_HOST', '')}").hostname or ""
    except ValueError:
        return ""


def comes_from_here(environ: Mapping[str, Any]) -> bool:
    """Was a request made on this machine, straight to the service and of the caller's own will?

    Not so where a proxy passed it on: its headers say so, or its speaking HTTP/1.0, as a proxy does
    that was told nothing. Not where it was sent to another name than this machine's, which is how
    a page elsewhere reaches in, by changing what its name stands for. And not where a page of
    another site made it, unless it only reads, for such a page cannot see the answer.
    """
    return (
        is_loopback(environ.get("REMOTE_ADDR", ""))
        and is_loopback(host_of(environ))
        and not _was_passed_on(environ)
        and (environ["REQUEST_METHOD"] in READING or not _is_of_another_site(environ))
    )


def _was_passed_on(environ: Mapping[str, Any]) -> bool:
    return environ.get("SERVER_PROTOCOL") == "HTTP/1.0" or any(
        name in FORWARDED or name.startswith("HTTP_X_FORWARDED") for name in environ
    )


def _is_of_another_site(environ: Mapping[str, Any]) -> bool:
    site = environ.get("HTTP_SEC_FETCH_SITE")
    if site is not None:
        return site not in OWN_PAGES
    origin = environ.get("HTTP_ORIGIN")
    return origin is not None and origin.partition("://")[2] != environ.get("HTTP_HOST")
