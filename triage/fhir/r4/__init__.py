"""FHIR R4 as it is written down: whether a resource keeps to it, and if not, where and why."""

from triage.fhir.r4.faults import faults_of

__all__ = ["faults_of"]
