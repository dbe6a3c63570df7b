"""Cursors: where a page ended, for the same search alone.

A cursor is the number of an entry and a keyed hash over it and the search, in base64. It says
nothing of the filters, and whoever makes one up is told so.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode

from triage.domain.search import Asked
from triage.errors import Fault, ReferralError
from triage.store.keys import PersonKey
from triage.wire import canonical_bytes

PLACE_BYTES = 8

HASH_BYTES = 16


def cursor(key: PersonKey, asked: Asked, place: int) -> str:
    """What leads on from an entry, for whoever asks the same again."""
    number = place.to_bytes(PLACE_BYTES, "big")
    return urlsafe_b64encode(number + _hash(key, asked, number)).decode()


def place_of(key: PersonKey, asked: Asked) -> int | None:
    """The entry from which on is asked; None from the beginning.

    Raises ``ReferralError`` for a cursor that no page of this search ended with.
    """
    if asked.cursor is None:
        return None
    try:
        held = urlsafe_b64decode(asked.cursor.encode("ascii"))
    except ValueError:
        held = b""
    number = held[:PLACE_BYTES]
    if not hmac.compare_digest(held[PLACE_BYTES:], _hash(key, asked, number)):
        raise ReferralError([Fault("cursor", _NOT_OURS)])
    return int.from_bytes(number, "big")


_NOT_OURS = (
    "is not where a page of this search ended; send it as it was given, with the same filters and"
    " order, or leave it out to begin anew"
)


def _hash(key: PersonKey, asked: Asked, number: bytes) -> bytes:
    search = asked.search
    said = {
        "filters": search.without_person(),
        "nhs_number": search.nhs_number,
        "newest_first": asked.newest_first,
        "place": number.hex(),
    }
    return key.of_request(b"cursor\n" + canonical_bytes(said))[:HASH_BYTES]
