"""The systems by which BaRS, UK Core and R4 name things (domain, section 4: BaRS specification)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number"
ODS_CODE = "https://fhir.nhs.uk/Id/ods-organization-code"
UBRN = "https://fhir.nhs.uk/Id/UBRN"
MESSAGE_EVENTS = "https://fhir.nhs.uk/CodeSystem/message-events-bars"
MESSAGE_REASONS = "https://fhir.nhs.uk/CodeSystem/message-reason-bars"
ERROR_CODES = "https://fhir.nhs.uk/Codesystem/http-error-codes"
ETHNIC_CATEGORY = "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-EthnicCategory"
CDSS = "https://fhir.nhs.uk/StructureDefinition/CDSSExtension"
DATA_ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
DATA_ABSENT_REASONS = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
UUIDS = "urn:ietf:rfc:3986"

OIDS: Mapping[str, str] = {
    "urn:oid:2.16.840.1.113883.6.1": "http://loinc.org",
    "urn:oid:2.16.840.1.113883.6.96": "http://snomed.info/sct",
}
"""The systems that some senders name by OID, and the URIs that FHIR gives them (R4, Code Systems
and Identifier Systems)."""


LONGEST_KEPT = 200
"""How many characters a system has at most of which the plain form is kept."""


def plain(system: str) -> str:
    """A system as systems are compared: without a slash at its end, https as http, no OID."""
    return _kept(system) if len(system) <= LONGEST_KEPT else _plain(system)


def _plain(system: str) -> str:
    bare = system.rstrip("/")
    if bare[:6] == "https:":
        bare = f"http:{bare[6:]}"
    return OIDS.get(bare, bare)


_kept = lru_cache(maxsize=512)(_plain)  # the same few systems stand in every message
