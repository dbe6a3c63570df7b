"""Gathers what is known of the person whose record is open: sent along, or fetched if allowed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from schemas.cds_hooks import HookCall
from triage.cds_hooks.fetching import Fetch, fetch_all
from triage.cds_hooks.sent import PREFETCH, resources_of
from triage.cds_hooks.subjects import Subject
from triage.cds_hooks.templates import PATIENT, filled
from triage.domain.caller import Caller
from triage.errors import Fault, TriageError
from triage.fhir.findings import Finding, Severity
from triage.fhir.reading import Placed
from triage.fhir.reading.elements import Element

Allowed = Callable[[Caller, Any], str | None]
"""From who calls and what they say of where records can be read: the address as it may be called,
with no slash at its end; None where it may not."""


class DataNeededError(TriageError):
    """What a card cannot do without is not there; ``faults`` say what, and how to send it."""

    def __init__(self, detail: str, *faults: Fault) -> None:
        self.detail, self.faults = detail, faults
        super().__init__(detail)


@dataclass(frozen=True, slots=True)
class Gathered:
    """What is known of a person: resources, the Patient first, and what was passed over."""

    subject: Subject
    placed: tuple[Placed, ...]
    findings: tuple[Finding, ...]

    @property
    def has_died(self) -> bool:
        """Does the Patient say that the person has died?"""
        patient = self.placed[0].resource
        return patient.get("deceasedBoolean") is True or bool(patient.get("deceasedDateTime"))


class Gatherer:
    """Gathers by the templates that systems were given. Safe for many threads."""

    def __init__(self, templates: Mapping[str, str], fetch: Fetch, allowed: Allowed) -> None:
        self._templates, self._fetch, self._allowed = templates, fetch, allowed

    def gather(self, call: HookCall, caller: Caller) -> Gathered:
        """What is known of the person.

        Raises ``DataNeededError`` where the Patient is not known, or is somebody else.
        """
        values = {**call.prefetch, **self._fetched(call, caller)}
        patient = _patient(values.get(PATIENT), call)
        subject = Subject.of(patient, call.patient_id, call.fhir_server)
        found = [*resources_of(values, self._templates, subject)]
        return Gathered(
            subject=subject,
            placed=(
                Placed(patient.json, patient.at),
                *(one for one in found if isinstance(one, Placed)),
            ),
            findings=(
                *self._not_had(values),
                *(one for one in found if isinstance(one, Finding)),
            ),
        )

    def _fetched(self, call: HookCall, caller: Caller) -> dict[str, Any]:
        """What was not sent and can be had. No server is asked that is not listed for a caller."""
        wanted = {
            key: filled(template, call.patient_id)
            for key, template in self._templates.items()
            if key not in call.prefetch or (key == PATIENT and call.prefetch[key] is None)
        }
        if not wanted or call.fhir_server is None:
            return {}
        server = self._allowed(caller, call.fhir_server)
        return fetch_all(self._fetch, server, wanted, call.token) if server else {}

    def _not_had(self, values: Mapping[str, Any]) -> Iterator[Finding]:
        missing = [key for key in self._templates if key not in values]
        if missing:
            says = f"Not sent, so nothing is known of it: {', '.join(missing)}."
            yield Finding(Severity.WARNING, "incomplete", PREFETCH, says)


def _patient(value: Any, call: HookCall) -> Element:
    """The Patient, who must be the one whose record is open."""
    at = f"{PREFETCH}.{PATIENT}"
    if not isinstance(value, dict) or value.get("resourceType") != "Patient":
        raise DataNeededError(NO_PATIENT, Fault(at, _HOW))
    if value.get("id") != call.patient_id:
        raise DataNeededError(_OTHER_PATIENT, Fault(at, _WHOSE))
    return Element(value, at)


NO_PATIENT = "Nothing can be said without the Patient, who was not sent and could not be fetched."
_HOW = (
    "is needed; send the Patient as the template in GET /cds-services asks, or a fhirServer that is"
    " listed here for you, with fhirAuthorization"
)
_OTHER_PATIENT = "The Patient that was sent is not the one whose record is open; nothing was read."
_WHOSE = "must have the id that context.patientId has; send the Patient whose record is open"
