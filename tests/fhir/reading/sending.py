"""What tests of reading send, and how they look at what was read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.fhir.messages import OWN, Resource
from triage.fhir.findings import Severity
from triage.fhir.reading import Read

LOINC, SNOMED = "http://loinc.org", "http://snomed.info/sct"
ICD10 = "http://hl7.org/fhir/sid/icd-10"
DATA_ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
DATA_ABSENT_REASONS = "http://terminology.hl7.org/CodeSystem/data-absent-reason"

PHQ9_ITEMS = (
    "44250-9", "44255-8", "44259-0", "44254-1", "44251-7", "44258-2", "44252-5", "44253-3",
    "44260-8",
)  # fmt: skip
"""The nine items in LOINC, in their order (domain, section 3)."""

PERSON = {"reference": "urn:uuid:00000000-0000-4000-8000-000000000002"}
"""The person referred in the messages of the builder."""

DECLINED = {"url": DATA_ABSENT, "valueCode": "asked-declined"}


def own(system: str, code: str) -> Resource:
    """A coding in one of our own systems."""
    return {"system": f"{OWN}/CodeSystem/{system}", "code": code}


def concept(system: str, code: str) -> Resource:
    """A concept with one coding."""
    return {"coding": [{"system": system, "code": code}]}


def an_observation(code: Resource, **more: Any) -> Resource:
    """An observation of one thing, by its coding."""
    made = {"resourceType": "Observation", "status": "final", "code": {"coding": [code]}, **more}
    return {"subject": PERSON, **made}


def loinc(code: str, value: int, **more: Any) -> Resource:
    """An observation of a number by its code in LOINC."""
    return an_observation({"system": LOINC, "code": code}, valueInteger=value, **more)


def ours(answer: str, **more: Any) -> Resource:
    """An observation of an answer by its own code."""
    return an_observation(own("answer", answer), **more)


def a_choice(answer: str, choice: str, **more: Any) -> Resource:
    """An observation of a choice, all in codes of our own."""
    return ours(answer, valueCodeableConcept={"coding": [own(answer, choice)]}, **more)


def other_form(items: list[Resource], **more: Any) -> Resource:
    """A response to somebody else's questionnaire."""
    url = "https://gp.example.nhs.uk/Questionnaire/intake"
    made = {"resourceType": "QuestionnaireResponse", "questionnaire": url, "status": "completed"}
    return {**made, "subject": PERSON, "item": items, **more}


def answers(read: Read) -> Mapping[str, Any]:
    """The answers that were read."""
    found: Mapping[str, Any] = read.body.get("answers", {})
    return found


def places(read: Read, *severities: Severity) -> list[str]:
    """Where there are findings of these severities."""
    return [one.expression for one in read.findings if one.severity in severities]


def errors(read: Read) -> list[str]:
    """Where there are errors."""
    return places(read, Severity.ERROR, Severity.FATAL)


def warnings(read: Read) -> list[str]:
    """Where there are warnings."""
    return places(read, Severity.WARNING)


def notes(read: Read) -> list[str]:
    """Where there is information."""
    return places(read, Severity.INFORMATION)


def told(read: Read) -> str:
    """Everything that the findings say."""
    return "\n".join(one.says for one in read.findings)
