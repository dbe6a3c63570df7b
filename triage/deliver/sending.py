"""Sends to the addresses of receivers, carefully: whatever comes back becomes an outcome."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from itertools import islice
from threading import Thread

import requests

from triage.addresses import is_secure
from triage.deliver.line import Line, session_over
from triage.deliver.outcome import DELIVERED, Outcome

CONNECT_SECONDS, ANSWER_SECONDS = 5, 20
"""How long a receiver may take to be reached; and to be reached, to answer and to end, in all."""

MOST_BYTES = 16 * 1024
"""So much of an answer is read, which nobody looks at: its status alone counts."""

TIMED_OUT = Outcome("timed_out")

LATER = frozenset(
    {
        HTTPStatus.REQUEST_TIMEOUT,
        HTTPStatus.CONFLICT,
        HTTPStatus.TOO_EARLY,
        HTTPStatus.TOO_MANY_REQUESTS,
    }
)
"""What of 400 to 499 may be otherwise later. All else there says that this will never be taken."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Sends one body at a time. Safe for many threads.

    From the first byte to the last, an attempt takes ``answer_seconds`` at most, whatever the
    receiver does.
    """

    connect_seconds: float = CONNECT_SECONDS
    answer_seconds: float = ANSWER_SECONDS

    def post(self, address: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
        """Send a body; what came of it. No redirect is followed, nothing is sent in the clear.

        ``failure`` is one of ``not_https``, ``timed_out``, ``not_reached``, ``redirected`` and
        ``status_NNN``.
        """
        if not is_secure(address):
            return Outcome("not_https", for_good=True)
        patience = min(self.connect_seconds, self.answer_seconds), self.answer_seconds
        attempt = _Attempt(address, body, headers, patience)
        thread = Thread(target=attempt.make, daemon=True)  # a name may be looked up for longer
        thread.start()
        thread.join(self.answer_seconds)
        try:
            return attempt.came()
        finally:
            attempt.line.cut()


@dataclass(slots=True)
class _Attempt:
    """One attempt, made in a thread of its own, so that nobody waits for it beyond its time."""

    address: str
    body: bytes
    headers: Mapping[str, str]
    patience: tuple[float, float]
    line: Line = field(default_factory=Line)
    found: Outcome | Exception = TIMED_OUT

    def make(self) -> None:
        """Send it, and note what came of it as soon as that is known."""
        try:
            self._send()
        except requests.Timeout:
            self.found = TIMED_OUT
        except (requests.RequestException, ValueError):
            self.found = Outcome("not_reached")
        except Exception as error:  # noqa: BLE001 (who waits for it is to hear of it)
            self.found = error

    def came(self) -> Outcome:
        """What is known by now to have come of it. Raises whatever is no fault of a receiver."""
        found = self.found
        if isinstance(found, Exception):
            raise found
        return found

    def _send(self) -> None:
        headers = {"User-Agent": "referral-triage", **self.headers}
        with (
            session_over(self.line) as session,
            session.post(
                self.address,
                data=self.body,
                headers=headers,
                timeout=self.patience,
                allow_redirects=False,
                stream=True,
            ) as answer,
        ):
            self.found = _outcome(answer)
            _read_some(answer)


def _read_some(answer: requests.Response) -> None:
    """Take some of the rest of an answer, so that the receiver can finish it.

    What it was is known already, so that nothing that goes wrong here counts.
    """
    with suppress(requests.RequestException):
        for _ in islice(answer.iter_content(1), MOST_BYTES):  # more would wait to be complete
            pass


def _outcome(answer: requests.Response) -> Outcome:
    status = answer.status_code
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return DELIVERED
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        return Outcome("redirected")
    refuses = HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR
    wait = seconds_asked(answer.headers.get("Retry-After", ""), datetime.now(UTC))
    return Outcome(f"status_{status}", for_good=refuses and status not in LATER, wait=wait)


def seconds_asked(retry_after: str, now: datetime) -> float:
    """For how long a receiver asks to be left alone: its Retry-After, in seconds or as a date.

    Nought for anything else.
    """
    said = retry_after.strip()
    if said.isascii() and said.isdigit():
        return float(said[:9])
    try:
        moment = parsedate_to_datetime(said)
    except ValueError:
        return 0
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())
