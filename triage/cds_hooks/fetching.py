"""Fetches resources from the FHIR server of a caller, which must be one that is listed for them.

Nothing but reading: over https (or on this machine), without following a redirect, for so long and
of so many bytes at most. No password of this machine goes along.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import Any

import orjson
import requests
from urllib3.exceptions import HTTPError

from triage.errors import TriageError

EACH_SECONDS, ALL_SECONDS = 2.0, 4.0
"""How long one answer may take, and all answers that one call needs together."""

MOST_BYTES, MOST_IN_ALL = 1024 * 1024, 2 * 1024 * 1024
"""The most bytes of one answer, and of all answers that one call needs together."""

PART_BYTES = 16 * 1024

HEADERS = {"Accept": "application/fhir+json", "Accept-Encoding": "identity"}


class FetchError(TriageError):
    """A resource could not be had. The message tells nothing of what was asked, or of whom."""


class Allowance:
    """How many bytes may still be read in all. For many threads."""

    def __init__(self, most: int = MOST_IN_ALL) -> None:
        self._left, self._lock = most, Lock()

    def take(self, size: int) -> None:
        """Read so many. Raises ``FetchError`` where that is more than are left."""
        with self._lock:
            self._left -= size
            if self._left < 0:
                raise FetchError("all answers together were too long")


Fetch = Callable[[str, str, str | None, Allowance], Any]
"""From the address of a FHIR server, with no slash at its end, a path below it, a bearer token and
how much may be read: what stands there, any JSON value. Raises ``FetchError``."""


def fetch(server: str, path: str, token: str | None, allowance: Allowance | None = None) -> Any:
    """What stands at a path of a FHIR server, any JSON value. Raises ``FetchError``."""
    try:
        return orjson.loads(_answered(f"{server}/{path}", token, allowance or Allowance()))
    except orjson.JSONDecodeError:
        raise FetchError("the answer was not JSON") from None
    except (OSError, HTTPError) as error:
        raise FetchError(type(error).__name__) from None


def fetch_all(
    fetch_one: Fetch, server: str, paths: Mapping[str, str], token: str | None
) -> dict[str, Any]:
    """What stands at several paths, by the same keys; what could not be had in time is left out.

    All are asked for at once. Whatever a server does, this takes no longer than ``ALL_SECONDS``.
    """
    found: SimpleQueue[tuple[str, Any]] = SimpleQueue()
    allowance = Allowance()
    for key, path in paths.items():
        Thread(
            target=_into,
            args=(found, key, fetch_one, (server, path, token, allowance)),
            daemon=True,
        ).start()
    ends = time.monotonic() + ALL_SECONDS
    answers = [_next(found, ends) for _ in paths]
    return {key: value for key, value in answers if not isinstance(value, FetchError)}


def _into(
    found: SimpleQueue[tuple[str, Any]],
    key: str,
    fetch_one: Fetch,
    asked: tuple[str, str, str | None, Allowance],
) -> None:
    answer: Any = FetchError("it failed")
    try:
        answer = fetch_one(*asked)
    except FetchError as error:
        answer = error
    finally:
        found.put((key, answer))


def _next(found: SimpleQueue[tuple[str, Any]], ends: float) -> tuple[str, Any]:
    try:
        return found.get(timeout=max(ends - time.monotonic(), 0.001))
    except Empty:
        return "", FetchError("it took too long")


def _answered(url: str, token: str | None, allowance: Allowance) -> bytes:
    ends = time.monotonic() + EACH_SECONDS
    with (
        requests.Session() as session,
        session.get(
            url,
            headers=HEADERS,
            auth=_Bearer(token),
            timeout=EACH_SECONDS,
            allow_redirects=False,
            stream=True,
        ) as answer,
    ):
        if answer.status_code != requests.codes.ok:
            raise FetchError("the answer was not a resource")
        return b"".join(_parts(answer, ends, allowance))


class _Bearer(requests.auth.AuthBase):
    """Puts a token into the header, and nothing in its place where there is none."""

    def __init__(self, token: str | None) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token is not None:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def _parts(answer: requests.Response, ends: float, allowance: Allowance) -> Iterator[bytes]:
    """The parts of an answer as they come in."""
    size = 0
    while part := answer.raw.read1(PART_BYTES, decode_content=True):
        size += len(part)
        allowance.take(len(part))
        if size > MOST_BYTES:
            raise FetchError("the answer was too long")
        if time.monotonic() > ends:
            raise FetchError("the answer took too long")
        yield part
