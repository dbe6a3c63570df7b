"""What changes the meaning of a resource in ways not known here: then it must not be acted upon.

R4, Extensibility and Resource: who does not know a modifier extension, or rules that are implied,
must not process what has them.
"""

from __future__ import annotations

from collections.abc import Iterator

from triage.fhir.findings import Finding
from triage.fhir.reading.elements import Element
from triage.fhir.reading.said import error


def modifiers(element: Element) -> Iterator[Finding]:
    """That an element has a modifier extension."""
    if element.json.get("modifierExtension"):
        yield error("not-supported", element.place("modifierExtension"), MODIFIED)


def modified(resource: Element | None) -> Iterator[Finding]:
    """That a resource has a modifier extension, or was made by rules that it implies."""
    if resource is None:
        return
    yield from modifiers(resource)
    if resource.json.get("implicitRules"):
        yield error("not-supported", resource.place("implicitRules"), BY_RULES)


MODIFIED = (
    "A modifier extension changes what this means, and none is known here, so this cannot be acted"
    " upon; send it without."
)

BY_RULES = (
    "This was made by implicit rules, and none are known here, so it cannot be acted upon; send it"
    " without."
)
