"""The answers as they were given, and what was declined or never asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from triage.domain.pseudonymised import WITHHELD
from triage.domain.rules import rated_fact
from triage.domain.vocabulary import Answer, Vocabulary
from triage.web.decision.values import Values


@dataclass(frozen=True, slots=True)
class Given:
    """Something that was asked, and what was answered."""

    title: str
    words: str


@dataclass(frozen=True, slots=True)
class Group:
    """Answers that hang together, under what they are about."""

    title: str
    given: tuple[Given, ...]


@dataclass(frozen=True, slots=True)
class Answers:
    """What is known of a referral: answers by group, and what a clinician ``rated``.

    ``declined`` are questions asked and refused, ``not_asked`` all others without an answer.
    """

    groups: tuple[Group, ...]
    rated: tuple[Given, ...]
    declined: tuple[str, ...]
    not_asked: tuple[str, ...]


def answers_of(
    referral: Mapping[str, Any], vocabulary: Vocabulary, told: Mapping[str, Any]
) -> Answers:
    """The answers of a referral as the log keeps it, in the order in which they are asked.

    ``told`` are facts with the person's own words, where they are still held.
    """
    values = Values(vocabulary, frozenset(referral["declined"]))
    given = _with_own_words(referral["answers"], told)
    unknown = given.keys() - vocabulary.answers.keys()
    if unknown:
        raise LookupError(f"{sorted(unknown)} stand in no vocabulary")
    return Answers(
        groups=tuple(_groups(given, vocabulary, values)),
        rated=tuple(
            Given(values.title(rated_fact(factor)), values.said(rated_fact(factor), level))
            for factor, level in referral["levels"].items()
            if level != "unknown"
        ),
        declined=tuple(values.title(name) for name in referral["declined"]),
        not_asked=tuple(
            values.title(name)
            for name in vocabulary.answers
            if name not in given and name not in referral["declined"]
        ),
    )


def _groups(given: Mapping[str, Any], vocabulary: Vocabulary, values: Values) -> Iterator[Group]:
    grouped: dict[str, list[Answer]] = {}
    for name, answer in vocabulary.answers.items():
        if name in given:
            grouped.setdefault(answer.group, []).append(answer)
    for group, answers in grouped.items():
        told = (Given(one.term.title, values.said(one.name, given[one.name])) for one in answers)
        yield Group(group.replace("_", " ").capitalize(), tuple(told))


def _with_own_words(answers: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    """The answers, with what was withheld of them put back where the decision still tells it."""
    return {
        name: told.get(name, value) if isinstance(value, list) and WITHHELD in value else value
        for name, value in answers.items()
    }
