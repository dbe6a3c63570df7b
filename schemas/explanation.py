"""Why a decision is as it is, described for callers."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from schemas.documented import Answered, many, one, text, whole

_TOLD: dict[str, Any] = {
    "answer": text("The name of an answer, or of a fact worked out from answers."),
    "title": text(),
    "words": text("The value as a person reads it."),
    "value": fields.Raw(
        required=True, allow_none=True, metadata={"description": "Null where it is not known."}
    ),
}

_KNOWN = {
    **_TOLD,
    "from": whole("Of a number: from this one on it would do the same.", null=True),
    "to": whole("Of a number: up to this one it would do the same.", null=True),
}


class SufficientSchema(Answered):
    """What is known, or known not to have been asked, that is enough for the outcome."""

    because = text("All of it in one sentence.")
    answers = many(Answered.from_dict(_KNOWN, name="KnownSchema"), "None of them can be spared.")


class ChangeSchema(Answered):
    """Another route, and the fewest answers that would have to be otherwise for it to lead."""

    route = text()
    title = text()
    words = text("The change in one sentence.")
    answers = many(
        Answered.from_dict(_TOLD, name="ToldSchema"),
        "What they would be. Never what nobody can change, nor a clinician's rating.",
    )


class ExplanationSchema(Answered):
    """Why a recorded decision is as it is, whatever was decided after it."""

    decision_id = text()
    route = text("The lead route of the decision.")
    urgency = text()
    sufficient = one(SufficientSchema, "What alone forces the route and the urgency.")
    changes = fields.List(
        fields.Nested(ChangeSchema),
        metadata={"description": "The nearest routes first; for clinicians and auditors alone."},
    )
