"""What those who run the service are told of a decision: figures, and an alarm."""

from __future__ import annotations

from triage import metrics
from triage.domain.decision import Decision
from triage.domain.vocabulary import EVALUATORS_DISAGREE
from triage.logs import logger

LOG = logger("triage.noted")


def note(decision: Decision, *, recorded: bool) -> None:
    """A decision was made, and recorded or not.

    Where the two evaluations of the rules differed, that is an incident: it is counted and logged
    as an error, with nothing of the referral.
    """
    metrics.decided(decision, recorded=recorded)
    if any(alert.id == EVALUATORS_DISAGREE for alert in decision.alerts):
        metrics.disagreed()
        LOG.error("evaluators_disagree")
