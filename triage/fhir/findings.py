"""What was found in a resource that was sent: faults, warnings, and what was passed over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus

from triage.errors import TriageError


class Severity(StrEnum):
    """How grave a finding is (R4, IssueSeverity). Of an error or worse, nothing is decided."""

    FATAL = "fatal"
    ERROR = "error"
    WARNING = "warning"
    INFORMATION = "information"


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: an R4 issue type, where it is, and what is wrong and what to do about it.

    ``expression`` is a FHIRPath from the root of what was sent, empty where it is of no one place;
    ``says`` repeats no value of a patient.
    """

    severity: Severity
    code: str
    expression: str
    says: str

    def as_dict(self) -> dict[str, str]:
        """The finding as the log keeps it."""
        return {
            "severity": self.severity.value,
            "code": self.code,
            "expression": self.expression,
            "says": self.says,
        }

    @property
    def refuses(self) -> bool:
        """Does it keep what was sent from being decided?"""
        return self.severity in (Severity.FATAL, Severity.ERROR)


def finding_kept(kept: Mapping[str, str]) -> Finding:
    """The finding that the log keeps."""
    severity = Severity(kept["severity"])
    return Finding(severity, kept["code"], kept["expression"], kept["says"])


class FindingsError(TriageError):
    """What was sent is refused for what was found in it; ``findings`` holds every finding."""

    def __init__(self, status: HTTPStatus, findings: Sequence[Finding]) -> None:
        self.status, self.findings = status, tuple(findings)
        super().__init__("; ".join(f"{one.expression}: {one.says}" for one in self.findings))
