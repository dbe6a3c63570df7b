"""A decision on the wire, described for callers."""

from __future__ import annotations

from marshmallow import Schema, fields

from schemas.documented import Answered, many, one, text, texts, whole, yes_or_no
from triage.domain.decision import Status
from triage.domain.rules import LEVELS, Authority
from triage.domain.vocabulary import Vocabulary


class TeamSchema(Answered):
    """The service that takes the referral."""

    id = text()
    name = text()
    phone = text("Public telephone number.")
    hours = text()


class LevelFoundSchema(Answered):
    """The level of one factor."""

    level = text(of=LEVELS)
    rules = texts("The rules that concluded it.")


class BasisSchema(Answered):
    """Why a rule is as it is."""

    source = text("The document it rests on.")
    where = text("The place in it.")
    authority = text("National guidance, stated by a source, or a local choice.", of=Authority)


class ReasonSchema(Answered):
    """A rule that fired."""

    rule = text()
    ruleset = text()
    title = text()
    because = text("What it says of this referral.")
    basis = one(BasisSchema)
    facts = fields.Dict(
        keys=fields.String(),
        required=True,
        metadata={"description": "What it read; null was not asked."},
    )


class AlertSchema(Answered):
    """Something a person must see, whatever the route."""

    id = text()
    rule = text()
    because = text()


class MissingAnswerSchema(Answered):
    """A question not asked that could still change something, the most telling first."""

    answer = text()
    question = text()
    why = text()


class ActionSchema(Answered):
    """Something to be done."""

    id = text()
    due = fields.Date(required=True)
    because = text()


class CasenessSchema(Answered):
    """Whether each score is at caseness; null where there is no score."""

    phq9 = yes_or_no(null=True)
    gad7 = yes_or_no(null=True)


class StampSchema(Answered):
    """The rulebook that decided."""

    id = text()
    version = text()
    digest = text("SHA-256 of what the rule files say.")


def decision_schema(vocabulary: Vocabulary) -> Schema:
    """The schema of a decision in the words of one vocabulary."""
    routes, urgencies = list(vocabulary.routes), list(vocabulary.urgencies)
    lead = {
        "id": text(of=routes),
        "title": text(),
        "step": whole("The step of talking therapies, where it is one.", null=True),
        "respond_by": fields.DateTime(required=True, metadata={"description": "In UTC."}),
        "team": one(TeamSchema),
    }
    also = {
        "id": text(of=routes),
        "title": text(),
        "urgency": text(of=urgencies),
        "concurrent": yes_or_no("Must both teams act?"),
        "team": one(TeamSchema),
    }
    levels = {name: one(LevelFoundSchema) for name in vocabulary.factors}
    return Answered.from_dict(
        {
            "reference": text("The caller's own id.", null=True),
            "status": text(_STATUS, of=Status),
            "urgency": text("The most urgent of everything concluded.", of=urgencies),
            "booking_held": yes_or_no("Must nothing be booked until a clinician has looked?"),
            "route": one(Answered.from_dict(lead, name="LeadRouteSchema")),
            "also_indicated": many(Answered.from_dict(also, name="AlsoIndicatedSchema")),
            "levels": one(Answered.from_dict(levels, name="LevelsFoundSchema")),
            "reasoning": many(ReasonSchema, "Every rule that fired, in the order of the rules."),
            "alerts": many(AlertSchema),
            "missing": many(MissingAnswerSchema),
            "actions": many(ActionSchema),
            "caseness": one(CasenessSchema),
            "measures": texts("Questionnaires to use."),
            "treatments": texts("Treatments that guidance indicates."),
            "supports": texts("Support that travels with the route."),
            "rulebook": one(StampSchema),
        },
        name="DecisionSchema",
    )()


class NextQuestionSchema(Answered):
    """What to ask next."""

    answer = text("The answer to give for it, or to name in declined.")
    question = text()
    why = text()


def what_if_schema(decision: Schema, vocabulary: Vocabulary) -> Schema:
    """The schema of what would be decided, which says what may still come of it."""
    live = {
        "possible_routes": texts(_POSSIBLE, of=vocabulary.routes),
        "worst_possible": text(_WORST, of=vocabulary.urgencies),
        "next_question": one(NextQuestionSchema, _NEXT, null=True),
    }
    more = {"live": one(Answered.from_dict(live, name="LiveSchema"), _LIVE)}
    return Answered.from_dict({**decision.fields, **more}, name="WhatIfSchema")()


def recorded_schema(decision: Schema) -> Schema:
    """The schema of a recorded decision, which has more than one that is not."""
    more = {
        "decision_id": text("By what the decision is found again."),
        "sequence": whole("Its number in the log, counted from 1 without a gap."),
        "decided_at": fields.DateTime(required=True, metadata={"description": "In UTC."}),
    }
    return Answered.from_dict({**decision.fields, **more}, name="RecordedDecisionSchema")()


_LIVE = "What may still come of it as more is answered. The rest says what stands now."
_POSSIBLE = "Every route that may still lead and no other, in order of precedence."
_WORST = "The most urgent it may still become."
_NEXT = "What to ask next; null once one route and one urgency are left."

_STATUS = (
    "routed: no missing answer can change route or urgency; provisional: one could;"
    " needs_information: a clinician must ask about risk."
)
