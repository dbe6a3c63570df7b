"""Reads who is referred: what the rules and the teams need to know of a Patient, and no more."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from triage.domain.nhs_number import DIGITS, check_digit_is_right
from triage.fhir import systems
from triage.fhir.reading.codebook import ADJUSTMENTS, BORN, Codebook
from triage.fhir.reading.elements import Element, codings_in, declines
from triage.fhir.reading.modifiers import modified
from triage.fhir.reading.said import Asked, Given, Refused, Said, information, warning
from triage.fhir.reading.sent import Resource

NHS_NUMBER = Asked("patient", "nhs_number")

VERIFICATION = (
    "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus"
)
VERIFIED = "number-present-and-verified"
"""The status of an NHS number that is known to be this person's (UK Core)."""

INTERPRETER_REQUIRED = "http://hl7.org/fhir/StructureDefinition/patient-interpreterRequired"
INTERPRETER = "interpreter"
"""The adjustment of those who need an interpreter."""

LONGEST_POSTCODE = 10
"""The most characters of a postcode, as a referral has it."""

_SPACING = re.compile(r"[ -]")
_WHOLE_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")


def read_patient(patient: Resource, book: Codebook) -> Iterator[Said]:
    """What a Patient says."""
    yield from modified(patient)
    for read in (_nhs_number, _birth_date, _gender, _ethnic_category, _postcode, _death, _needs):
        yield from read(patient, book)


def nhs_numbers(identifiers: Iterable[Element]) -> Iterator[tuple[Element, str]]:
    """The NHS numbers in force among identifiers, without spaces, each with its identifier."""
    for one in identifiers:
        if one.has_system(systems.NHS_NUMBER) and one.json.get("use") != "old":
            yield one, _SPACING.sub("", one.text("value") or "")


def _nhs_number(patient: Resource, _book: Codebook) -> Iterator[Said]:
    found = list(nhs_numbers(patient.parts("identifier")))
    if len({number for _, number in found}) > 1:
        yield warning("multiple-matches", patient.place("identifier"), SEVERAL_NUMBERS)
        return
    for identifier, number in found[:1]:
        yield from nhs_number(identifier, number, patient.at)


def nhs_number(identifier: Element, number: str, of: str) -> Iterator[Said]:
    """An NHS number in an identifier. No fault of it keeps a referral from being decided."""
    at = identifier.near("value")
    if not re.fullmatch(rf"[0-9]{{{DIGITS}}}", number):
        yield warning("value", at, NO_NHS_NUMBER)
        return
    yield Given(NHS_NUMBER, number, at, of)
    if not check_digit_is_right(number):
        yield warning("value", at, WRONG_CHECK_DIGIT)
    status = identifier.extension(VERIFICATION)
    said = codings_in(status.part("valueCodeableConcept")) if status else ()
    if said and all(one.code != VERIFIED for one in said):
        yield information("informational", at, NOT_VERIFIED)


def _birth_date(patient: Resource, _book: Codebook) -> Iterator[Said]:
    at, born = patient.place("birthDate"), patient.json.get("birthDate")
    beside = patient.part("_birthDate")
    if isinstance(born, str) and _WHOLE_DATE.match(born):
        yield Given(BORN, born, at, patient.at)
    elif born is not None:
        yield warning("value", at, NO_WHOLE_DATE)
    elif beside and declines(beside):
        yield Refused(BORN, at, patient.at)


def _gender(patient: Resource, book: Codebook) -> Iterator[Said]:
    at, known = patient.place("gender"), book.vocabulary.messages.genders
    gender = known.get(patient.text("gender") or "")
    if gender:
        yield Given(Asked("patient", "gender"), gender, at, patient.at)
    elif patient.json.get("gender") is not None:
        yield warning("code-invalid", at, NO_GENDER)


def _ethnic_category(patient: Resource, book: Codebook) -> Iterator[Said]:
    extension = patient.extension(systems.ETHNIC_CATEGORY)
    concept = extension.part("valueCodeableConcept") if extension else None
    codings = [one for one in codings_in(concept) if one.code]
    found = [one for one in codings if _is_category(one.code, book)]
    if found:
        yield Given(Asked("patient", "ethnic_category"), found[0].code, found[0].at, patient.at)
    elif extension:
        yield warning("code-invalid", extension.at, NO_CATEGORY)


def _is_category(code: str, book: Codebook) -> bool:
    """Is it a national code, to which a second character of local choice may be added?"""
    known = book.vocabulary.ethnic_categories
    local = len(code) == 2 and code.isascii() and code.isalnum()  # noqa: PLR2004
    return code in known or (local and code[0] in known)


def _postcode(patient: Resource, _book: Codebook) -> Iterator[Said]:
    address = _address(patient)
    if address is None:
        return
    at, postcode = address.place("postalCode"), address.text("postalCode") or ""
    if len(postcode) > LONGEST_POSTCODE or not postcode.isprintable():
        yield warning("too-long", at, NO_POSTCODE)
    else:
        yield Given(Asked("patient", "postcode"), postcode, at, patient.at)


def _address(patient: Resource) -> Element | None:
    """Where the person lives: the newest home, or else the newest address of any use but old."""
    lived = [one for one in patient.parts("address") if one.text("postalCode")]
    current = [one for one in lived if one.json.get("use") != "old"]
    current = [one for one in current if not _has_ended(one)] or current
    homes = [one for one in current if one.json.get("use") == "home"] or current
    return max(homes, key=_since, default=None)


def _has_ended(address: Element) -> bool:
    period = address.part("period")
    return bool(period and period.text("end"))


def _since(address: Element) -> str:
    period = address.part("period")
    return (period and period.text("start")) or ""


def _death(patient: Resource, _book: Codebook) -> Iterator[Said]:
    if patient.json.get("deceasedBoolean") is True or patient.json.get("deceasedDateTime"):
        yield warning("business-rule", patient.place("deceased"), HAS_DIED)


def _needs(patient: Resource, book: Codebook) -> Iterator[Said]:
    required = patient.extension(INTERPRETER_REQUIRED)
    if required is None or required.json.get("valueBoolean") is not True:
        return
    if ADJUSTMENTS in book.questions:
        yield Given(ADJUSTMENTS, (INTERPRETER,), required.place("value"), patient.at)


SEVERAL_NUMBERS = "This Patient has several NHS numbers, so none was read; check who it is."

NO_NHS_NUMBER = "An NHS number has ten digits; this has not, so it was left out."

WRONG_CHECK_DIGIT = "This NHS number fails its check digit; check that it is the right person's."

NOT_VERIFIED = (
    "This NHS number was not verified by the sender; check that it is the right person's."
)

NO_WHOLE_DATE = "This is no whole date, so it was left out; send YYYY-MM-DD."

NO_GENDER = "This is no administrative gender that is known here, so it was left out."

NO_CATEGORY = "This holds no NHS code of an ethnic category, so it was left out."

NO_POSTCODE = "This is no postcode, so it was left out."

HAS_DIED = (
    "The Patient is marked as having died. A person must look at this before anything is done."
)
