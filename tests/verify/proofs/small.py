"""The cut-down rules without age and rating, small enough for everything to be tried."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tests.verify.proofs.edited import Edited, Written, a_rule
from tests.verify.proofs.tried import Tried, answered, phq9
from triage.rulebook import Rulebook

READ = ("emergency_now", "thoughts_of_harm", "plan", "serious_harm_history")
OTHERWISE = "stepped_care.yaml"

FAULTS: Mapping[str, Sequence[Written]] = {
    "plan": [a_rule("f", {"plan": {"is": "none"}}, {"urgency": "emergency"})],
    "in the middle": [a_rule("f", {"plan": {"is": "passive"}}, {"urgency": "emergency"})],
    "not given": [a_rule("f", {"thoughts_of_harm": {"known": True}}, {"urgency": "very_urgent"})],
    "two answers": [
        a_rule("f", {"plan": {"is": "none"}}, {"urgency": "very_urgent"}),
        a_rule("g", {"thoughts_of_harm": {"is": "fleeting"}}, {"urgency": "very_urgent"}),
    ],
}
"""Rules by which some are less urgent with a worse answer."""


def small_of(cut: Rulebook) -> Edited:
    """The cut-down rules that read four answers and PHQ-9: 26,100 referrals."""
    edited = Edited(cut)
    for name in ("young", "rated-high"):
        edited.drop(name)
    edited.rule("risk-medium")["when"]["any"].pop()
    return edited


def tried(edited: Edited) -> Tried:
    """Everything that may be given to the small rules."""
    rulebook = edited.rulebook()
    return Tried(rulebook, [*map(answered, READ), phq9(rulebook)])


def without_phq9(edited: Edited) -> Edited:
    """The rules that read PHQ-9 read something else."""
    edited.drop("severe")
    edited.rule("below-caseness")["when"] = {"thoughts_of_harm": {"is": "none"}}
    edited.rule("step-3")["when"] = {"plan": {"is": "passive"}}
    return edited


def tried_with(edited: Edited, *more: Written) -> Tried:
    """Everything that may be given to rules without PHQ-9, some of them about veterans."""
    without_phq9(edited).add(*more, file="safety.yaml")
    return Tried(edited.rulebook(), [*map(answered, READ), answered("veteran")])


def silent(edited: Edited) -> None:
    edited.content[OTHERWISE]["otherwise"]["then"] = [{"support": "debt"}]


def number_in(said: str) -> int:
    """The count that a proof says in passing."""
    return int(said.rpartition("(")[2].removesuffix(" referrals)").replace(",", ""))
