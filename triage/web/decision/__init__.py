"""One decision for people: why it is as it is, what became of it, and whether it is proved."""

from triage.web.decision.pages import decision_blueprint

__all__ = ["decision_blueprint"]
