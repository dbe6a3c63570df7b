"""Overrides on the wire: the body that asks for one, read strictly, and what is answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, cast

from marshmallow import Schema, ValidationError, fields

from schemas.days import Day
from schemas.decision import TeamSchema
from schemas.documented import Answered, many, one, text, texts, whole, yes_or_no
from schemas.faults import faults_in, names_in, told
from schemas.fields import Choice, Text
from schemas.parts import Body
from triage.domain.caller import Role
from triage.domain.overriding import Asked, Standing
from triage.domain.vocabulary import Vocabulary
from triage.errors import Fault, ReferralError

LONGEST_COMMENT = 2_000
"""The most characters of a comment."""

NEEDED = "is needed to decide otherwise; add it"


def override_schema(vocabulary: Vocabulary) -> Schema:
    """The schema of the body that asks for an override, in the words of one vocabulary."""
    made: Any = Body.from_dict(
        {
            "route": Choice(tuple(vocabulary.routes), {"description": _ROUTE}),
            "urgency": Choice(tuple(vocabulary.urgencies), {"description": _URGENCY}),
            "reason": Choice(tuple(vocabulary.override_reasons), {"description": _REASON}),
            "comment": Text(LONGEST_COMMENT, {"description": _COMMENT}, least=1, lines=True),
        },
        name="OverrideSchema",
    )()
    made.need("route", "reason", "comment", why=NEEDED)
    return cast("Schema", made)


_ROUTE = "Where the referral goes instead."
_URGENCY = (
    "How soon. Left out, it stays as it stands, or is as soon as the rules ever give that route."
)
_REASON = "Why, by its id in override_reasons of /v1/vocabulary."
_COMMENT = "Why, in your own words. It is kept apart from the log, and can be erased."


class OverrideReader:
    """Reads what clinicians ask for, by one vocabulary. Made once; safe for many threads."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.schema = override_schema(vocabulary)
        self.names = names_in(self.schema)

    def read(self, body: object) -> Asked:
        """What a body asks for. Raises ``ReferralError`` with every fault of it."""
        found = _loaded(self.schema, body)
        return Asked(found["route"], found.get("urgency"), found["reason"], found["comment"])


_DAYS = Body.from_dict({"from": Day(), "to": Day()}, name="DaysSchema")()


def read_days(query: Mapping[str, Sequence[str]]) -> tuple[date | None, date | None]:
    """The first and the last day that a query names. Raises ``ReferralError`` with every fault.

    ``query`` holds every value of each name; None is a day that is not named.
    """
    given = {name: each[0] if len(each) == 1 else each for name, each in query.items()}
    found = _loaded(_DAYS, given)
    first, last = found.get("from"), found.get("to")
    if first and last and last < first:
        raise ReferralError([Fault("to", "is before from; swap them")])
    return first, last


def _loaded(schema: Schema, given: object) -> dict[str, Any]:
    try:
        return dict(schema.load(given))  # type: ignore[arg-type]
    except ValidationError as error:
        faults = told(faults_in(error.messages_dict, schema))
        raise ReferralError(sorted(faults, key=lambda fault: fault.field)) from None


class BySchema(Answered):
    """Who did something, as a token named them; null where nobody said."""

    role = text(of=Role)
    subject = text("The person or the system.", null=True)
    client = text("The software that called for them.", null=True)
    issuer = text("Who vouches for both.", null=True)


class GoesSchema(Answered):
    """A route with its urgency."""

    route = text()
    urgency = text()


class EntrySchema(Answered):
    """An entry of the log."""

    id = text()
    kind = text()
    sequence = whole("Its number in the log, counted from 1 without a gap.")
    at = fields.DateTime(required=True, metadata={"description": "In UTC."})


_RESPOND_BY = "In UTC. Another route never starts the clock again."
_LOWERS = "Is the urgency lower than what stood? Then a second person must confirm it."

