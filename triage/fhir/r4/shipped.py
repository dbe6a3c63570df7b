"""The JSON schema of R4 as it is shipped: of each type, its elements and what they hold.

Its definitions are called after the types, an inner element after its outer one: ``Bundle_Entry``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from triage.fhir.r4.pointers import ANY_RESOURCE, POINTER, SHIPPED

Node = Mapping[str, Any]

SCHEMA: Mapping[str, Node] = json.loads(SHIPPED.read_bytes())["definitions"]


def elements(definition: str) -> Mapping[str, Node]:
    """The elements of a definition by name, those beside primitive ones (``_status``) included."""
    found: Mapping[str, Node] = SCHEMA[definition].get("properties", {})
    return found


def single(node: Node) -> Node:
    """What an element holds, be it one value or a list of such."""
    found: Node = node.get("items", node)
    return found


def held(node: Node) -> str | None:
    """The name of the definition of what an element holds; None where it has none of its own."""
    reference = single(node).get("$ref")
    return reference.removeprefix(POINTER) if reference else None


def is_primitive(node: Node) -> bool:
    """Does an element hold a text, a number, or true or false, or a list of such?"""
    name = held(node)
    return name in PRIMITIVES if name else "const" not in node


TYPES = tuple(name for name in SCHEMA if "const" in elements(name).get("resourceType", ()))
"""Every resource type of R4, also those of which no more than the name is known here."""

DATA_TYPES = tuple(
    name for name in SCHEMA if name not in TYPES and "_" not in name and name != ANY_RESOURCE
)
"""The types that elements have: primitive ones, as ``dateTime``, and others, as ``HumanName``."""

PRIMITIVES = tuple(name for name in DATA_TYPES if "properties" not in SCHEMA[name])
