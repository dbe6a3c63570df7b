"""What a referrer is told of a decision, in words a GP can use."""

from triage.feedback.feedback import Feedback
from triage.feedback.telling import feedback_of, feedback_of_what_if

__all__ = ["Feedback", "feedback_of", "feedback_of_what_if"]
