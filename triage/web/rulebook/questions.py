"""Every question as a person reads it: what is asked, what may be said, and what that means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from triage.domain.vocabulary import Answer, AskedWhen, Kind, Worse
from triage.pages.words import Words
from triage.rulebook import Rulebook

SYSTEMS = {"loinc": "LOINC", "snomed": "SNOMED CT", "icd10": "ICD-10"}
"""What systems of codes are called."""

WORSE: Mapping[Worse, str] = {
    Worse.TRUE: "yes is worse than no",
    Worse.FALSE: "no is worse than yes",
    Worse.HIGHER: "a higher number is worse",
    Worse.LAST: "each choice is worse than the one before it",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question. ``spoken`` is how it is put to a person who rings for themselves.

    ``may_be`` says what may be answered where there are no ``choices`` by name.

    ``spoken``, ``worse`` and ``asked_when`` are nothing where there is nothing to say.
    """

    name: str
    title: str
    question: str
    spoken: str
    help: str
    group: str
    choices: Mapping[str, str]
    may_be: str
    worse: str
    asked_when: str
    codes: tuple[str, ...]


def questions_of(rulebook: Rulebook) -> tuple[Asked, ...]:
    """Every question, in the order in which they are asked."""
    words = Words(rulebook.vocabulary)
    return tuple(_asked(one, words) for one in rulebook.vocabulary.answers.values())


def _asked(one: Answer, words: Words) -> Asked:
    return Asked(
        name=one.name,
        title=one.term.title,
        question=one.question,
        spoken=one.spoken,
        help=one.help,
        group=one.group,
        choices={name: words.value(one.name, name) for name in one.term.choices},
        may_be=_may_be(one),
        worse=WORSE[one.worse] if one.worse else "",
        asked_when="; or ".join(_when(each, words) for each in one.asked_when),
        codes=tuple(_codes(one)),
    )


def _may_be(one: Answer) -> str:
    term, ahead = one.term, "a day to come" if one.may_be_ahead else "a day until today"
    said = {
        Kind.BOOLEAN: "yes or no",
        Kind.CHOICE: "",
        Kind.NUMBER: f"a whole number from {term.low} to {term.high}",
        Kind.DATE: ahead,
        Kind.LIST: "any number of these" if term.choices else "any number of things, by name",
        Kind.ITEMS: f"{one.length} scores from {term.low} to {term.high}, in order",
    }
    missed = f", of which {one.may_miss} may be left out" if one.may_miss else ""
    return said[term.kind] + missed


def _when(one: AskedWhen, words: Words) -> str:
    known = words.value(one.answer, one.value)
    told = f"anything but “{known}”" if one.is_not else f"“{known}”"
    return f"{words.title(one.answer)} is {told}"


def _codes(one: Answer) -> Iterator[str]:
    """Codes by which other systems name the question, its items and its answers."""
    for system, code in one.codes.items():
        yield f"{_system(system)} {code}"
    for system, codes in one.item_codes.items():
        yield f"{_system(system)}, item by item: {', '.join(codes)}"
    for system, answers in one.value_codes.items():
        told = ", ".join(f"{code} for {said}" for code, said in answers.items())
        yield f"{_system(system)}, for answers: {told}"


def _system(name: str) -> str:
    return SYSTEMS.get(name, name)
