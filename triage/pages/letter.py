"""The letter to whoever referred: one page of HTML with print style, which asks nothing of anybody.

It is laid out as NHS letters are: plain, black on white, what to do in an emergency first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from triage.domain.nhs_number import DIGITS
from triage.domain.referred import Referred
from triage.feedback import Feedback
from triage.feedback.moments import date_words, day_words
from triage.pages.page import templates


@dataclass(frozen=True, slots=True)
class Envelope:
    """To whom a letter goes, about whom, and the day it is written on.

    What is not known, or was erased, is None. No name of a patient is held, so none is written.
    """

    written_on: date
    to_name: str | None = None
    to_ods_code: str | None = None
    nhs_number: str | None = None
    birth_date: date | None = None
    reference: str | None = None

    @classmethod
    def of(cls, referred: Referred, written_on: date) -> Envelope:
        """The envelope of a recorded referral; where the person was erased it names nobody."""
        identity = referred.identity or {}
        patient = identity.get("patient") or {}
        born = patient.get("birth_date")
        return cls(
            written_on,
            to_name=identity.get("referrer_name"),
            to_ods_code=referred.referral.get("ods_code"),
            nhs_number=patient.get("nhs_number"),
            birth_date=date.fromisoformat(born) if born else None,
            reference=identity.get("reference"),
        )

    @property
    def addressee(self) -> str:
        """To whom the letter goes, in words."""
        return self.to_name or "The referrer"

    @property
    def about(self) -> list[tuple[str, str]]:
        """What tells the reader whom it is about: a label, and what stands beside it."""
        lines = [
            ("NHS number", spaced(self.nhs_number)),
            ("Date of birth", date_words(self.birth_date) if self.birth_date else ""),
            ("Your reference", self.reference or ""),
        ]
        return [(label, told) for label, told in lines if told]


def letter_page(feedback: Feedback, envelope: Envelope) -> str:
    """The letter as one page of HTML, which is the same for the same feedback and envelope."""
    pages = templates()
    pages.filters["together"] = together
    written_on = day_words(envelope.written_on)
    return pages.get_template("letter.html.j2").render(
        told=feedback, to=envelope, written_on=written_on
    )


def together(text: str) -> str:
    """A text in which no number, such as one to ring, is parted between two lines."""
    return _WITHIN_NUMBERS.sub("\u00a0", text)


_WITHIN_NUMBERS = re.compile(r"(?<=[0-9]) (?=[0-9])")


def spaced(nhs_number: str | None) -> str:
    """An NHS number as people read it, in groups of 3, 3 and 4; any other text as it is."""
    number = nhs_number or ""
    if len(number) != DIGITS or not number.isdigit():
        return number
    return f"{number[:3]} {number[3:6]} {number[6:]}"
