"""Reads Consents: may the referral be shared with those who refer?"""

from __future__ import annotations

from collections.abc import Iterator

from triage.fhir.reading.modifiers import modifiers
from triage.fhir.reading.said import Asked, Given, Said, information
from triage.fhir.reading.sent import Resource

TO_SHARE = Asked("", "consent_to_share")


def read_consent(consent: Resource) -> Iterator[Said]:
    """What a Consent says: active it allows unless it denies, rejected it does not allow."""
    status, at = consent.json.get("status"), consent.near("status")
    provision = consent.part("provision")
    yield from modifiers(provision) if provision else ()
    if status == "rejected":
        yield Given(TO_SHARE, value=False, at=at, of=consent.at)
    elif status == "active" and provision and provision.json.get("type") == "deny":
        yield Given(TO_SHARE, value=False, at=provision.near("type"), of=consent.at)
    elif status == "active":
        yield Given(TO_SHARE, value=True, at=at, of=consent.at)
    else:
        yield information("informational", consent.at, NOT_IN_FORCE)


NOT_IN_FORCE = "This consent is not in force, so it was passed over."
