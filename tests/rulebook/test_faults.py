"""A fault in a rule file is refused with file, line, rule, what is wrong and what to write."""

from __future__ import annotations

import pytest

from tests.edited_rules import EditedRules
from tests.rulebook.edits import EDITS, Edit
from tests.rulebook.edits_of_words import WORDS
from triage.errors import RulebookError, RuleFault
from triage.rulebook import load_rulebook


def faults_of(rules: EditedRules) -> tuple[RuleFault, ...]:
    with pytest.raises(RulebookError) as caught:
        load_rulebook(rules.directory)
    return caught.value.faults


@pytest.mark.parametrize("edit", [*EDITS.values(), *WORDS.values()], ids=[*EDITS, *WORDS])
def test_a_fault_says_file_line_rule_problem_and_remedy(
    edited_rules: EditedRules, edit: Edit
) -> None:
    line = edited_rules.replace(edit.file, edit.old, edit.new) + edit.lines_below
    (fault,) = faults_of(edited_rules)
    assert (fault.file, fault.line, fault.rule) == (edit.file, line, edit.rule)
    for words in edit.says:
        assert words in fault.problem


def test_a_fault_reads_as_one_line() -> None:
    fault = RuleFault("safety.yaml", 12, "is missing; add it", "emergency")
    assert str(fault) == "safety.yaml:12 emergency: is missing; add it"
