"""Deciding otherwise: overrides of recorded decisions, their history, and what they tell of rules.

The first decision always stays as it was. What stands of it is the last override in force.
"""

from triage.overrides.history import history_of
from triage.overrides.learning import rules_most_overridden
from triage.overrides.making import Made, Overrides, chain_of, standing
from triage.overrides.referred import decision_told_of, referred_in

__all__ = [
    "Made",
    "Overrides",
    "chain_of",
    "decision_told_of",
    "history_of",
    "referred_in",
    "rules_most_overridden",
    "standing",
]
