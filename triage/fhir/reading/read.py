"""What was read of a message or of its parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from triage.fhir.findings import Finding


@dataclass(frozen=True, slots=True)
class Read:
    """A referral as it was read.

    ``body`` is a referral as ``POST /v1/referrals`` takes it. ``places`` says for fields of it, as
    faults name them (``answers.phq9_total``, ``patient.birth_date``), where they stood: FHIRPaths
    from the root of what was sent. ``findings`` holds what was passed over, read with doubt, or
    contradicts itself.
    """

    body: Mapping[str, Any]
    places: Mapping[str, str]
    findings: tuple[Finding, ...]
