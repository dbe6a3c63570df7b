"""An error on the wire, described for callers (RFC 9457)."""

from __future__ import annotations

from marshmallow import Schema, fields

from schemas.documented import Answered, text, whole


class FaultSchema(Answered):
    """One fault of what was sent."""

    field = text("Its path, such as answers.phq9_total.")
    problem = text("What is wrong, and what to do about it.")


class SafetySchema(Answered):
    """What the readable answers conclude. Act on it: the error does not make it go away."""

    route = text()
    urgency = text("One of the urgencies that the vocabulary marks as danger.")
    because = text()


class ProblemSchema(Answered):
    """What went wrong, and what to do if anybody is in danger."""

    type = text()
    title = text()
    status = whole()
    detail = text()
    request_id = fields.String(metadata={"description": "Quote it to those who run the service."})
    safety_net = text("What to do in danger. Show it to whoever sees the error.")
    safety = fields.Nested(SafetySchema)
    errors = fields.List(fields.Nested(FaultSchema))


def problem_schema() -> Schema:
    """The schema of every error."""
    return ProblemSchema()
