"""What the models of fhir.resources (R4B) know of the elements of R4: they are held against ours.

R4B differs from R4 in a few elements of these types, named here. Their lists of codes come from the
short texts of the specification, so some break off ("+", "etc.").
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Any

from fhir.resources.R4B import get_fhir_model_class

from triage.fhir.r4.definitions import DEFINITIONS
from triage.fhir.r4.held import Concept, Element, Elements

NEW_IN_R4B = frozenset(
    {"valueCodeableReference", "valueRatioRange", "subjectCanonical", "_subjectCanonical"}
)

BROKEN_OFF = frozenset({"+", "etc."})


def modelled(type_: str) -> Iterator[tuple[str, Any]]:
    """The definitions that a resource type is made of, each with its model.

    A model is called after all the elements that lead to it. Some definitions are led to by several
    ways, of which only one is the model's.
    """
    waiting, seen = deque([(type_, type_)]), set()
    while waiting:
        definition, name = waiting.popleft()
        model = _model(name)
        if model and definition not in seen:
            seen.add(definition)
            yield definition, model
            waiting.extend(_inside(definition, name))


def _model(name: str) -> Any:
    try:
        return get_fhir_model_class(name)
    except ValueError:
        return None


def _inside(definition: str, name: str) -> Iterator[tuple[str, str]]:
    for element, one in DEFINITIONS[definition].elements.items():
        inner = _inner(one)
        if inner:
            own = name + element[0].upper() + element[1:]
            yield inner, own if "_" in inner else inner


def _inner(element: Element) -> str | None:
    held = element.held.elements if isinstance(element.held, Concept) else element.held
    return held.definition if isinstance(held, Elements) else None


def fields(model: Any) -> dict[str, Any]:
    """The fields of a model by the names of the elements, those new in R4B left out."""
    named = {one.alias or name: one for name, one in model.model_fields.items()}
    dropped = {"resourceType", "resource_type", "fhir_comments", *NEW_IN_R4B}
    return {name: one for name, one in named.items() if name not in dropped}


def told(field: Any, about: str) -> Any:
    """What a field says of its element, such as ``enum_values``."""
    return (field.json_schema_extra or {}).get(about)
