"""The screening answers as they were understood, so that whoever sent them can read them back."""

from __future__ import annotations

from typing import Any

from triage.domain.pseudonymised import WITHHELD
from triage.fhir.writing.draft import Draft
from triage.fhir.writing.elements import Element, present
from triage.fhir.writing.items import Answered, ItemWriter
from triage.fhir.writing.links import ANSWERS, SERVICE_REQUEST


def answers_read(draft: Draft, items: ItemWriter) -> Element:
    """The QuestionnaireResponse of a referral.

    It is without own words, for the log keeps none in answers; and without a day, for those that
    are known are answers themselves.
    """
    referral, stamp = draft.referred.referral, draft.referred.decision["rulebook"]
    answered = Answered(
        answers={name: _told(value) for name, value in referral["answers"].items()},
        declined=referral["declined"],
        levels=referral["levels"],
        source=referral["source"],
        age=referral["patient"]["age"],
    )
    request = draft.links.to(SERVICE_REQUEST)
    return present(
        {
            "resourceType": "QuestionnaireResponse",
            "id": draft.links.id(ANSWERS),
            "basedOn": [request],
            "questionnaire": draft.terms.questionnaire(stamp),
            "status": "completed",
            "subject": draft.subject(),
            "item": items.answers_as_items(answered),
        }
    )


def _told(value: Any) -> Any:
    """An answer with None for each word that is withheld."""
    if not isinstance(value, list):
        return value
    return [None if one == WITHHELD else one for one in value]
