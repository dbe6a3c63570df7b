"""What became of cards (CDS Hooks 2.0, feedback): read strictly, with every fault at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from marshmallow import Schema, ValidationError, fields, missing

from schemas.cds_hooks import LONGEST_URL, Id, opened
from schemas.days import Moment
from schemas.faults import faults_in, names_in, told
from schemas.fields import Choice, Text
from schemas.overrides import LONGEST_COMMENT
from schemas.parts import Part
from triage.errors import Fault, ReferralError

MOST_AT_ONCE, MOST_SUGGESTIONS = 100, 20
"""How many outcomes one call may tell, and how many suggestions of a card may be accepted."""

LONGEST_CODE, LONGEST_DISPLAY = 255, 1000
"""The most characters of a code, and of what it is called."""

OUTCOMES = ("accepted", "overridden")


class Objects(fields.List[Any]):
    """A list of objects of one schema. Absent or null leaves nothing behind."""

    def __init__(self, schema: Schema, most: int, least: int, description: str) -> None:
        self.schema, self._most, self._least = schema, most, least
        described = {"minItems": least, "maxItems": most, "description": description}
        super().__init__(fields.Nested(schema), allow_none=True, metadata=described)

    def deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> Any:
        """The objects, or ``missing``. Raises ``ValidationError`` with the faults by place."""
        if value is None or value is missing:
            return missing
        if not isinstance(value, list):
            raise ValidationError("must be a list")
        if not self._least <= len(value) <= self._most:
            raise ValidationError(f"must hold {self._least} to {self._most} entries")
        found, faults = [], {}
        for place, one in enumerate(value):
            try:
                found.append(self.schema.load(one))
            except ValidationError as error:
                faults[place] = error.messages_dict
        if faults:
            raise ValidationError(faults)
        return found


_CODING = opened(
    "ReasonCodingSchema",
    {
        "system": Text(LONGEST_URL),
        "code": Text(LONGEST_CODE),
        "display": Text(LONGEST_DISPLAY),
    },
)

_REASON = opened(
    "OverrideReasonGivenSchema",
    {
        "reason": Part(_CODING, "One of the overrideReasons of the card, or of the system's own."),
        "userComment": Text(
            LONGEST_COMMENT,
            {"description": "Kept apart from the log, and can be erased."},
            lines=True,
        ),
    },
)

_ACCEPTED = opened("AcceptedSuggestionSchema", {"id": Id("The uuid of a suggestion.")}, "id")

_OUTCOME = opened(
    "CardOutcomeSchema",
    {
        "card": Id("The uuid of the card."),
        "outcome": Choice(OUTCOMES, {"enum": list(OUTCOMES)}),
        "acceptedSuggestions": Objects(_ACCEPTED, MOST_SUGGESTIONS, 0, "What was accepted of it."),
        "overrideReason": Part(_REASON, "Why it was not."),
        "outcomeTimestamp": Moment({"description": "When somebody accepted or overrode it."}),
    },
    "card",
    "outcome",
    "outcomeTimestamp",
)

_FEEDBACK = opened(
    "CardFeedbackSchema",
    {"feedback": Objects(_OUTCOME, MOST_AT_ONCE, 1, "What became of each card.")},
    "feedback",
)


@dataclass(frozen=True, slots=True)
class ReasonGiven:
    """A reason as it was picked: one of ours, or one of the system's own."""

    system: str | None
    code: str | None
    display: str | None


@dataclass(frozen=True, slots=True)
class CardOutcome:
    """What became of a card. ``suggestions`` are the ids of those that were accepted."""

    card: str
    outcome: str
    suggestions: tuple[str, ...]
    reason: ReasonGiven | None
    comment: str | None
    at: datetime


class FeedbackReader:
    """Reads what became of cards. Safe for many threads."""

    def __init__(self) -> None:
        self.schema = _FEEDBACK
        inner = (_OUTCOME, _ACCEPTED, _REASON, _CODING)
        self.names = frozenset().union(*map(names_in, (self.schema, *inner)))

    def read(self, body: object) -> tuple[CardOutcome, ...]:
        """Every outcome in a body, in order. Raises ``ReferralError`` with every fault of it."""
        try:
            found = self.schema.load(body)  # type: ignore[arg-type]
        except ValidationError as error:
            raise ReferralError(told(_faults(error.messages_dict, self.schema))) from None
        return tuple(map(_outcome, found["feedback"]))


def _faults(
    messages: Mapping[Any, Any], schema: Schema, at: tuple[str | int, ...] = ()
) -> Iterator[Fault]:
    """Every fault, also of objects in lists, each with its whole path."""
    for name, said in messages.items():
        field = schema.fields.get(name)
        if isinstance(field, Objects) and isinstance(said, Mapping):
            for place, more in said.items():
                yield from _faults(more, field.schema, (*at, name, place))
        else:
            yield from faults_in({name: said}, schema, at)


def _outcome(found: Mapping[str, Any]) -> CardOutcome:
    given = found.get("overrideReason", {})
    return CardOutcome(
        card=found["card"],
        outcome=found["outcome"],
        suggestions=tuple(one["id"] for one in found.get("acceptedSuggestions", ())),
        reason=_reason(given.get("reason")),
        comment=given.get("userComment") or None,
        at=found["outcomeTimestamp"],
    )


def _reason(coding: Mapping[str, Any] | None) -> ReasonGiven | None:
    if coding is None:
        return None
    return ReasonGiven(coding.get("system"), coding.get("code"), coding.get("display"))
