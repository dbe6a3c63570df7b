"""What one place of a message says of a referral, before it is weighed against the others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from triage.domain.vocabulary import Kind
from triage.fhir.findings import Finding, Severity


class Asked(NamedTuple):
    """What is asked: a field of a referral. ``part`` is empty where it stands in no part.

    ``item`` counts the items of a questionnaire from 1. A tuple, for tables of a whole message are
    kept by these.
    """

    part: str
    name: str
    item: int | None = None

    @property
    def path(self) -> str:
        """The field as faults name it: ``answers.phq9_total``, ``answers.phq9_items.0``."""
        path = f"{self.part}.{self.name}" if self.part else self.name
        return path if self.item is None else f"{path}.{self.item - 1}"

    @property
    def whole(self) -> Asked:
        """The field that it is an item of, or itself."""
        return self if self.item is None else Asked(self.part, self.name)


@dataclass(frozen=True, slots=True)
class Dated:
    """A day, and where it stands."""

    day: date
    at: str


@dataclass(frozen=True, slots=True)
class Given:
    """A value given to a field, as it was sent. ``of`` is where the resource stands.

    ``weak``: it was gathered from something else, and gives way to whatever answers the question.
    """

    asked: Asked
    value: Any
    at: str
    of: str
    on: Dated | None = None
    weak: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """A question that was asked, and that the person would not answer."""

    asked: Asked
    at: str
    of: str
    on: Dated | None = None


Said = Given | Refused | Finding
"""What a reader of resources may come upon."""


@dataclass(frozen=True, slots=True)
class Misnamed(Finding):
    """That a name is none of ours: it is told with the name that is nearest to ``word``."""

    word: str = ""


def says_anything(said: Iterable[Said]) -> bool:
    """Is anything said of the referral, or could be if it were readable?"""
    return any(not isinstance(one, Finding) or one.refuses for one in said)


@dataclass(frozen=True, slots=True)
class Question:
    """How a field is answered: the kind of value, and what codes of a value stand for.

    ``own`` is our own system of its choices; ``codes`` are those of others, by system and code.
    Of codes of ``icd10``, which have no point here, each stands for those below it as well;
    those of ``bare`` are known without their system. Systems stand as they are compared.
    """

    asked: Asked
    kind: Kind
    own: str
    icd10: str = ""
    codes: Mapping[tuple[str, str], int | str] = field(default_factory=dict)
    bare: Mapping[str, int | str] = field(default_factory=dict)
    choices: tuple[str, ...] = ()
    lowest: int = 0

    @property
    def in_days(self) -> bool:
        """Is it a number of days? Its name says so."""
        return "days" in self.asked.name.split("_")


def error(code: str, at: str, says: str) -> Finding:
    """What keeps a message from being decided."""
    return Finding(Severity.ERROR, code, at, says)


def misnamed(at: str, says: str, word: str) -> Misnamed:
    """A name that nearly is one of ours, or was meant to be."""
    return Misnamed(Severity.ERROR, "code-invalid", at, says, word)


def warning(code: str, at: str, says: str) -> Finding:
    """What somebody should know of, and that keeps nothing from being decided."""
    return Finding(Severity.WARNING, code, at, says)


def information(code: str, at: str, says: str) -> Finding:
    """What was done with something sent, where nothing is wrong with it."""
    return Finding(Severity.INFORMATION, code, at, says)
