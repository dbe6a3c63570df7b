"""What a search is answered with, described for callers."""

from __future__ import annotations

from marshmallow import Schema, fields

from schemas.documented import Answered, many, text, texts, whole, yes_or_no
from triage.domain.decision import Status
from triage.domain.search import AGE_BANDS


class ListedDecisionSchema(Answered):
    """A decision as a list shows it: what was decided, and nothing that names the person."""

    decision_id = text("By what it is read: /v1/decisions/{decision_id}.")
    sequence = whole("Its number in the log, counted from 1.")
    at = fields.DateTime(required=True, metadata={"description": "When it was recorded, in UTC."})
    route = text("The route that was decided; what stands now is in the history.")
    urgency = text("The urgency that was decided.")
    status = text(of=Status)
    source = text("The source of referral.", null=True)
    ods_code = text("The organisation that referred.", null=True)
    rulebook = text("The digest of the rulebook that decided.")
    age_band = text("The age at referral, as national figures group it.", null=True, of=AGE_BANDS)
    place = text("The place whose teams take the referral.")
    overridden = yes_or_no("Did an override of it ever come into force?")
    booking_held = yes_or_no("Must nothing be booked until a clinician has looked?")
    alerts = texts("The ids of its alerts.")


class CountSchema(Answered):
    """How many decisions a search finds."""

    at_least = whole("So many were counted; counting stops at a thousand.")
    exact = yes_or_no("Are there no more than these?")


class SearchedSchema(Answered):
    """A page of the decisions that a search finds."""

    decisions = many(ListedDecisionSchema)
    next = text(
        "Send it as cursor with the same filters and order to go on; null at the end. A page may"
        " hold fewer than limit, even none, and yet not be the last: so no call takes long.",
        null=True,
    )
    count = fields.Nested(
        CountSchema,
        required=True,
        allow_none=True,
        metadata={"description": "Only where it was asked for, and on the first page alone."},
    )


def searched_schema() -> Schema:
    """The schema of an answer to a search."""
    return SearchedSchema()
