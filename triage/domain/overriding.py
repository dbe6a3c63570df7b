"""Deciding otherwise: what clinicians make of a decision, and what stands of it in the end.

A decision is never changed. Overrides of it form a chain, of which the last that came into force
stands. One that lowers the urgency comes into force when a second person has confirmed it; until
then it waits, and any later override takes its place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

DECISION = "decision"
"""By what a decision stands that nobody has overridden."""


class Standing(StrEnum):
    """How far an override has come."""

    IN_FORCE = "in_force"
    AWAITING = "awaiting_second_person"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a clinician asks for, in words of the vocabulary. ``urgency`` None: none was stated."""

    route: str
    urgency: str | None
    reason: str
    comment: str


@dataclass(frozen=True, slots=True)
class Stands:
    """Where a referral goes and how soon, as it stands.

    ``respond_by`` is RFC 3339 in UTC; ``by`` the id of the override that says so, or "decision".
    """

    route: str
    urgency: str
    team: Mapping[str, Any]
    respond_by: str
    by: str = DECISION

    def as_dict(self) -> dict[str, Any]:
        """The same in the names that callers rely on."""
        return {
            "route": self.route,
            "urgency": self.urgency,
            "team": dict(self.team),
            "respond_by": self.respond_by,
            "by": self.by,
        }


@dataclass(frozen=True, slots=True)
class Override:
    """An override as it stands: ``entry`` is what the log says of it, ``stands`` what it asks."""

    entry: Mapping[str, Any]
    stands: Stands
    standing: Standing

    @property
    def id(self) -> str:
        """By what it is confirmed or withdrawn."""
        return self.stands.by

    @classmethod
    def of_entry(cls, entry: Mapping[str, Any]) -> Override:
        """The override that an entry of the log records, as it was then."""
        asks = Stands(
            entry["route"], entry["urgency"], entry["team"], entry["respond_by"], entry["id"]
        )
        return cls(entry, asks, Standing.AWAITING if entry["lowers"] else Standing.IN_FORCE)


@dataclass(frozen=True, slots=True)
class Chain:
    """A decision and every override of it, in their order.

    ``hops`` is how often another route came into force; ``sequence`` the number of the newest
    entry about it, 0 where nobody has overridden it.
    """

    decided: Stands
    overrides: tuple[Override, ...] = ()
    hops: int = 0
    sequence: int = 0

    @classmethod
    def begun_by(cls, entry: Mapping[str, Any]) -> Chain:
        """The chain of a decision that nobody has overridden, from its entry in the log."""
        decision = entry["decision"]
        route = decision["route"]
        return cls(Stands(route["id"], decision["urgency"], route["team"], route["respond_by"]))

    @property
    def stands(self) -> Stands:
        """What stands now."""
        for one in reversed(self.overrides):
            if one.standing is Standing.IN_FORCE:
                return one.stands
        return self.decided

    @property
    def waiting(self) -> Override | None:
        """The override that waits for a second person; there is never more than one."""
        last = self.overrides[-1] if self.overrides else None
        return last if last and last.standing is Standing.AWAITING else None

    def override(self, id_: str) -> Override | None:
        """The override of an id."""
        return next((one for one in self.overrides if one.id == id_), None)

    def after(self, entry: Mapping[str, Any]) -> Chain:
        """The chain after the next entry about it: an override, a confirmation or a withdrawal."""
        overrides = _AFTER[entry["kind"]](self.overrides, entry)
        chain = Chain(self.decided, overrides, self.hops, entry["sequence"])
        moved = chain.stands.route != self.stands.route
        return replace(chain, hops=self.hops + moved)


_All = tuple[Override, ...]


def _overridden(before: _All, entry: Mapping[str, Any]) -> _All:
    new = Override.of_entry(entry)
    if new.standing is Standing.AWAITING:
        return (*_superseded(before, Standing.AWAITING), new)
    return (*_superseded(before, Standing.AWAITING, Standing.IN_FORCE), new)


def _confirmed(before: _All, entry: Mapping[str, Any]) -> _All:
    others = _superseded(before, Standing.IN_FORCE)
    return _set(others, entry["override_id"], Standing.IN_FORCE)


def _withdrawn(before: _All, entry: Mapping[str, Any]) -> _All:
    return _set(before, entry["override_id"], Standing.WITHDRAWN)


_AFTER: Mapping[str, Callable[[_All, Mapping[str, Any]], _All]] = {
    "override": _overridden,
    "override_confirmation": _confirmed,
    "override_withdrawal": _withdrawn,
}
"""What each kind of entry does to the overrides before it."""


def _superseded(overrides: _All, *standings: Standing) -> _All:
    return tuple(
        replace(one, standing=Standing.SUPERSEDED) if one.standing in standings else one
        for one in overrides
    )


def _set(overrides: _All, id_: str, standing: Standing) -> _All:
    return tuple(replace(one, standing=standing) if one.id == id_ else one for one in overrides)
