"""Reads a body into a referral, or says every fault of it at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from marshmallow import Schema, ValidationError, missing

from schemas.answers import answers_schema
from schemas.days import Moment
from schemas.faults import Messages, faults_in, names_in, told
from schemas.fields import Choice, Listed, Strict, Text, YesOrNo
from schemas.parts import Body, Part
from schemas.patient import patient_schema, referrer_schema
from schemas.together import wrong_together
from triage.domain.referral import BIRTH_DATE, SOURCE, Patient, Referral, Referrer
from triage.domain.rules import LEVELS
from triage.domain.vocabulary import Vocabulary
from triage.errors import Fault, ReferralError

LONGEST_ID, LONGEST_NOTES = 200, 20_000
"""The most characters of an id that a caller gives, and of notes."""


class DecisionId(Strict):
    """The id of a decision. It stands in the log, so nothing else may stand in its place."""

    def __init__(self) -> None:
        said = "The decision that this referral takes the place of, by its id."
        super().__init__({"type": "string", "format": "uuid", "description": said})

    def read(self, value: Any) -> str:
        """The id, as ids are written here."""
        try:
            return str(UUID(value))
        except (AttributeError, TypeError, ValueError):
            raise ValidationError("must be the decision_id of a decision; leave it out") from None


class Rating(Choice):
    """A level as a clinician rated it; ``unknown`` is the same as not rated."""

    def __init__(self, title: str) -> None:
        super().__init__(LEVELS, {"title": f"{title}, as a clinician rates it"})

    def read(self, value: Any) -> Any:
        """The level, or ``missing``."""
        return missing if value == "unknown" else super().read(value)


NEEDED_TO_RECORD = ("source", "patient")
"""What a referral must say before it can be recorded."""


def referral_schema(vocabulary: Vocabulary) -> Schema:
    """The schema of a referral as callers send it. Every field may be absent."""
    factors = vocabulary.factors.items()
    ratings = Body.from_dict(
        {name: Rating(one.title) for name, one in factors}, name="LevelsSchema"
    )
    names = (*vocabulary.answers, BIRTH_DATE, SOURCE)
    return Body.from_dict(
        {
            "reference": Text(LONGEST_ID, {"description": "The caller's own id, echoed."}),
            "source": Choice(tuple(vocabulary.sources_of_referral), _described(_SOURCE)),
            "received_at": Moment(_described(_RECEIVED_AT)),
            "referrer": Part(referrer_schema()),
            "patient": Part(patient_schema(vocabulary)),
            "answers": Part(answers_schema(vocabulary), _ANSWERS),
            "declined": Listed(Choice(names), len(names), _described(_DECLINED)),
            "levels": Part(ratings(), "What a clinician rated, by factor."),
            "supersedes": DecisionId(),
            "consent_to_share": YesOrNo(),
            "notes": Text(LONGEST_NOTES, _described(_NOTES), lines=True),
        },
        name="ReferralSchema",
    )()


def _to_record(referral: Schema, needed: Sequence[str]) -> Schema:
    """The schema of a referral that can be recorded."""
    made: Any = Body.from_dict(dict(referral.fields), name="RecordedReferralSchema")()
    made.need(*needed)
    return cast("Schema", made)


_SOURCE = "Source of referral, by its code in the IAPT data set."
_RECEIVED_AT = "When the referral was received; now, where it is left out."
_ANSWERS = "Screening answers. Absent or null is not asked, which is never no."
_DECLINED = "Questions that were asked and refused: unknown for good."
_NOTES = "Free text for people. It never reaches a rule."


def _described(description: str) -> dict[str, str]:
    return {"description": description}


class ReferralReader:
    """Reads bodies by one vocabulary. Made once; safe for many threads."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.schema = referral_schema(vocabulary)
        self.names = names_in(self.schema)
        answers = vocabulary.answers.values()
        self._may_be_ahead = {answer.name for answer in answers if answer.may_be_ahead}

    def to_record(self, needed: Sequence[str] = NEEDED_TO_RECORD) -> ReferralReader:
        """A reader of what is to be recorded: what is needed must be there."""
        made = copy(self)
        made.schema = _to_record(self.schema, needed)
        return made

    def read(self, body: object, now: datetime) -> Referral:
        """The referral in a body. Raises ``ReferralError`` with every fault of it.

        ``now`` carries its time zone, and is when the referral was received unless it says.
        """
        found, messages = self._loaded(body)
        wrong = wrong_together(found, now, self._may_be_ahead)
        if messages or wrong:
            raise ReferralError(self._faults(messages, [fault for _, fault in wrong]))
        return _referral(found, now)

    def readable(self, body: object, now: datetime) -> Referral:
        """The referral that the fields without a fault amount to."""
        found, _ = self._loaded(body)
        for (*parents, name), _ in wrong_together(found, now, self._may_be_ahead):
            holder = found
            for parent in parents:
                holder = holder[parent]
            holder.pop(name, None)
        return _referral(found, now)

    def _loaded(self, body: object) -> tuple[dict[str, Any], Messages]:
        try:
            return self.schema.load(body), {}  # type: ignore[arg-type]
        except ValidationError as error:
            return dict(error.valid_data or {}), error.messages_dict

    def _faults(self, messages: Messages, wrong: list[Fault]) -> tuple[Fault, ...]:
        found = [*told(faults_in(messages, self.schema)), *wrong]
        return tuple(sorted(found, key=lambda fault: fault.field))


def _referral(found: Mapping[str, Any], now: datetime) -> Referral:
    return Referral(
        received_at=found.get("received_at", now),
        answers=found.get("answers", {}),
        declined=frozenset(found.get("declined", ())),
        levels=found.get("levels", {}),
        patient=Patient(**found.get("patient", {})),
        referrer=Referrer(**found.get("referrer", {})),
        reference=found.get("reference"),
        source=found.get("source"),
        supersedes=found.get("supersedes"),
        consent_to_share=found.get("consent_to_share"),
        notes=found.get("notes"),
    )
