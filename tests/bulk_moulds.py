"""Entries to make many of: each a mould with holes for what differs from one to the next."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any, Literal

from tests.builders import referral_builder
from tests.random_things import SOURCES, Drawer
from triage.decide import Decider
from triage.domain.caller import Caller, Role
from triage.domain.referral import Referral
from triage.rulebook import Rulebook, load_rulebook
from triage.store.entries import Kind, NewEntry, columns, rules_fired
from triage.wire import canonical_bytes

Size = Literal["small", "real"]

DIFFERENT = 400
"""How many decisions are really made."""

BY = Caller(Role.CLINICIAN, "clinician-3", "pages", "https://issuer.example")

PARTS: Mapping[Kind, Mapping[str, Any]] = {
    Kind.VIEW: {"what": "decision"},
    Kind.SEARCH: {"filters": {}, "person": True, "found": [], "more": False},
    Kind.OVERRIDE: {"route": "cmht", "urgency": "urgent", "reason": "in_care", "lowers": False},
    Kind.EXPORT: {"what": "decisions", "file_format": "csv", "filters": {}, "person": False},
}
"""What entries of the other kinds hold, or the part of it by which they are found."""

ABOUT_A_DECISION = (Kind.VIEW, Kind.OVERRIDE)

SEQUENCE = 2**53 - 1
_HOLE = re.compile(rb'"@([a-z_]+)@"|9007199254740991')


def moulds(size: Size, seed: int, numbers: Mapping[str, int]) -> dict[Kind, list[Mould]]:
    """Moulds of entries by their kind; ``numbers`` are those by which rules are found."""
    found = {
        kind: [Mould.of(NewEntry(kind, BY, parts, _about(kind), id="@id@"), numbers)]
        for kind, parts in PARTS.items()
    }
    decided = (parts if size == "real" else _small(parts) for parts in _decided(seed))
    found[Kind.DECISION] = [
        Mould.of(NewEntry(Kind.DECISION, BY, parts, id="@id@"), numbers) for parts in decided
    ]
    return found


@dataclass(frozen=True)
class Mould:
    """An entry with holes for what differs: its bytes around them, and how it is found."""

    pieces: tuple[bytes, ...]
    holes: tuple[str, ...]
    columns: Mapping[str, Any]
    rules: Sequence[int]

    @classmethod
    def of(cls, new: NewEntry, numbers: Mapping[str, int]) -> Mould:
        """The mould of an entry. Of a decision, the practice and the identity are holes too."""
        entry, _ = new.leaf(SEQUENCE, "@at@")
        if new.kind is Kind.DECISION:
            entry["commitment"] = "@commitment@"
            if entry["referral"]["ods_code"]:
                entry["referral"] = {**entry["referral"], "ods_code": "@ods_code@"}
        found = _HOLE.split(canonical_bytes(entry))
        holes = tuple((name or b"sequence").decode() for name in found[1::2])
        rules = [numbers[name] for name in rules_fired(entry)]
        return cls(tuple(found[::2]), holes, columns(entry), rules)

    def leaf(self, values: Mapping[str, Any]) -> bytes:
        """The bytes of the entry with these values."""
        parts = [self.pieces[0]]
        for hole, piece in zip(self.holes, self.pieces[1:], strict=True):
            value = values[hole]
            parts.append(b"%d" % value if hole == "sequence" else b'"%s"' % value.encode())
            parts.append(piece)
        return b"".join(parts)


def _about(kind: Kind) -> str | None:
    return "@about@" if kind in ABOUT_A_DECISION else None


@cache
def the_rulebook() -> Rulebook:
    """The rulebook by which they are decided: the shipped one."""
    return load_rulebook()


@cache
def _decided(seed: int) -> list[dict[str, Any]]:
    """What entries of decisions hold: most of them of people who are mildly ill."""
    drawer, random = Drawer(the_rulebook()), Random(seed)
    with closing(Decider(the_rulebook())) as decider:
        drawn = [decider.known(_referral(drawer, random)) for _ in range(DIFFERENT)]
        known = [one.without_own_words(the_rulebook().vocabulary) for one in drawn]
        decisions = [decider.conclude(referral).as_dict() for referral in known]
    for decision in decisions:
        del decision["reference"]
    return [
        {"referral": referral.as_dict(), "decision": decision}
        for referral, decision in zip(known, decisions, strict=True)
    ]


def _referral(drawer: Drawer, random: Random) -> Referral:
    if random.random() < 0.3:
        return drawer.referral(random)
    asked = random.sample(list(drawer.questions()), 2)
    changed = {name: drawer.answer(answer, random) for name, answer in asked}
    mild = referral_builder(**changed)
    source = random.choice(SOURCES[1:])
    return (mild if source == "A1" else mild.from_source(source)).build()


def _small(parts: Mapping[str, Any]) -> dict[str, Any]:
    """The same with only what searching and listing read of it."""
    referral, decision = parts["referral"], parts["decision"]
    told = ("status", "urgency", "booking_held", "rulebook")
    return {
        "referral": {name: referral[name] for name in ("source", "ods_code", "patient")},
        "decision": {
            **{name: decision[name] for name in told},
            "route": {"id": decision["route"]["id"]},
            "alerts": [{"id": alert["id"]} for alert in decision["alerts"]],
            "reasoning": [{"rule": reason["rule"]} for reason in decision["reasoning"]],
        },
    }
