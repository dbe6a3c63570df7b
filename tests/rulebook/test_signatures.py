"""What somebody must answer for by name is signed, or says that it waits for that."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.edited_rules import EditedRules
from tests.rulebook.overlays import RETIRING, SOONER, WAIVING, write
from triage.domain.rules import Rule
from triage.errors import RulebookError, RuleFault
from triage.rulebook import load_rulebook
from triage.verify.sign_off import to_sign_off

WAITS = ", sign_off: true}"
SIGNED = ', signed: "A. Clinician, 2 November 2026"}'
NEITHER = ("}", ", sign_off: false}")

NEVER = "    never: [iapt_step_2, iapt_step_3, active_monitoring, counselling]\n"
EXCEPTING = """\
  exceptions:
    - id: plan-while-monitored
      title: Passive plans of people who are monitored
      answer: plan
      basis: {source: local, where: "Agreed here", sign_off: true}
"""


@dataclass(frozen=True)
class Answered:
    """What somebody answers for: how its basis ends, and under which name faults speak of it."""

    file: str
    ends: str
    rule: str | None

    @property
    def waiting(self) -> str:
        """The name under which it waits for a signature."""
        return self.rule or "promises"


ANSWERED = {
    "the promises": Answered("rulebook.yaml", 'leads where it is unknown"', None),
    "an exception": Answered("rulebook.yaml", '"Agreed here"', "plan-while-monitored"),
    "a rule by age": Answered("eligibility.yaml", 'keep their own route"', "young-people"),
    "a rule by pregnancy": Answered(
        "active_monitoring.yaml", 'the limits are local"', "active-monitoring"
    ),
}
every = pytest.mark.parametrize("one", ANSWERED.values(), ids=ANSWERED)

LAID = {"debt-support": RETIRING, "later-here": WAIVING}
laid = pytest.mark.parametrize(("name", "part"), LAID.items(), ids=LAID)


@pytest.fixture
def excepting(edited_rules: EditedRules) -> EditedRules:
    """The shipped rules with an exception of their promises."""
    edited_rules.replace("rulebook.yaml", NEVER, NEVER + EXCEPTING)
    return edited_rules


def fault_of(directory: Path) -> RuleFault:
    with pytest.raises(RulebookError) as caught:
        load_rulebook(directory)
    (fault,) = caught.value.faults
    assert "is not signed; say signed: who and when, or sign_off: true" in fault.problem
    return fault


def rule_of(rules: EditedRules, name: str) -> Rule:
    return next(one for one in load_rulebook(rules.directory).rules if one.id == name)


def waiting_in(directory: Path) -> set[str | None]:
    return {one.rule for one in to_sign_off(load_rulebook(directory))}


@every
@pytest.mark.parametrize("end", NEITHER)
def test_what_is_not_signed_is_refused(excepting: EditedRules, one: Answered, end: str) -> None:
    line = excepting.replace(one.file, one.ends + WAITS, one.ends + end)
    fault = fault_of(excepting.directory)
    assert (fault.file, fault.line, fault.rule) == (one.file, line, one.rule)


@every
def test_what_waits_for_a_signature_is_listed_until_it_is_signed(
    excepting: EditedRules, one: Answered
) -> None:
    assert one.waiting in waiting_in(excepting.directory)
    excepting.replace(one.file, one.ends + WAITS, one.ends + SIGNED)
    assert one.waiting not in waiting_in(excepting.directory)


@laid
@pytest.mark.parametrize("end", NEITHER)
def test_what_an_overlay_lets_off_unsigned_is_refused(
    edited_rules: EditedRules, name: str, part: str, end: str
) -> None:
    directory = write(edited_rules, "here", SOONER, part.replace(WAITS, end))
    fault = fault_of(directory)
    assert (fault.file, fault.rule) == ("here/overlay.yaml", name)
    lines = (directory / "overlay.yaml").read_text(encoding="utf-8").splitlines()
    assert f'"Agreed here"{end}' in lines[fault.line - 1]


@laid
def test_what_an_overlay_lets_off_is_listed_until_it_is_signed(
    edited_rules: EditedRules, name: str, part: str
) -> None:
    assert name in waiting_in(write(edited_rules, "here", SOONER, part))
    signed = write(edited_rules, "here", SOONER, part.replace(WAITS, SIGNED))
    assert name not in waiting_in(signed)


def test_who_signed_and_when_is_kept(edited_rules: EditedRules) -> None:
    one = ANSWERED["a rule by age"]
    edited_rules.replace(one.file, one.ends + WAITS, one.ends + SIGNED)
    rule = rule_of(edited_rules, "young-people")
    assert (rule.basis.signed, rule.basis.sign_off) == ("A. Clinician, 2 November 2026", False)


def test_a_signature_says_who_signed(edited_rules: EditedRules) -> None:
    one = ANSWERED["a rule by age"]
    edited_rules.replace(one.file, one.ends + WAITS, f'{one.ends}, signed: " "}}')
    with pytest.raises(RulebookError, match="must be a text, not ' '"):
        load_rulebook(edited_rules.directory)


def test_a_rule_that_treats_all_alike_needs_no_signature(edited_rules: EditedRules) -> None:
    edited_rules.replace(
        "eligibility.yaml",
        f'"Suspected postpartum psychosis needs urgent specialist care"{WAITS}\n    disting',
        '"Suspected postpartum psychosis needs urgent specialist care"}\n    disting',
    )
    assert fault_of(edited_rules.directory).rule == "perinatal-psychosis"
    edited_rules.replace("eligibility.yaml", "    distinguishes: [perinatal]\n", "")
    assert not rule_of(edited_rules, "perinatal-psychosis").basis.sign_off
