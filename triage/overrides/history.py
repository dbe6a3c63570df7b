"""The history of a decision: everything that was recorded about it, in its order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from triage.domain.overriding import Chain, Standing
from triage.reading import decision_in
from triage.store.chains import CHAIN
from triage.store.entries import Identity, Kind
from triage.store.log import DecisionLog

TOLD: Mapping[Kind, tuple[str, ...]] = {
    Kind.OVERRIDE: (
        "route",
        "urgency",
        "team",
        "respond_by",
        "reason",
        "lowers",
        "from",
        "rulebook",
    ),
    Kind.OVERRIDE_CONFIRMATION: ("override_id", "route", "urgency", "reason"),
    Kind.OVERRIDE_WITHDRAWAL: ("override_id",),
    Kind.CANCELLATION: ("status",),
    Kind.ERASURE: ("reason",),
    Kind.VIEW: ("what",),
}
"""What a history tells of each kind of entry about a decision, beside what it tells of all."""


def history_of(log: DecisionLog, decision_id: str, *, with_views: bool) -> dict[str, Any]:
    """What stands of a decision, and every entry about it; views where they are asked for.

    A comment that was erased is None. ``supersedes`` is the decision that this one took the place
    of, ``superseded_by`` those that took its own. Raises ``NotRecordedError``.
    """
    decision = decision_in(log, decision_id).entry.content
    kinds = [kind for kind in (Kind.DECISION, *TOLD) if with_views or kind is not Kind.VIEW]
    later = [(one.entry.content, one.identity) for one in log.about(decision_id, kinds)]
    chain = Chain.begun_by(decision)
    for entry, _ in later:
        if entry["kind"] in CHAIN:
            chain = chain.after(entry)
    return {
        "decision_id": decision_id,
        "standing": chain.stands.as_dict(),
        "hops": chain.hops,
        "supersedes": decision["about"],
        "superseded_by": [entry["id"] for entry, _ in later if entry["kind"] == Kind.DECISION],
        "entries": [
            _decided(decision, chain),
            *(_told(*one, chain) for one in later if one[0]["kind"] != Kind.DECISION),
        ],
    }


def _decided(entry: Mapping[str, Any], chain: Chain) -> dict[str, Any]:
    stands = chain.stands.by == chain.decided.by
    told = chain.decided.as_dict()
    del told["by"]
    standing = Standing.IN_FORCE if stands else Standing.SUPERSEDED
    return {**_head(entry), **told, "standing": standing.value}


def _told(entry: Mapping[str, Any], identity: Identity | None, chain: Chain) -> dict[str, Any]:
    told = {**_head(entry), **{name: entry[name] for name in TOLD[Kind(entry["kind"])]}}
    override = chain.override(entry["id"])
    if override:
        told["standing"] = override.standing.value
        told["comment"] = orjson.loads(identity.content)["comment"] if identity else None
    return told


def _head(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {name: entry[name] for name in ("id", "kind", "sequence", "at", "by")}
