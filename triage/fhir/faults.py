"""Faults of a referral that came as FHIR, said where they stand in what was sent."""

from __future__ import annotations

import re
from collections.abc import Sequence

from triage.errors import Fault
from triage.fhir.findings import Finding, Severity
from triage.fhir.reading import Read

_LAST_STEP = re.compile(r"(\[[0-9]+\]|\.?[^.\[\]]+)\Z")


def findings_of(faults: Sequence[Fault], read: Read) -> list[Finding]:
    """The faults of a referral, each with the FHIRPath of what it was read from."""
    return [
        Finding(Severity.ERROR, "value", _place(one.field, read), f"{one.field}: {one.problem}.")
        for one in faults
    ]


def _place(field: str, read: Read) -> str:
    """Where a field stood, or what it is a part of; empty where that stood nowhere."""
    while field:
        if field in read.places:
            return read.places[field]
        field = _LAST_STEP.sub("", field)
    return ""
