"""Cursors that hold a whole search, sealed: a link leads on by one alone and tells nobody anything.

They are for callers who are given links to follow, and may have asked in a body what must never
stand in an address. A cursor is good for who got it, and for an hour.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass

import orjson
from cryptography.fernet import Fernet, InvalidToken

from triage.domain.caller import Caller
from triage.errors import Fault, ReferralError
from triage.store.keys import PersonKey

HOUR = 3600
"""How long a cursor is good for, in seconds."""

Pairs = Sequence[tuple[str, str]]
"""What was asked for, as names and values in their order."""


@dataclass(frozen=True, slots=True)
class Onward:
    """A search of something, and the number of the entry after which it goes on, if it does."""

    what: str
    asked: Pairs
    place: int | None = None


class Seals:
    """Seals and opens cursors under the key of one log. Safe for many threads."""

    def __init__(self, key: PersonKey) -> None:
        self._fernet = Fernet(urlsafe_b64encode(key.of_request(b"sealed cursors\n")))

    def sealed(self, onward: Onward, by: Caller) -> str:
        """The cursor of a search, for somebody; no two are alike."""
        held = [_whose(by), onward.what, list(onward.asked), onward.place]
        return self._fernet.encrypt(orjson.dumps(held)).decode()

    def opened(self, cursor: str, by: Caller) -> Onward:
        """What a cursor holds. Raises ``ReferralError`` for one that is not theirs, or too old."""
        try:
            held = self._fernet.decrypt(cursor.encode(), HOUR)
        except InvalidToken:
            raise _not_theirs() from None
        whose, what, asked, place = orjson.loads(held)
        if whose != _whose(by):
            raise _not_theirs()
        return Onward(what, [(name, value) for name, value in asked], place)


def _whose(by: Caller) -> list[str | None]:
    return [by.issuer, by.client, by.subject]


def _not_theirs() -> ReferralError:
    said = "is no link that you were given within the last hour; begin the search anew"
    return ReferralError([Fault("_cursor", said)])
