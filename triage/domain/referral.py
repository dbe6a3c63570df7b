"""A referral: who is referred, by whom, and what they answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from triage.domain.vocabulary import Value


@dataclass(frozen=True, slots=True)
class Patient:
    """The person referred. ``age`` in completed years may stand for a date of birth."""

    nhs_number: str | None = None
    birth_date: date | None = None
    age: int | None = None
    ethnic_category: str | None = None
    gender: str | None = None
    postcode: str | None = None


@dataclass(frozen=True, slots=True)
class Referrer:
    """The organisation that refers."""

    ods_code: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Referral:
    """A referral with its screening answers, as it was received.

    ``answers`` holds only questions that were answered; ``declined`` those that were asked and
    refused; ``levels`` what a clinician rated, by factor. ``received_at`` carries its time zone.
    """

    received_at: datetime
    answers: Mapping[str, Value] = field(default_factory=dict)
    declined: frozenset[str] = frozenset()
    levels: Mapping[str, str] = field(default_factory=dict)
    patient: Patient = Patient()
    referrer: Referrer = Referrer()
    reference: str | None = None
    source: str | None = None
    supersedes: str | None = None
    consent_to_share: bool | None = None
    notes: str | None = None


BIRTH_DATE = "patient.birth_date"
"""How the date of birth is named where a missing answer is named."""

SOURCE = "source"
"""How the source of referral is named where a missing answer is named."""
