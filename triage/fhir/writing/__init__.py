"""Recorded decisions as resources of R4, and referrals as messages that ask for one."""

from triage.fhir.writing.answering import NOTHING_KNOWN, Answering
from triage.fhir.writing.decision_writer import DecisionWriter
from triage.fhir.writing.pages import searchset
from triage.fhir.writing.request import RequestWriter

__all__ = ["NOTHING_KNOWN", "Answering", "DecisionWriter", "RequestWriter", "searchset"]
