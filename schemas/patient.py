"""The schemas of who is referred and who refers."""

from __future__ import annotations

import re
from typing import Any

from marshmallow import Schema, ValidationError

from schemas.days import Day
from schemas.fields import Choice, Strict, Text, WholeNumber
from schemas.parts import Body
from triage.domain.vocabulary import Vocabulary
from triage.nearest import nearest

OLDEST = 130
"""The greatest age, in completed years."""

LONGEST_ODS_CODE = 9
"""The most characters of an ODS code, that of a site: one less than an NHS number has."""

ODS_CODE = f"^[A-Za-z0-9]{{1,{LONGEST_ODS_CODE}}}$"

LONGEST_NUMBER = 40
"""The most characters of an NHS number, spaces and hyphens included."""


class NhsNumber(Strict):
    """Ten digits; spaces and hyphens are dropped. A wrong check digit is for the rules to tell."""

    def __init__(self) -> None:
        super().__init__(
            {
                "type": "string",
                "pattern": r"^[ -]*([0-9][ -]*){10}$",
                "maxLength": LONGEST_NUMBER,
                "description": "Ten digits. A wrong check digit raises an alert, not a fault.",
            }
        )

    def read(self, value: Any) -> str:
        """The ten digits alone."""
        digits = re.sub(r"[ -]", "", value) if isinstance(value, str) else ""
        if re.fullmatch(r"[0-9]{10}", digits) and len(value) <= LONGEST_NUMBER:
            return digits
        raise ValidationError("must be ten digits in quotation marks; leave it out if not known")


class EthnicCategory(Strict):
    """A national code, which may have a second character of local choice."""

    def __init__(self, codes: list[str]) -> None:
        self._codes = codes
        letters = "".join(sorted(code for code in codes if len(code) == 1))
        whole = "|".join(code for code in codes if len(code) > 1)
        pattern = f"^({whole}|[{letters}][A-Za-z0-9]?)$" if whole else f"^[{letters}][A-Za-z0-9]?$"
        self._valid = re.compile(pattern[:-1] + r"\Z")
        described = "NHS Data Dictionary code; a second character may be local."
        super().__init__({"type": "string", "pattern": pattern, "description": described})

    def read(self, value: Any) -> str:
        """The code as it was sent."""
        if isinstance(value, str) and self._valid.match(value):
            return value
        word = value if isinstance(value, str) else ""
        raise ValidationError(f"is not an ethnic category code; {nearest(word, self._codes)}")


def patient_schema(vocabulary: Vocabulary) -> Schema:
    """The schema of ``patient``."""
    age = "Completed years; may stand for the date of birth."
    postcode = "Says which place's teams take the referral."
    return Body.from_dict(
        {
            "nhs_number": NhsNumber(),
            "birth_date": Day({"description": "The date of birth."}),
            "age": WholeNumber(0, OLDEST, {"description": age}),
            "ethnic_category": EthnicCategory(list(vocabulary.ethnic_categories)),
            "gender": Choice(
                tuple(vocabulary.genders), {"description": "NHS Data Dictionary code."}
            ),
            "postcode": Text(10, {"description": postcode}),
        },
        name="PatientSchema",
    )()


class OdsCode(Text):
    """The code of an organisation. It stands in the log, so nothing else may stand in its place."""

    def __init__(self) -> None:
        said = {"description": "The ODS code of the organisation.", "pattern": ODS_CODE}
        super().__init__(LONGEST_ODS_CODE, said)

    def read(self, value: Any) -> str:
        """The code as it was sent."""
        if isinstance(value, str) and re.fullmatch(ODS_CODE[1:-1], value):
            return value
        raise ValidationError(
            f"is not an ODS code, up to {LONGEST_ODS_CODE} letters and digits; leave it out"
        )


def referrer_schema() -> Schema:
    """The schema of ``referrer``."""
    code = OdsCode()
    return Body.from_dict({"ods_code": code, "name": Text(200)}, name="ReferrerSchema")()
