"""Reads how messages name what is asked and answered: codes, and questionnaires of others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from triage.domain.vocabulary import (
    NO_MESSAGES,
    Answer,
    KnownQuestionnaire,
    Messages,
    Target,
    Term,
)
from triage.rulebook.phrases import read_phrases
from triage.rulebook.strict_yaml import Node

PRIORITIES = ("routine", "urgent", "asap", "stat")
"""How soon a request is wanted, in FHIR R4 (RequestPriority)."""

GENDERS = ("male", "female", "other", "unknown")
"""FHIR R4, AdministrativeGender."""

REQUESTERS = ("Patient", "RelatedPerson", "practice")
"""Who asks for a referral and can be told by that alone."""


@dataclass(frozen=True, slots=True)
class Codes:
    """The codes of one answer, by system: its own, those of its items, those of its values."""

    codes: Mapping[str, str]
    item_codes: Mapping[str, tuple[str, ...]]
    value_codes: Mapping[str, Mapping[str, int | str]]


def read_codes(node: Node, term: Term, length: int) -> Codes:
    """The codes that an answer has. Raises ``Refused`` where one stands for nothing."""
    return Codes(
        codes={system: each.text() for system, each in _entries(node.get("codes"))},
        item_codes={
            system: _item_codes(each, length) for system, each in _entries(node.get("item_codes"))
        },
        value_codes={
            system: {code: _value(value, term) for code, value in each.open_mapping().items()}
            for system, each in _entries(node.get("value_codes"))
        },
    )


def _entries(node: Node | None) -> Iterable[tuple[str, Node]]:
    return node.open_mapping().items() if node else ()


def _item_codes(node: Node, length: int) -> tuple[str, ...]:
    codes = tuple(each.text() for each in node.listed())
    if len(codes) != length:
        raise node.refuse(
            f"has {len(codes)} codes for {length} items; give each item one, in order"
        )
    return codes


def _value(node: Node, term: Term) -> int | str:
    """What a code stands for: a choice of the answer, or a number in its range."""
    if term.choices:
        return node.one_of(term.choices, f"a choice of {term.name}")
    if not term.low <= node.number() <= term.high:
        raise node.refuse(f"is outside the range of {term.name}, {term.low} to {term.high}")
    return node.number()


def read_messages(
    node: Node | None,
    answers: Mapping[str, Answer],
    sources: Iterable[str],
    genders: Iterable[str],
) -> Messages:
    """The part ``messages`` of the vocabulary, in whose words it must speak."""
    if node is None:
        return NO_MESSAGES
    node.mapping(
        ("own", "systems", "genders", "requesters", "questionnaires"),
        ("ordered_as", "not_ordered_as"),
    )
    systems = {name: each.text() for name, each in _entries(node["systems"])}
    _check_systems(node["systems"], systems, answers)
    questionnaires = [_questionnaire(each, answers) for each in node["questionnaires"].listed()]
    return Messages(
        own=node["own"].text().rstrip("/"),
        systems=systems,
        genders=_mapped(node["genders"], GENDERS, genders, "a gender"),
        requesters=_mapped(node["requesters"], REQUESTERS, sources, "a source of referral"),
        questionnaires={one.url: one for one in questionnaires},
        ordered_as=read_phrases(node.get("ordered_as")),
        not_ordered_as=read_phrases(node.get("not_ordered_as")),
    )


def _mapped(node: Node, names: Iterable[str], known: Iterable[str], what: str) -> dict[str, str]:
    node.mapping(names)
    return {name: each.one_of(known, what) for name, each in _entries(node)}


def _check_systems(node: Node, systems: Mapping[str, str], answers: Mapping[str, Answer]) -> None:
    named = {
        system
        for one in answers.values()
        for codes in (one.codes, one.item_codes, one.value_codes)
        for system in codes
    }
    for system in sorted(named - systems.keys()):
        raise node.refuse(f"answers have codes of {system}; say by which URI messages know it")


def _questionnaire(node: Node, answers: Mapping[str, Answer]) -> KnownQuestionnaire:
    node.mapping(("url", "title", "links", "values"))
    return KnownQuestionnaire(
        url=node["url"].text(),
        title=node["title"].text(),
        links={link: _target(each, answers) for link, each in _entries(node["links"])},
        values={code: each.number() for code, each in _entries(node["values"])},
    )


def _target(node: Node, answers: Mapping[str, Answer]) -> Target:
    name, _, item = node.text().partition(".")
    if name not in answers:
        raise node.refuse(f"{name} is not an answer; name one, such as phq9_items.1")
    if not item:
        return Target(name)
    if not item.isdigit() or not 1 <= int(item) <= answers[name].length:
        raise node.refuse(f"{name} has items from .1 to .{answers[name].length}")
    return Target(name, int(item))
