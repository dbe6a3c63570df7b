"""What every questionnaire says of itself, and how questions may be answered, or declined."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from triage.fhir.own import Own
from triage.fhir.systems import DATA_ABSENT
from triage.rulebook import Rulebook

Resource = dict[str, Any]
"""A resource or a part of one, as JSON has it."""

STATUSES: Mapping[str, str] = {"draft": "draft", "approved": "active", "retired": "retired"}
"""The standing of a rulebook in the words of R4 (PublicationStatus)."""

NOT_ANSWERED = (
    "A question that was not asked is left out; that is never taken for a no. A question that was"
    f" asked and declined is an item without an answer, with the extension {DATA_ABSENT} and the"
    " code asked-declined. Any part of the questions may be answered."
)

NOTICES: Mapping[str, str] = {
    "loinc": (
        "This material contains content from LOINC (https://loinc.org), which is copyright"
        " Regenstrief Institute, Inc., and available at no cost under https://loinc.org/license."
    ),
    "snomed": (
        "This material includes SNOMED Clinical Terms (SNOMED CT), used by permission of SNOMED"
        " International. SNOMED CT was originally created by the College of American Pathologists."
    ),
}
"""What the owners of code systems ask to be said wherever their codes stand, by our names."""


def heading(id_: str, title: str, purpose: str, rulebook: Rulebook) -> Resource:
    """How a questionnaire begins: what names it, its standing, and how it is to be answered."""
    own, stamp = Own.of(rulebook.vocabulary), rulebook.stamp
    return {
        "resourceType": "Questionnaire",
        "id": id_,
        "url": own.questionnaire(id_),
        "identifier": [{"system": own.identifier("rulebook"), "value": stamp.digest}],
        "version": stamp.version,
        "name": computer_name(id_),
        "title": title,
        "status": STATUSES[rulebook.status],
        "subjectType": ["Patient"],
        "publisher": rulebook.owner,
        "description": f"{purpose} {NOT_ANSWERED}",
    }


def computer_name(id_: str) -> str:
    """A name that programs can use (R4: a capital, then letters, digits and underscores)."""
    return "".join(part.capitalize() for part in id_.replace("_", "-").split("-"))


def notice(systems: Iterable[str]) -> Resource:
    """What is said of the code systems whose codes stand in a resource."""
    told = [NOTICES[system] for system in sorted(set(systems)) if system in NOTICES]
    return {"copyright": " ".join(told)} if told else {}
