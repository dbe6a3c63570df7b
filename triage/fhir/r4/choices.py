"""The elements that may be of one of several types, as ``value[x]``: of these only one is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from triage.fhir.r4.shipped import DATA_TYPES, elements

OPEN = ("Extension", "Parameters_Parameter", "Task_Input", "Task_Output")
"""Where ``value[x]`` may be of any type. The schema leaves out ``valueMeta`` there; R4 has it."""

_CHOICES = {
    **dict.fromkeys(OPEN, "value"),
    "AllergyIntolerance": "onset",
    "Annotation": "author",
    "AuditEvent_Detail": "value",
    "CarePlan_Detail": "scheduled product",
    "Communication_Payload": "content",
    "Condition": "onset abatement",
    "Consent": "source",
    "Coverage_CostToBeneficiary": "value",
    "DataRequirement": "subject",
    "DataRequirement_DateFilter": "value",
    "Dosage": "asNeeded",
    "Dosage_DoseAndRate": "dose rate",
    "GuidanceResponse": "module",
    "MedicationStatement": "medication effective",
    "MessageDefinition": "event",
    "MessageHeader": "event",
    "Observation": "effective value",
    "Observation_Component": "value",
    "Patient": "deceased multipleBirth",
    "PlanDefinition": "subject",
    "PlanDefinition_Action": "subject timing definition",
    "PlanDefinition_RelatedAction": "offset",
    "PlanDefinition_Target": "detail",
    "Procedure": "performed",
    "Provenance": "occurred",
    "QuestionnaireResponse_Answer": "value",
    "Questionnaire_AnswerOption": "value",
    "Questionnaire_EnableWhen": "answer",
    "Questionnaire_Initial": "value",
    "ServiceRequest": "quantity occurrence asNeeded",
    "Timing_Repeat": "bounds",
    "TriggerDefinition": "timing",
    "UsageContext": "value",
}


@dataclass(frozen=True, slots=True)
class Member:
    """One of the elements of a choice: ``valueQuantity`` is ``value`` of the type ``Quantity``."""

    choice: str
    type: str


def _members(definition: str, choice: str) -> dict[str, Member]:
    """The members of a choice by their names, in the order of the schema."""
    types = {choice + name[0].upper() + name[1:]: Member(choice, name) for name in DATA_TYPES}
    present = [*elements(definition), *(["valueMeta"] if definition in OPEN else [])]
    return {name: types[name] for name in present if name in types}


CHOICES: Mapping[str, Mapping[str, Mapping[str, Member]]] = {
    definition: {choice: _members(definition, choice) for choice in choices.split()}
    for definition, choices in _CHOICES.items()
}
"""By definition and choice, the members of the choice by their names."""

MEMBERS: Mapping[str, Mapping[str, Member]] = {
    definition: {name: one for members in choices.values() for name, one in members.items()}
    for definition, choices in CHOICES.items()
}
"""By definition, the members of every choice by their names."""
