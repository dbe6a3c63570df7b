"""What a call holds so far, in words: every answer, refusal and what was put off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from triage.domain.drafts import Draft
from triage.feedback.moments import date_words
from triage.web.call.boxes import Box
from triage.web.call.faults import Wrong
from triage.web.call.fields import Body, Field
from triage.web.call.places import page_of, page_of_question
from triage.web.call.questions import Question, Questions

DECLINED = "Declined to answer"
SKIPPED = "Put off for now"


@dataclass(frozen=True, slots=True)
class Given:
    """What was said to one question, by its name; ``page`` is where that is changed.

    ``wrong`` where it cannot be read; ``is_rated`` where it is what a clinician rated instead.
    """

    name: str
    page: str
    title: str
    words: str
    wrong: str = ""
    is_rated: bool = False


def given(draft: Draft, questions: Questions, wrong: Wrong) -> list[Given]:
    """Everything said so far: in the order of asking, what no question asked for, then ratings."""
    told = {one.name: one for each in questions for one in _of(each, draft, wrong)}
    asked = [told[name] for name in draft.asked if name in told]
    others = [one for name, one in told.items() if name not in draft.asked]
    return [*asked, *others, *_rated(draft, questions, wrong)]


def _rated(draft: Draft, questions: Questions, wrong: Wrong) -> Iterator[Given]:
    for field in questions.ratings:
        value, page = field.value(draft.body), page_of(draft, field)
        if value is not None:
            words, fault = words_of(field, value), wrong.get(field.path, "")
            yield Given(field.path, page, field.title, words, fault, is_rated=True)


def _of(question: Question, draft: Draft, wrong: Wrong) -> Iterator[Given]:
    words, title = said_to(question, draft.body), question.field.title
    page = page_of_question(draft, question)
    fault = next((wrong[one.path] for one in question.fields if one.path in wrong), "")
    if words:
        yield Given(question.name, page, title, words, fault)
    elif question.name in (draft.body.get("declined") or ()):
        yield Given(question.name, page, title, DECLINED)
    elif question.name in draft.skipped:
        yield Given(question.name, page, title, SKIPPED)


def said_to(question: Question, body: Body) -> str:
    """What was answered to a question, in words; empty where nothing was."""
    if not question.is_answered(body):
        return ""
    own = question.fields if question.is_either else (question.field,)
    told = [words_of(one, one.value(body)) for one in own if one.value(body) is not None]
    return ", ".join(told)


def words_of(field: Field, value: Any) -> str:
    """A value as a person reads it."""
    if field.box is Box.ITEMS:
        return " ".join("-" if one is None else str(one) for one in value)
    if field.box is Box.LIST:
        labels = dict(field.choices)
        return _capital(", ".join(labels.get(one, one) for one in value)) or "None"
    if field.box in (Box.DATE, Box.RECEIVED):
        return _day(str(value).partition("T")[0])
    if field.box is Box.DAYS:
        return f"{value} days"
    (text,) = field.said_as(value)
    return _capital(dict(field.choices).get(text, text))


def _day(text: str) -> str:
    try:
        return date_words(date.fromisoformat(text))
    except ValueError:
        return text


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
