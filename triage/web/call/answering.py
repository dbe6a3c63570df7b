"""What becomes of a draft when a question is answered, refused, put off or taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from triage.domain.clock import local_day
from triage.domain.drafts import Draft, Way
from triage.web.call.fields import ANSWERS, Body, Field
from triage.web.call.questions import SAFETY, Question

RISK_ASKED_ON = "risk_asked_on"
"""The answer that says when questions about safety were asked: on a call, that is known."""

RECEIVED_AT = "received_at"
"""What a body says of when the referral came in."""

Values = Mapping[Field, Any]
"""What was filled in, each value by its field."""


def answered(draft: Draft, question: Question, values: Values) -> Draft:
    """The draft with a question answered. What was refused or put off of it no longer is."""
    body = filled(draft.body, values)
    if question.group == SAFETY and draft.way is Way.CALL:
        body = _dated(body, draft)
    said = {field.name for field, value in values.items() if value is not None}
    body = _declining(body, set(_declined(body)).difference(question.belongs, said))
    return _asked(replace(draft, body=body), question)


def declined(draft: Draft, question: Question) -> Draft:
    """The draft with a question refused: its answer goes, if it had one."""
    body = filled(draft.body, dict.fromkeys(question.fields))
    answers = body.get(ANSWERS) or {}
    refused = [name for name in question.belongs if name not in answers]
    body = _declining(body, {*_declined(body), *refused})
    return _asked(replace(draft, body=body), question)


def alone_put_off(draft: Draft, question: Question) -> Draft:
    """The draft with no other question put off: the rest of them are asked again."""
    return replace(draft, skipped=(question.name,))


def put_off(draft: Draft, question: Question) -> Draft:
    """The draft with a question to be asked after the rest."""
    others = tuple(name for name in draft.skipped if name != question.name)
    return replace(draft, skipped=(*others, question.name))


def taken_back(draft: Draft, question: Question) -> Draft:
    """The draft as if a question had not been asked."""
    body = filled(draft.body, dict.fromkeys(question.fields))
    body = _declining(body, set(_declined(body)).difference(question.belongs))
    asked = tuple(name for name in draft.asked if name != question.name)
    return replace(draft, body=body, asked=asked)


def filled(body: Body, values: Values) -> dict[str, Any]:
    """The body with these values; None takes one away."""
    found = dict(body)
    for field, value in values.items():
        found = field.put(found, value)
    return found


def received_at(draft: Draft) -> datetime:
    """When the referral was received: when it was begun, unless the draft says otherwise."""
    try:
        return datetime.fromisoformat(draft.body[RECEIVED_AT])
    except (KeyError, ValueError):  # as it was typed, and wrong
        return datetime.fromisoformat(draft.begun_at)


Change = Callable[[Draft], Draft]

Edit = Callable[[Draft, Question], Draft]

EDITS: Mapping[str, Edit] = {"decline": declined, "skip": put_off, "clear": taken_back}
"""What else may be done with a question than to answer it, by the buttons."""


def _dated(body: Body, draft: Draft) -> dict[str, Any]:
    if RISK_ASKED_ON in _declined(body):
        return dict(body)
    answers = body.get(ANSWERS) or {}
    today = local_day(received_at(draft)).isoformat()
    return {**body, ANSWERS: {RISK_ASKED_ON: today, **answers}}


def _declined(body: Body) -> Iterable[str]:
    return body.get("declined") or ()


def _declining(body: Body, names: set[str]) -> dict[str, Any]:
    kept = {name: value for name, value in body.items() if name != "declined"}
    return {**kept, "declined": sorted(names)} if names else kept


def _asked(draft: Draft, question: Question) -> Draft:
    asked = draft.asked if question.name in draft.asked else (*draft.asked, question.name)
    skipped = tuple(name for name in draft.skipped if name not in question.belongs)
    return replace(draft, asked=asked, skipped=skipped)
