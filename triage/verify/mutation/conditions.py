"""Every change to one place of a condition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from triage.domain.rules import NamedValue
from triage.domain.vocabulary import Term
from triage.verify.mutation.changes import (
    Change,
    Changes,
    neighbours,
    one_off,
    put,
    within,
    without_one,
)

Written = Mapping[str, Any]
"""A condition as it stands in a rule file."""

OTHER_JOIN = {"all": "any", "any": "all"}

OTHER_END = {"at_least": "above", "above": "at_least", "at_most": "below", "below": "at_most"}
"""The comparison that treats the number itself the other way."""


class ConditionChanges:
    """Finds the changes to conditions over the terms and named values of a rulebook."""

    def __init__(self, terms: Mapping[str, Term], values: Mapping[str, NamedValue]) -> None:
        self._terms, self._values = terms, values

    def of(self, when: Written) -> Changes:
        """Every condition that is another in one place."""
        key = _key(when)
        if key in OTHER_JOIN:
            yield from self._of_join(when, key)
        elif key == "not":
            yield from put(when, key, self.of(when[key]))
            inner = {**when[key], **_because(when)}
            yield Change(inner, f"not was taken away from {told(when[key])}")
        elif key == "at_least_of":
            yield from put(when, key, self._of_count(when[key]))
        else:
            yield from put(when, key, self._of_comparisons(key, when[key]))

    def _of_join(self, when: Written, key: str) -> Changes:
        parts, other = when[key], OTHER_JOIN[key]
        yield from put(when, key, within(parts, self.of))
        yield from put({**when, **_because(when)}, key, without_one(parts, told))
        if len(parts) > 1:
            swapped = {other: parts, **_because(when)}
            yield Change(swapped, f"{key} of {len(parts)} became {other}: {told(when)}")

    def _of_count(self, counting: Written) -> Changes:
        count = self.number(counting["count"])
        yield from put(counting, "count", one_off(count, "at_least_of"))
        yield from put(counting, "of", within(counting["of"], self.of))
        yield from put(counting, "of", without_one(counting["of"], told))

    def _of_comparisons(self, fact: str, compared: Written) -> Changes:
        for sign in compared:
            yield from self._of_comparison(fact, sign, compared)
        if len(compared) > 1:
            for sign, wanted in compared.items():
                kept = {each: value for each, value in compared.items() if each != sign}
                yield Change(kept, f"{fact} {sign} {_word(wanted)} was dropped")

    def _of_comparison(self, fact: str, sign: str, compared: Written) -> Changes:
        wanted = compared[sign]
        yield from put(compared, sign, self._of_wanted(fact, sign, wanted))
        other = OTHER_END.get(sign)
        if other and other not in compared:
            swapped = {(other if each == sign else each): value for each, value in compared.items()}
            yield Change(swapped, f"{fact} {sign} {_word(wanted)} became {other}")

    def _of_wanted(self, fact: str, sign: str, wanted: Any) -> Changes:
        """The constant of a comparison changed: the next number or word, or yes to no."""
        name = f"{fact} {sign}"
        if isinstance(wanted, bool):
            yield Change(not wanted, f"{name} {_word(wanted)} became {_word(not wanted)}")
        elif isinstance(wanted, list):
            yield from _of_several(name, wanted, self._choices(fact))
        elif isinstance(wanted, str):
            choices = self._choices(fact)
            for other in neighbours(choices, wanted) if wanted in choices else ():
                yield Change(other, f"{name} {wanted} became {other}")
        else:
            yield from one_off(self.number(wanted), name)

    def _choices(self, fact: str) -> Sequence[str]:
        return self._values[fact].choices if fact in self._values else self._terms[fact].choices

    def number(self, written: Any) -> int:
        """A number written out, or the number of a named value."""
        return int(
            self._values[written["value"]].value if isinstance(written, Mapping) else written
        )


def _of_several(name: str, wanted: Sequence[str], choices: Sequence[str]) -> Changes:
    """A choice left out, put in the place of its neighbour, or added."""
    near = [(word, other) for word in wanted for other in neighbours(choices, word)]
    near = [(word, other) for word, other in near if other not in wanted]
    yield from (Change(one.to, f"{name}: {one.said}") for one in without_one(wanted, str))
    for word, other in near:
        exchanged = [other if each == word else each for each in wanted]
        yield Change(exchanged, f"{name}: {word} became {other}")
    for other in dict.fromkeys(other for _, other in near):
        yield Change([*wanted, other], f"{name}: {other} was added")


def _key(when: Written) -> str:
    (key,) = (key for key in when if key != "because")
    return key


def _because(when: Written) -> Written:
    """What a condition says, or the first of its parts that says anything: one must say why."""
    sentence = next(_sentences(when), None)
    return {"because": sentence} if sentence else {}


def _sentences(written: Any) -> Iterator[str]:
    if isinstance(written, Mapping):
        if "because" in written:
            yield written["because"]
        for each in written.values():
            yield from _sentences(each)
    elif isinstance(written, list):
        for each in written:
            yield from _sentences(each)


def told(when: Written) -> str:
    """A condition in a few words."""
    key = _key(when)
    if key in OTHER_JOIN:
        return f"({f' {_BETWEEN[key]} '.join(told(part) for part in when[key])})"
    if key == "not":
        return f"not {told(when[key])}"
    if key == "at_least_of":
        return f"at least {_word(when[key]['count'])} of {len(when[key]['of'])}"
    return " and ".join(f"{key} {sign} {_word(wanted)}" for sign, wanted in when[key].items())


_BETWEEN = {"all": "and", "any": "or"}


def _word(wanted: Any) -> str:
    if isinstance(wanted, bool):
        return str(wanted).lower()
    if isinstance(wanted, Mapping):
        return str(wanted["value"])
    return ", ".join(wanted) if isinstance(wanted, list) else str(wanted)
