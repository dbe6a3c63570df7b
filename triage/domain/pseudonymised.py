"""A referral without whoever is referred: all that rules may know, and nothing that names anybody.

Decisions are made from this and it is what the decision log keeps, so a decision can be made again
after the person has been erased from the record. What names the person goes to a table of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from triage.domain.clock import local_day, stamp, whole_years
from triage.domain.nhs_number import check_digit_is_right
from triage.domain.services import Directory
from triage.domain.vocabulary import Kind, SelfReferral, Value, Vocabulary

if TYPE_CHECKING:
    from triage.domain.referral import Referral

WITHHELD = "(withheld)"
"""What stands in the log in the place of a person's own words."""


@dataclass(frozen=True, slots=True)
class Person:
    """What rules may know of a person: ``age`` in completed years, and the ``place`` they live in.

    ``ages_differ``: the age stated is not that of the date of birth. ``nhs_number_fails``: its
    check digit is wrong; None without a number.
    """

    age: int | None
    ages_differ: bool
    nhs_number_fails: bool | None
    place: str

    def as_dict(self) -> dict[str, Any]:
        """The person as the part ``patient`` of a referral in the log."""
        return {
            "age": self.age,
            "ages_differ": self.ages_differ,
            "nhs_number_fails": self.nhs_number_fails,
            "place": self.place,
        }


@dataclass(frozen=True, slots=True)
class Pseudonymised:
    """A referral that names nobody. ``ods_code`` is the organisation that refers."""

    received_at: datetime
    answers: Mapping[str, Value]
    declined: frozenset[str]
    levels: Mapping[str, str]
    person: Person
    self_referred: bool | None
    source: str | None = None
    ods_code: str | None = None
    supersedes: str | None = None
    consent_to_share: bool | None = None

    def without_own_words(self, vocabulary: Vocabulary) -> Pseudonymised:
        """The same where nobody's own words stand: each is withheld, choices of a list are kept.

        The very same object where there are none.
        """
        held: dict[str, Value] = {}
        for name, value in self.answers.items():
            term = vocabulary.answers[name].term
            if term.kind is Kind.LIST and isinstance(value, tuple):
                kept = tuple(str(one) if one in term.choices else WITHHELD for one in value)
                if kept != value:
                    held[name] = kept
        return replace(self, answers={**self.answers, **held}) if held else self

    def as_dict(self) -> dict[str, Any]:
        """The referral as the part ``referral`` of an entry of the log."""
        return {
            "received_at": stamp(self.received_at),
            "source": self.source,
            "self_referred": self.self_referred,
            "ods_code": self.ods_code,
            "patient": self.person.as_dict(),
            "answers": {name: _as_json(value) for name, value in self.answers.items()},
            "declined": sorted(self.declined),
            "levels": dict(self.levels),
            "supersedes": self.supersedes,
            "consent_to_share": self.consent_to_share,
        }

    @classmethod
    def from_dict(cls, told: Mapping[str, Any], vocabulary: Vocabulary) -> Pseudonymised:
        """The referral that an entry of the log holds, in the words of its own vocabulary."""
        return cls(
            received_at=datetime.fromisoformat(told["received_at"]),
            answers={
                name: _value(value, vocabulary.answers[name].term.kind)
                for name, value in told["answers"].items()
            },
            declined=frozenset(told["declined"]),
            levels=told["levels"],
            person=Person(**told["patient"]),
            self_referred=told["self_referred"],
            source=told["source"],
            ods_code=told["ods_code"],
            supersedes=told["supersedes"],
            consent_to_share=told["consent_to_share"],
        )


def pseudonymised(
    referral: Referral, vocabulary: Vocabulary, directory: Directory
) -> Pseudonymised:
    """What rules may know of a referral."""
    patient, number = referral.patient, referral.patient.nhs_number
    age = patient.age
    if patient.birth_date is not None:
        age = whole_years(patient.birth_date, local_day(referral.received_at))
    return Pseudonymised(
        received_at=referral.received_at,
        answers=referral.answers,
        declined=referral.declined,
        levels=referral.levels,
        person=Person(
            age=age,
            ages_differ=patient.age is not None and patient.age != age,
            nhs_number_fails=None if number is None else not check_digit_is_right(number),
            place=directory.place_of(patient.postcode),
        ),
        self_referred=_self_referred(referral, vocabulary),
        source=referral.source,
        ods_code=referral.referrer.ods_code,
        supersedes=referral.supersedes,
        consent_to_share=referral.consent_to_share,
    )


def _self_referred(referral: Referral, vocabulary: Vocabulary) -> bool | None:
    """Did the person refer themselves? None where the source is not known."""
    if referral.source is None:
        return None
    way_in = vocabulary.sources_of_referral[referral.source].self_referral
    if way_in is SelfReferral.UNLESS_REFERRED:
        named = (referral.referrer.ods_code, referral.referrer.name)
        return not any(each and each.strip() for each in named)
    return way_in is SelfReferral.ALWAYS


def _as_json(value: Value) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _value(told: Any, kind: Kind) -> Value:
    if kind is Kind.DATE:
        return date.fromisoformat(told)
    return tuple(told) if isinstance(told, list) else told
