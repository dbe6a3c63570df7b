"""What is wrong with a resource by R4.

A compiled schema says yes or no, many times faster than the faults are found; only of a resource
that it refuses are the faults looked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from jsonschema_rs import Draft7Validator

from triage.fhir.findings import Finding, Severity
from triage.fhir.r4.bundles import broken_rules
from triage.fhir.r4.definitions import DEFINITIONS
from triage.fhir.r4.nested import Place, places_within
from triage.fhir.r4.pointers import POINTER
from triage.fhir.r4.primitives import LINEAR, Schema, primitive_schema
from triage.fhir.r4.readable import MOST_DEPTH, is_readable
from triage.fhir.r4.shipped import PRIMITIVES, TYPES
from triage.fhir.r4.told import guess, wrong

MOST_FAULTS = 100
"""How many faults are told one by one. No resource that is meant has more."""

UNREADABLE = (
    f"cannot be read: it is more than {MOST_DEPTH} deep, or has half a character in a text,"
    " or a number beyond all measure"
)


def strict_schema() -> Schema:
    """The schema of a resource under the name of its type: so all types are compiled at once."""
    types = [name for name in TYPES if name in DEFINITIONS]
    primitives = {name: primitive_schema(name) for name in PRIMITIVES}
    return {
        "definitions": primitives | {name: one.schema() for name, one in DEFINITIONS.items()},
        "properties": {name: {"$ref": POINTER + name} for name in types},
    }


VALIDATOR = Draft7Validator(strict_schema(), pattern_options=LINEAR)


def faults_of(resource: Any, expression: str) -> list[Finding]:
    """Everything that is wrong with a resource, which may be any JSON value whatever.

    ``expression`` is the FHIRPath of where it stands, mostly the name of its type; that of each
    finding begins with it. Resources inside are held against their own types; of a type that R4
    has but the shipped schema has not, nothing more is looked at.
    """
    if not is_readable(resource):
        return [Finding(Severity.FATAL, "structure", expression, UNREADABLE)]
    faults = _faults(resource, expression)
    found = list(islice(faults, MOST_FAULTS))
    if next(faults, None) is not None:
        says = "There are more faults than these; mend these first."
        found.append(Finding(Severity.INFORMATION, "informational", "", says))
    return found


def _faults(resource: Any, expression: str) -> Iterator[Finding]:
    for place in places_within(resource, expression):
        if place.type is None:
            yield _of_no_type(place)
        elif not VALIDATOR.is_valid({place.type: place.resource}):
            yield from DEFINITIONS[place.type].faults(place.resource, place.expression)
        if place.type == "Bundle":
            yield from broken_rules(place)


def _of_no_type(place: Place) -> Finding:
    if not isinstance(place.resource, dict):
        says = "must be a resource: an object with a resourceType"
        return wrong("structure", place.expression, says)
    if "resourceType" not in place.resource:
        says = "needs a resourceType, the name of a resource type of R4"
        return wrong("required", place.expression, says)
    remedy = guess(place.resource["resourceType"], TYPES)
    says = f"has a resourceType that is none of R4{remedy}"
    return wrong("structure", place.expression, says)
