"""Changes a JSON value in some places: drops, doubles, retypes and reorders what is there."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from random import Random
from typing import Any

Holder = dict[str, Any] | list[Any]
Place = tuple[Holder, Any]

STRANGE: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    10**30,
    2.5,
    1e300,
    "",
    "ServiceRequest",
    "Bundle",
    "Patient/patient-1",
    "\U0001f9e0" * 300,
    "a\x00b",
    [],
    {},
    [None],
    [[]],
    {"resourceType": "Bundle"},
    {"reference": 7},
    {"coding": {"code": []}},
)


def mutated(value: Any, seed: int) -> Any:
    """A copy of a value with one to four changes, always the same for a seed."""
    random, copy = Random(seed), json.loads(json.dumps(value))
    for _ in range(random.randint(1, 4)):
        places = list(_places(copy))
        if places:
            holder, key = random.choice(places)
            CHANGES[random.choice(sorted(CHANGES))](holder, key, random)
    return copy


def _places(value: Any) -> Iterator[Place]:
    if isinstance(value, dict):
        for key in value:
            yield value, key
            yield from _places(value[key])
    elif isinstance(value, list):
        for key, inner in enumerate(value):
            yield value, key
            yield from _places(inner)


def _drop(holder: Holder, key: Any, _random: Random) -> None:
    del holder[key]


def _double(holder: Holder, key: Any, _random: Random) -> None:
    if isinstance(holder, list):
        holder.insert(key, holder[key])
    else:
        holder[key] = [holder[key], holder[key]]


def _retype(holder: Holder, key: Any, random: Random) -> None:
    holder[key] = random.choice(STRANGE)


def _wrap(holder: Holder, key: Any, _random: Random) -> None:
    holder[key] = {"value": holder[key]}


def _rename(holder: Holder, key: Any, random: Random) -> None:
    if isinstance(holder, dict):
        holder[random.choice(["value", "id", "_id", "entry", "x"])] = holder.pop(key)


def _reorder(holder: Holder, _key: Any, random: Random) -> None:
    entries = list(holder.items()) if isinstance(holder, dict) else list(holder)
    random.shuffle(entries)
    holder.clear()
    holder.update(entries) if isinstance(holder, dict) else holder.extend(entries)


CHANGES: Mapping[str, Callable[[Any, Any, Random], None]] = {
    "drop": _drop,
    "double": _double,
    "retype": _retype,
    "retype again": _retype,
    "wrap": _wrap,
    "rename": _rename,
    "reorder": _reorder,
}
