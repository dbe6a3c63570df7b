"""How facts look to the engine: short names, and whole numbers for their values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from triage.domain.conditions import Compare
from triage.domain.vocabulary import Kind, Term, Value
from triage.errors import EngineError

Encode = Callable[[Any], int]

SMALL = 200
"""Up to how many numbers a fact may have for the words that show them to be made beforehand."""


@dataclass(frozen=True, slots=True)
class Property:
    """How one fact, or one word of a list, is shown to the engine: its name there, its number."""

    name: str
    fact: str
    encode: Encode
    show: Callable[[Any], str]
    """The part of a message that gives the fact its value."""


class Properties:
    """The properties of one engine, made as conditions ask for them."""

    def __init__(self, terms: Mapping[str, Term]) -> None:
        self._terms = terms
        self._made: dict[tuple[str, Value | None], Property] = {}

    @property
    def names(self) -> list[str]:
        """Every property name the engine may meet."""
        return [made.name for made in self._made.values()]

    def of(self, comparison: Compare) -> Property:
        """The property that a comparison reads."""
        term = self._terms[comparison.fact]
        word = comparison.wanted if comparison.operator in ("includes", "excludes") else None
        key = (term.name, word)
        if key not in self._made:
            name, encode = f"p{len(self._made)}", _encoder(term, word)
            self._made[key] = Property(name, term.name, encode, _shower(term, word, name, encode))
        return self._made[key]


def _encoder(term: Term, word: Value | None) -> Encode:
    if word is not None:
        return lambda listed: int(word in listed)
    if term.kind is Kind.CHOICE:
        return {choice: place for place, choice in enumerate(term.choices)}.__getitem__
    if term.kind is Kind.NUMBER:
        return lambda value: value if type(value) is int else _refuse(term)
    if term.kind is Kind.BOOLEAN:
        return lambda value: 1 if value is True else 0 if value is False else _refuse(term)
    return lambda _value: 1


def _shower(term: Term, word: Value | None, name: str, encode: Encode) -> Callable[[Any], str]:
    """What shows a value in a message; where values are few, made beforehand."""
    if word is None and term.kind is Kind.CHOICE:
        return {choice: f',"{name}":{encode(choice)}' for choice in term.choices}.__getitem__
    if word is None and term.kind is Kind.BOOLEAN:
        no, yes = f',"{name}":0', f',"{name}":1'
        return lambda value: yes if value is True else no if value is False else _refuse(term)
    if term.kind is Kind.NUMBER and term.high - term.low <= SMALL:
        numbers = range(term.low, term.high + 1)
        made = {number: f',"{name}":{number}' for number in numbers}
        return lambda value: made[value] if type(value) is int else _refuse(term)
    return lambda value: f',"{name}":{encode(value)}'


def _refuse(term: Term) -> Any:
    raise EngineError(f"{term.name} reached the engine with a value that is not a {term.kind}")


def refuse_colliding_names(names: Iterable[str]) -> None:
    """Raise ``EngineError`` if two names have one 32-bit FNV-1a hash, all the engine compares."""
    seen: dict[int, str] = {}
    for name in sorted(names):
        other = seen.setdefault(fnv_1a(name), name)
        if other != name:
            raise EngineError(f"the engine cannot tell {name} from {other}; rename one of them")


def fnv_1a(name: str) -> int:
    """The 32-bit FNV-1a hash of a name."""
    found = 2166136261
    for byte in name.encode():
        found = (found ^ byte) * 0x01000193 & 0xFFFFFFFF
    return found
