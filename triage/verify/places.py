"""Where things stand in the rule files, so that every finding can say it."""

from __future__ import annotations

from triage.domain.rules import Rule
from triage.rulebook import Rulebook
from triage.verify.report import Finding

FRONT_PAGE = "rulebook.yaml"
VOCABULARY = "vocabulary.yaml"


class Places:
    """The file of each rule of a rulebook."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._files = {rule: each.file for each in rulebook.rulesets for rule in each.rules}

    def finding(self, check: str, rule: Rule, problem: str, line: int = 0) -> Finding:
        """A finding about a rule, on a line of its own or where the rule begins."""
        return Finding(check, self._files[rule], problem, line or rule.line, rule.id)
