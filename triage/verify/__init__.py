"""Is the rulebook itself right? Its examples, its boundaries, its words and its matrix."""

from triage.verify.check import check, unreadable
from triage.verify.report import Finding, Report

__all__ = ["Finding", "Report", "check", "unreadable"]
