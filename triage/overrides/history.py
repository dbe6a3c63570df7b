"""The history of a decision: everything that was recorded about it, in its order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from triage.domain.overriding import Chain, Standing
from triage.reading import decision_in
from triage.store.chains import CHAIN, erasures_of
from triage.store.entries import Kind
from triage.store.log import DecisionLog, Recorded

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
    Kind.ERASURE: (),
    Kind.VIEW: ("what",),
}
"""What a history tells of each kind of entry about a decision, beside what it tells of all."""


def history_of(log: DecisionLog, decision_id: str, *, with_views: bool) -> dict[str, Any]:
    """What stands of a decision, and every entry about it; views where they are asked for.

    A comment that was erased is None. ``supersedes`` is the decision that this one took the place
    of, ``superseded_by`` those that took its own. Raises ``NotRecordedError``.
    """
    decision = decision_in(log, decision_id)
    kinds = [Kind.DECISION, *CHAIN, Kind.VIEW] if with_views else [Kind.DECISION, *CHAIN]
    later = log.about(decision_id, kinds)
    chain = Chain.begun_by(decision.entry.content)
    for one in later:
        if one.entry.content["kind"] in CHAIN:
            chain = chain.after(one.entry.content)
    about = [one for one in later if one.entry.content["kind"] != Kind.DECISION]
    worded = [one for one in about if one.entry.content["commitment"]]
    erasures = erasures_of(log.database, [decision, *worded])
    about += [Recorded(one, None) for one in erasures]
    about.sort(key=lambda one: one.entry.sequence)
    return {
        "decision_id": decision_id,
        "standing": chain.stands.as_dict(),
        "hops": chain.hops,
        "supersedes": decision.entry.content["about"],
        "superseded_by": [
            one.entry.id for one in later if one.entry.content["kind"] == Kind.DECISION
        ],
        "entries": [_decided(decision, chain), *(_told(one, chain) for one in about)],
    }


def _decided(decision: Recorded, chain: Chain) -> dict[str, Any]:
    stands = chain.stands.by == chain.decided.by
    told = chain.decided.as_dict()
    del told["by"]
    standing = Standing.IN_FORCE if stands else Standing.SUPERSEDED
    return {**_head(decision.entry.content), **told, "standing": standing.value}


def _told(recorded: Recorded, chain: Chain) -> dict[str, Any]:
    content = recorded.entry.content
    told = {**_head(content), **{name: content[name] for name in TOLD[Kind(content["kind"])]}}
    override = chain.override(content["id"])
    if override:
        told["standing"] = override.standing.value
        told["comment"] = _comment(recorded)
    return told


def _head(content: Mapping[str, Any]) -> dict[str, Any]:
    return {name: content[name] for name in ("id", "kind", "sequence", "at", "by")}


def _comment(recorded: Recorded) -> str | None:
    if recorded.identity is None:
        return None
    comment: str = orjson.loads(recorded.identity.content)["comment"]
    return comment
