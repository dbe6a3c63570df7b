"""Is the rulebook itself right? Its examples, boundaries, words and matrix, and what is proved."""

from triage.verify.check import check, unreadable
from triage.verify.report import Finding, Proof, Report, Witness

__all__ = ["Finding", "Proof", "Report", "Witness", "check", "unreadable"]
