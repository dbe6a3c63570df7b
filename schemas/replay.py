"""A decision decided again, described for callers."""

from __future__ import annotations

from marshmallow import fields

from schemas.decision import StampSchema
from schemas.documented import Answered, many, one, text, whole, yes_or_no


class DifferenceSchema(Answered):
    """A place where another value came out."""

    path = text("Where in the decision: names, and places in lists counted from 0.")
    recorded = fields.Raw(required=True, allow_none=True)
    replayed = fields.Raw(required=True, allow_none=True)


class ReplaySchema(Answered):
    """What came out when a decision was decided again on its own rulebook."""

    identical = yes_or_no("Did the same bytes come out?")
    decision_id = text()
    sequence = whole("Its number in the log.")
    rulebook = one(StampSchema)
    differences = many(DifferenceSchema, "None, where the decision is identical.")
