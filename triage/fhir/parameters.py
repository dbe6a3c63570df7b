"""By what resources can be searched here: one table for who searches and for what is told of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Parameter:
    """A search parameter: its type (R4, SearchParamType), and what it looks for."""

    name: str
    type: str
    says: str


ID = Parameter("_id", "token", "Ids of resources, several apart by commas.")
URL = Parameter("url", "uri", "The canonical address, without a version.")
COUNT = Parameter("_count", "number", "How many a page holds, from 1 to 100.")

DECISION = Parameter("identifier", "token", "The decision, by its id and our system of decisions.")

PERSON = ("patient:identifier", "patient.identifier", "subject:identifier", "subject.identifier")
"""In which forms a person is asked for: those of BaRS and those of R4 mean the same."""

PERSONS = tuple(
    Parameter(
        name,
        "token",
        "The NHS number behind its system and a bar. By POST to _search alone, in the body: it"
        " never stands in an address.",
    )
    for name in PERSON
)

_DAY = "a day or a moment behind ge, gt, le or lt; or a day as it is."

AUTHORED = Parameter("authored", "date", f"When the referral was received: {_DAY}")
OCCURRENCE = Parameter("occurrence", "date", f"When the decision was recorded: {_DAY}")
PRIORITY = Parameter("priority", "token", "How soon it is wanted, as it stands now.")
STATUS = Parameter("status", "token", "Whether it is active, or was taken back.")

SEARCHED: Mapping[str, tuple[Parameter, ...]] = {
    "Questionnaire": (ID, URL),
    "PlanDefinition": (ID, URL),
    "MessageDefinition": (ID, URL),
    "ServiceRequest": (ID, DECISION, AUTHORED, PRIORITY, STATUS, COUNT, *PERSONS),
    "GuidanceResponse": (ID, DECISION, OCCURRENCE, COUNT, *PERSONS),
}
"""The parameters of each type of resource that can be searched."""
