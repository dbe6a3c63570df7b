"""Who is referred and who refers: the fields, none of which holds a call up."""

from __future__ import annotations

from collections.abc import Iterator

from schemas.patient import LONGEST_NUMBER, LONGEST_ODS_CODE, OLDEST
from schemas.referral import LONGEST_NOTES
from triage.domain.referral import BIRTH_DATE, SOURCE
from triage.domain.vocabulary import Vocabulary
from triage.outlook import QUESTIONS
from triage.web.call.boxes import Box
from triage.web.call.fields import YES_NO, Field

RECEIVED = Field(
    ("received_at",),
    "Day it came in",
    "On what day did the referral come in?",
    Box.RECEIVED,
    "From then on the clock runs.",
)
"""When a letter came, which may be before it is entered."""


PATIENT = (
    Field(
        ("patient", "nhs_number"),
        "NHS number",
        "What is the person's NHS number?",
        Box.TEXT,
        "Ten digits. A number that fails its check is kept, with a warning.",
        length=LONGEST_NUMBER,
        spoken="What is your NHS number?",
    ),
    Field(
        ("patient", "birth_date"),
        "Date of birth",
        QUESTIONS[BIRTH_DATE],
        Box.DATE,
        "Or give the age.",
        spoken="What is your date of birth?",
    ),
    Field(
        ("patient", "age"),
        "Age",
        "Or how old is the person?",
        Box.NUMBER,
        "In years, where the date of birth is not known.",
        high=OLDEST,
        spoken="Or how old are you?",
    ),
    Field(
        ("patient", "postcode"),
        "Postcode",
        "What is the person's postcode?",
        Box.TEXT,
        "Says whose teams help. The first part is enough.",
        length=10,
        spoken="What is your postcode?",
    ),
)
"""What is asked about the person, whatever the vocabulary says."""


def fields(vocabulary: Vocabulary) -> Iterator[Field]:
    """Every field about the person and about whoever refers, in the order of asking."""
    yield from _of_patient(vocabulary)
    yield Field(
        ("consent_to_share",),
        "Consent to share",
        "Does the person agree that this is shared with the teams that help, and with their GP?",
        Box.YES_NO,
        choices=YES_NO,
        spoken="Do you agree that this is shared with the teams that help you, and with your GP?",
    )
    yield from _of_referrer(vocabulary)
    yield Field(
        ("notes",),
        "Notes",
        "What should a clinician know that no question asks for?",
        Box.LINES,
        "For people to read. No rule takes notice of it.",
        length=LONGEST_NOTES,
    )


def _of_patient(vocabulary: Vocabulary) -> Iterator[Field]:
    yield from PATIENT
    yield Field(
        ("patient", "ethnic_category"),
        "Ethnic category",
        "How does the person describe their ethnic background?",
        Box.SELECT,
        "“Asked and declined” is not the same as “not asked”.",
        choices=tuple((one.id, one.title) for one in vocabulary.ethnic_categories.values()),
        spoken="How do you describe your ethnic background?",
    )
    yield Field(
        ("patient", "gender"),
        "Gender",
        "How does the person describe their gender?",
        Box.CHOICE,
        choices=tuple((one.id, one.title) for one in vocabulary.genders.values()),
        spoken="How do you describe your gender?",
    )


def _of_referrer(vocabulary: Vocabulary) -> Iterator[Field]:
    sources = vocabulary.sources_of_referral.values()
    yield Field(
        ("source",),
        "Who refers",
        QUESTIONS[SOURCE],
        Box.SELECT,
        choices=tuple((one.id, f"{one.title} ({one.id})") for one in sources),
    )
    yield Field(
        ("referrer", "ods_code"),
        "Code of the practice",
        "What is the ODS code of the practice, or of whoever refers?",
        Box.TEXT,
        "A letter and five digits for a practice, such as C86001.",
        length=LONGEST_ODS_CODE,
    )
    yield Field(
        ("referrer", "name"),
        "Name of the practice",
        "What is the practice called, or whoever refers?",
        Box.TEXT,
        length=200,
    )