OverrideMadeSchema = Answered.from_dict(
    {
        "override_id": text("By what it is confirmed or withdrawn."),
        "decision_id": text(),
        "standing": text("How far it has come.", of=Standing),
        "route": text(),
        "urgency": text(),
        "team": one(TeamSchema),
        "respond_by": fields.DateTime(required=True, metadata={"description": _RESPOND_BY}),
        "reason": text("By its id in the vocabulary."),
        "lowers": yes_or_no(_LOWERS),
        "from": one(GoesSchema, "What stood when it was asked for."),
        "rulebook": text("The digest of the rulebook whose words and teams these are."),
        "entry": one(EntrySchema, "What was recorded just now."),
    },
    name="OverrideMadeSchema",
)
"""An override as it stands, after what was just recorded about it."""


class StandsSchema(Answered):
    """Where a referral goes and how soon, as it stands."""

    route = text()
    urgency = text()
    team = one(TeamSchema)
    respond_by = fields.DateTime(required=True, metadata={"description": _RESPOND_BY})
    by = text("The id of the override that says so; decision, where there is none in force.")


HistoryEntrySchema = Answered.from_dict(
    {
        **EntrySchema().fields,
        "by": one(BySchema),
        "standing": fields.String(metadata={"description": "Of decisions and overrides."}),
        "route": fields.String(),
        "urgency": fields.String(),
        "team": fields.Nested(TeamSchema),
        "respond_by": fields.DateTime(metadata={"description": _RESPOND_BY}),
        "reason": fields.String(),
        "comment": fields.String(
            allow_none=True, metadata={"description": "Of overrides; null where it was erased."}
        ),
        "lowers": fields.Boolean(metadata={"description": _LOWERS}),
        "from": fields.Nested(GoesSchema),
        "rulebook": fields.String(),
        "override_id": fields.String(
            metadata={"description": "Of confirmations and withdrawals: what they are about."}
        ),
        "what": fields.String(metadata={"description": "Of views: what was looked at."}),
        "status": fields.String(
            metadata={"description": "Of cancellations: revoked, or entered-in-error."}
        ),
    },
    name="HistoryEntrySchema",
)
"""An entry about a decision. What its kind does not have is not there."""


class HistorySchema(Answered):
    """What stands of a decision, and everything recorded about it."""

    decision_id = text()
    standing = one(StandsSchema)
    hops = whole("How often another route came into force. From the second on, review it together.")
    supersedes = text("The decision that this one took the place of.", null=True)
    superseded_by = texts("The decisions that took the place of this one.")
    entries = many(HistoryEntrySchema, "In the order of the log.")


FlowSchema = Answered.from_dict(
    {"from": one(GoesSchema), "to": one(GoesSchema), "decisions": whole()}, name="FlowSchema"
)
"""So many decisions went from there to here."""


class ReasonGivenSchema(Answered):
    """So many decisions were overridden for a reason."""

    reason = text("By its id in the vocabulary.")
    decisions = whole()


class RuleOverriddenSchema(Answered):
    """A rule that fired in decisions that were overridden."""

    rule = text()
    title = text("Null where the rulebook of today has no such rule.", null=True)
    fired = whole("In how many decisions it fired.")
    overridden = whole("In how many of them an override is in force.")
    reasons = many(ReasonGivenSchema, "The most frequent first.")
    flows = many(FlowSchema, "From what was decided to what stands now; the most frequent first.")


MostOverriddenSchema = Answered.from_dict(
    {
        "from": fields.Date(required=True, allow_none=True),
        "to": fields.Date(required=True, allow_none=True),
        "decisions": whole("How many were made in these days."),
        "overridden": whole("Of how many an override is in force."),
        "rules": many(RuleOverriddenSchema, "The most overridden first."),
    },
    name="MostOverriddenSchema",
)
"""Which rules clinicians decide otherwise about most. The counts are exact, for inside use."""
