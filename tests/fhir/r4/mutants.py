"""Resources with something dropped, doubled, of another type, out of order or put elsewhere."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

Holder = dict[str, Any] | list[Any]
Place = tuple[Any, Any]
"""What holds a value, and its name or index there."""

OTHERS: tuple[Any, ...] = (
    None, True, 0, -1, 1.5, 10**30, "", " ", "x", "2026-02-30", "9990000026", [], [None], [[]],
    {}, {"": {}}, {"extension": []}, {"resourceType": "Patient"}, {"resourceType": 1},
)  # fmt: skip


def mutant(resource: Any, random: Random) -> Any:
    """A copy with one to four changes at random places."""
    made = copy.deepcopy(resource)
    for _ in range(random.randint(1, 4)):
        places = list(_places(made))
        holder, key = random.choice(places)
        random.choice(CHANGES)(holder, key, random)
        if not made:
            break
    return made


def _places(value: Any) -> Iterator[Place]:
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for key, one in list(inner):
        yield value, key
        if isinstance(one, dict | list):
            yield from _places(one)


def _drop(holder: Any, key: Any, _random: Random) -> None:
    del holder[key]


def _double(holder: Any, key: Any, _random: Random) -> None:
    if isinstance(holder, list):
        holder.append(copy.deepcopy(holder[key]))
    else:
        holder[key] = [copy.deepcopy(holder[key]), holder[key]]


def _retype(holder: Any, key: Any, random: Random) -> None:
    holder[key] = copy.deepcopy(random.choice(OTHERS))


def _unwrap(holder: Any, key: Any, _random: Random) -> None:
    if isinstance(holder[key], list) and holder[key]:
        holder[key] = holder[key][0]


def _reorder(holder: Any, key: Any, random: Random) -> None:
    if isinstance(holder[key], list):
        random.shuffle(holder[key])
    elif isinstance(holder, dict):
        holder[key] = holder.pop(key)


def _rename(holder: Any, key: Any, random: Random) -> None:
    if isinstance(holder, dict):
        new = random.choice((f"_{key}", key.upper(), f"{key}s", "valueString", "Jane", "code"))
        holder[new] = holder.pop(key)


CHANGES: tuple[Callable[[Any, Any, Random], None], ...] = (
    _drop,
    _double,
    _retype,
    _unwrap,
    _reorder,
    _rename,
)
