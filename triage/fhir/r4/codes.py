"""The codes that an element must have one of, where the JSON schema of R4 leaves them open.

They are the required bindings of R4 4.0.1, from its StructureDefinitions and value sets. Not here
are those whose codes nobody lists: media types (BCP 13), currencies (ISO 4217).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from triage.fhir.r4.shipped import TYPES

RESOURCE_TYPES = "resource-types"
ALL_TYPES = "all-types"

_DATA_TYPES = """
    Address Age Annotation Attachment BackboneElement CodeableConcept Coding ContactDetail
    ContactPoint Contributor Count DataRequirement Distance Dosage Duration Element
    ElementDefinition Expression Extension HumanName Identifier MarketingStatus Meta Money
    MoneyQuantity Narrative ParameterDefinition Period Population ProdCharacteristic
    ProductShelfLife Quantity Range Ratio Reference RelatedArtifact SampledData Signature
    SimpleQuantity SubstanceAmount Timing TriggerDefinition UsageContext base64Binary boolean
    canonical code date dateTime decimal id instant integer markdown oid positiveInt string time
    unsignedInt uri url uuid xhtml Resource DomainResource Type Any
"""

_LISTED = {
    "care-plan-activity-kind": """
        Appointment CommunicationRequest DeviceRequest MedicationRequest NutritionOrder Task
        ServiceRequest VisionPrescription
    """,
    "care-plan-intent": "proposal plan order option",
    "composition-status": "preliminary final amended entered-in-error",
    "days-of-week": "mon tue wed thu fri sat sun",
    "event-status": """
        preparation in-progress not-done on-hold stopped completed entered-in-error unknown
    """,
    "fm-status": "active cancelled draft entered-in-error",
    "FHIR-version": """
        0.01 0.05 0.06 0.11 0.0.80 0.0.81 0.0.82 0.4.0 0.5.0 1.0.0 1.0.1 1.0.2 1.1.0 1.4.0 1.6.0
        1.8.0 3.0.0 3.0.1 3.3.0 3.5.0 4.0.0 4.0.1
    """,
    "medication-statement-status": """
        active completed entered-in-error intended stopped on-hold unknown not-taken
    """,
    "operation-parameter-use": "in out",
    "request-intent": """
        proposal plan directive order original-order reflex-order filler-order instance-order option
    """,
    "request-priority": "routine urgent asap stat",
    "request-status": "draft active on-hold revoked completed entered-in-error unknown",
    RESOURCE_TYPES: " ".join((*TYPES, "Resource", "DomainResource")),
    ALL_TYPES: " ".join((*_DATA_TYPES.split(), *TYPES)),
}

VALUE_SETS: Mapping[str, tuple[str, ...]] = {
    name: tuple(codes.split()) for name, codes in _LISTED.items()
}
"""The codes of each value set, by its name below ``http://hl7.org/fhir/ValueSet/``."""

BOUND: Mapping[str, Mapping[str, str]] = {
    "CapabilityStatement": {"fhirVersion": "FHIR-version"},
    "CapabilityStatement_Resource": {"type": RESOURCE_TYPES},
    "CarePlan": {"status": "request-status", "intent": "care-plan-intent"},
    "CarePlan_Detail": {"kind": "care-plan-activity-kind"},
    "Communication": {"status": "event-status", "priority": "request-priority"},
    "Coverage": {"status": "fm-status"},
    "DataRequirement": {"type": ALL_TYPES},
    "DocumentReference": {"docStatus": "composition-status"},
    "Location_HoursOfOperation": {"daysOfWeek": "days-of-week"},
    "MedicationStatement": {"status": "medication-statement-status"},
    "MessageDefinition_Focus": {"code": RESOURCE_TYPES},
    "ParameterDefinition": {"use": "operation-parameter-use", "type": ALL_TYPES},
    "PlanDefinition_Action": {"priority": "request-priority"},
    "PractitionerRole_AvailableTime": {"daysOfWeek": "days-of-week"},
    "Procedure": {"status": "event-status"},
    "Questionnaire": {"subjectType": RESOURCE_TYPES},
    "ServiceRequest": {
        "status": "request-status",
        "intent": "request-intent",
        "priority": "request-priority",
    },
    "Task": {"priority": "request-priority"},
    "Timing_Repeat": {"dayOfWeek": "days-of-week"},
}
"""By definition and element, the value set of a code. ``fhirVersion`` lacks 4.0.1 in the schema."""


@dataclass(frozen=True, slots=True)
class ConceptCodes:
    """The codes of a concept that is bound to a code system: one of its codings must have one."""

    system: str
    codes: tuple[str, ...]


_TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"


def _concept(system: str, codes: str) -> ConceptCodes:
    return ConceptCodes(f"{_TERMINOLOGY}/{system}", tuple(codes.split()))


BOUND_CONCEPTS: Mapping[str, Mapping[str, ConceptCodes]] = {
    "AllergyIntolerance": {
        "clinicalStatus": _concept("allergyintolerance-clinical", "active inactive resolved"),
        "verificationStatus": _concept(
            "allergyintolerance-verification", "unconfirmed confirmed refuted entered-in-error"
        ),
    },
    "Condition": {
        "clinicalStatus": _concept(
            "condition-clinical", "active recurrence relapse inactive remission resolved"
        ),
        "verificationStatus": _concept(
            "condition-ver-status",
            "unconfirmed provisional differential confirmed refuted entered-in-error",
        ),
    },
}
"""By definition and element, the codes of a concept."""
