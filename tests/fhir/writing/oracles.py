"""What others make of a resource: libraries that read R4, and the codes that R4 requires."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from fhir.resources.R4B import get_fhir_model_class
from fhirclient.models.fhirelementfactory import (  # type: ignore[import-untyped]
    FHIRElementFactory,
)
from fhirpy import SyncFHIRClient

from triage.fhir.r4 import faults_of

REQUEST_INTENTS = {
    "proposal",
    "plan",
    "directive",
    "order",
    "original-order",
    "reflex-order",
    "filler-order",
    "instance-order",
    "option",
}
PRIORITIES = {"routine", "urgent", "asap", "stat"}

REQUIRED: dict[tuple[str, str], set[str]] = {
    ("Bundle", "type"): {"message", "searchset"},
    ("ServiceRequest", "status"): {"active", "revoked", "entered-in-error"},
    ("ServiceRequest", "intent"): REQUEST_INTENTS,
    ("ServiceRequest", "priority"): PRIORITIES,
    ("GuidanceResponse", "status"): {"success", "data-required"},
    ("Task", "status"): {"requested", "on-hold", "cancelled"},
    ("Task", "intent"): REQUEST_INTENTS - {"directive"} | {"unknown"},
    ("Task", "priority"): PRIORITIES,
    ("Communication", "status"): {"completed"},
    ("Communication", "priority"): PRIORITIES,
    ("QuestionnaireResponse", "status"): {"completed"},
    ("Patient", "gender"): {"male", "female", "other", "unknown"},
    ("Consent", "status"): {"active", "rejected"},
}
"""The codes of R4 that may stand in an element whose binding is required."""


def check(resource: dict[str, Any]) -> None:
    """Fail unless everybody can read a resource, and its codes are those that R4 requires."""
    kind = resource["resourceType"]
    assert faults_of(resource, kind) == []
    model = get_fhir_model_class(kind).model_validate(resource)
    assert order(model.model_dump()) == order(resource)
    read = FHIRElementFactory.instantiate(kind, resource)
    assert read.as_json() == resource
    assert _client().resource(kind, **_without_type(resource)).serialize() == resource
    check_codes(resource)


def check_codes(resource: dict[str, Any]) -> None:
    """Fail unless every code of a resource and of those in it is one that may stand there."""
    for each in _all_in(resource):
        for (kind, name), codes in REQUIRED.items():
            if each["resourceType"] == kind and name in each:
                assert each[name] in codes, (kind, name, each[name])


def order(value: Any) -> Any:
    """The names in a JSON value, in their order."""
    if isinstance(value, list):
        return [order(each) for each in value]
    return [(name, order(each)) for name, each in value.items()] if isinstance(value, dict) else 0


def _all_in(resource: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield resource
    for entry in resource.get("entry", ()):
        yield from _all_in(entry["resource"])
    yield from resource.get("contained", ())


def _without_type(resource: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in resource.items() if name != "resourceType"}


@cache
def _client() -> SyncFHIRClient:
    return SyncFHIRClient("https://nobody.example.org/fhir")
