from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

from triage.fhir.r4.pointers import SHIPPED
from triage.fhir.r4.prune import KEPT, NOTICE, main, prune, references
from triage.fhir.r4.shipped import SCHEMA, TYPES

WHOLE: dict[str, Any] = {
    "$schema": "http://json-schema.org/draft-06/schema#",
    "id": "http://hl7.org/fhir/json-schema/4.0",
    "discriminator": {"propertyName": "resourceType"},
    "definitions": {
        "string": {"type": "string", "description": "A sequence of characters"},
        "uuid": {"type": "string"},
        "HumanName": {"properties": {"text": {"$ref": "#/definitions/string"}}},
        "Money": {"properties": {"value": {"$ref": "#/definitions/string"}}},
        **{
            name: {
                "description": f"What a {name} is",
                "properties": {
                    "resourceType": {"const": name, "description": "Its type"},
                    "description": {"$ref": "#/definitions/HumanName", "description": "What it is"},
                    "contained": {"items": {"$ref": "#/definitions/ResourceList"}},
                },
                "required": ["resourceType"],
            }
            for name in (*KEPT, "Account")
        },
        "Account_Part": {"properties": {"amount": {"$ref": "#/definitions/Money"}}},
        "ResourceList": {"oneOf": [{"$ref": "#/definitions/Account"}]},
    },
}


def test_every_reference_of_what_ships_leads_to_a_definition() -> None:
    assert set(references(json.loads(SHIPPED.read_text()))) <= set(SCHEMA)


def test_a_resource_inside_another_is_of_a_type_that_is_kept() -> None:
    assert tuple(references(SCHEMA["ResourceList"])) == KEPT
    assert tuple(references(json.loads(SHIPPED.read_text())["oneOf"])) == KEPT


def test_of_the_types_that_are_not_kept_the_names_are_known() -> None:
    assert len(TYPES) == 146
    assert {"Account", "Binary", "VisionPrescription"} <= set(TYPES) - set(KEPT)
    assert SCHEMA["Account"] == {
        "properties": {"resourceType": {"const": "Account"}},
        "required": ["resourceType"],
    }


def test_the_notice_names_the_file_that_ships_by_its_digest() -> None:
    told = re.search(r"`fhir\.schema\.json` \| `([0-9a-f]{64})`", NOTICE.read_text())
    assert told
    assert told[1] == hashlib.sha256(SHIPPED.read_bytes()).hexdigest()


def test_only_what_the_kept_types_need_is_kept_and_no_description() -> None:
    pruned = prune(WHOLE)
    assert set(pruned) == {"$schema", "id", "oneOf", "definitions"}
    assert set(WHOLE["definitions"]) - set(pruned["definitions"]) == {"Account_Part", "Money"}
    assert pruned["definitions"]["string"] == {"type": "string"}
    assert pruned["definitions"]["Patient"] == {
        "properties": {
            "resourceType": {"const": "Patient"},
            "description": {"$ref": "#/definitions/HumanName"},
            "contained": {"items": {"$ref": "#/definitions/ResourceList"}},
        },
        "required": ["resourceType"],
    }


def test_pruning_again_writes_the_schema_and_a_notice_that_fits_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, shipped, notice = (tmp_path / name for name in ("whole.json", "shipped.json", "N.md"))
    whole.write_text(json.dumps(WHOLE))
    monkeypatch.setattr("triage.fhir.r4.prune.SHIPPED", shipped)
    monkeypatch.setattr("triage.fhir.r4.prune.NOTICE", notice)
    main(str(whole))
    assert json.loads(shipped.read_text()) == prune(WHOLE)
    for file in (whole, shipped):
        assert hashlib.sha256(file.read_bytes()).hexdigest() in notice.read_text()
