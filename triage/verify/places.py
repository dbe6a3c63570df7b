"""Where things stand in the rule files, so that every finding can say it."""

from __future__ import annotations

from triage.domain.rules import Rule
from triage.verify.report import Finding, Witness


def finding(
    check: str, rule: Rule, problem: str, line: int = 0, witnesses: tuple[Witness, ...] = ()
) -> Finding:
    """A finding about a rule, on a line of its own or where the rule begins."""
    return Finding(check, rule.file, problem, line or rule.line, rule.id, witnesses)
