"""Names of what is passed over: codes and canonical URLs, never what could be a patient's."""

from __future__ import annotations

import re
from collections.abc import Sequence

from triage.fhir.reading.elements import Coding

_URL = re.compile(r"[a-z][a-z0-9+.-]*:[A-Za-z0-9:/._~%+-]{1,200}\Z", re.IGNORECASE)
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}\Z")
_LINK = re.compile(r"[A-Za-z0-9/][A-Za-z0-9/._-]{0,59}\Z")

_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_YEAR, _MONTH, _DAY = "(?:19|20)[0-9]{2}", "(?:0?[1-9]|1[0-2])", "(?:0?[1-9]|[12][0-9]|3[01])"
_BETWEEN = "(?:[-/._+ ]|%20)"

_PERSONAL = re.compile(
    "|".join(
        (
            "[0-9](?:(?:[-_+ ]|%20)*[0-9]){9,}",
            f"(?<![0-9]){_YEAR}{_BETWEEN}(?:0[1-9]|1[0-2])(?![0-9])(?:{_BETWEEN}{_DAY}(?![0-9]))?",
            f"(?<![0-9]){_YEAR}{_BETWEEN}{_MONTH}{_BETWEEN}{_DAY}(?![0-9])",
            f"(?<![0-9]){_DAY}{_BETWEEN}{_MONTH}{_BETWEEN}(?:{_YEAR}|[0-9]{{2}})(?![0-9])",
            f"(?<![0-9]){_YEAR}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?![0-9])",
            f"(?<![0-9])(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2]){_YEAR}(?![0-9])",
            f"(?<![0-9]){_DAY}{_BETWEEN}?(?:{_MONTHS})[a-z]*{_BETWEEN}?[0-9]{{2,4}}",
        )
    ),
    re.IGNORECASE,
)
"""Ten digits or more, however they are spaced, as an NHS number or a telephone number has; and
what looks like a date, as that of a birth does."""

MASK = "\N{HORIZONTAL ELLIPSIS}"

MOST_NAMED = 3
"""How many codes of one place are named."""


def masked(text: str) -> str:
    """A text without what in it could be a number or a date of a patient."""
    return _PERSONAL.sub(MASK, text)


def named_url(url: str) -> str | None:
    """A URL that can be repeated, without query and version; None where it had better not be."""
    bare = re.split("[?#|]", url, maxsplit=1)[0]
    return masked(bare) if _URL.match(bare) else None


def named_code(coding: Coding) -> str:
    """A code with its system, or that it cannot be repeated."""
    system = named_url(coding.system) if coding.system else "no system"
    code = masked(coding.code) if _CODE.match(coding.code) else MASK
    if system is None or code == MASK:
        return "a code that is not repeated here"
    return f"code {code} of {system}"


def named_codes(codings: Sequence[Coding]) -> str:
    """The first of some codes; empty where there are none."""
    return " and ".join(map(named_code, codings[:MOST_NAMED]))


def named_link(link: str) -> str:
    """A linkId that can be repeated, or that it cannot be."""
    name = masked(link) if _LINK.match(link) else MASK
    return "linkId as it stands here" if name == MASK else f"linkId {name}"
