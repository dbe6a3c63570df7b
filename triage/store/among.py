"""Among which deliveries somebody claims: what may be claimed, and who has room for more."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from sqlalchemy import ColumnElement, and_, func, select

from triage.store.passing_tables import OUTBOX
from triage.store.tables import ENTRIES


@dataclass(frozen=True, slots=True)
class Full:
    """A receiver that is to get no more now by these channels: who has one of these ODS codes.

    With ``but``, whoever has another code, or none. Codes are in capitals.
    """

    channels: frozenset[str]
    codes: frozenset[str]
    but: bool = False


class Room(Protocol):
    """How much more each receiver may get now."""

    def full(self) -> Collection[Full]:
        """Those who may get no more."""

    def take(self, channel: str, ods_code: str | None) -> bool:
        """Count one more for a receiver; False where it may get no more, and then it is full."""


class _NoEnd:
    """Room for everything."""

    def full(self) -> Collection[Full]:
        return ()

    def take(self, _channel: str, _ods_code: str | None, /) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class Among:
    """What may be claimed: only what was due by a moment, none of these ids, what has room."""

    due_by: datetime | None = None
    but: frozenset[str] = frozenset()
    room: Room = field(default_factory=_NoEnd)


_OF, _ABOUT = ENTRIES.alias(), ENTRIES.alias()

CODE = (
    select(func.coalesce(_OF.c.ods_code, _ABOUT.c.ods_code))
    .select_from(_OF.outerjoin(_ABOUT, _ABOUT.c.id == _OF.c.about))
    .where(_OF.c.sequence == OUTBOX.c.sequence)
    .scalar_subquery()
)
"""The ODS code of who referred: an entry about a decision is told to whom the decision was."""


def is_for(full: Full) -> ColumnElement[bool]:
    """Is a delivery for a receiver that has no room for more?"""
    code = func.upper(func.coalesce(CODE, ""))
    among = code.not_in(sorted(full.codes)) if full.but else code.in_(sorted(full.codes))
    return and_(OUTBOX.c.channel.in_(sorted(full.channels)), among)
