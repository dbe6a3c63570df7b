"""Where on the pages of a call everything is filled in."""

from __future__ import annotations

from triage.domain.drafts import Draft, Way
from triage.web.call.fields import Field
from triage.web.call.questions import Question
from triage.web.call.ratings import LEVELS


def page_of(draft: Draft, field: Field) -> str:
    """Where a field is filled in that no question asks for."""
    sheet = "ratings" if field.at[0] == LEVELS else "person"
    return f"/call/{draft.id}/{'form' if draft.way is Way.FORM else sheet}#{field.path}"


def page_of_question(draft: Draft, question: Question) -> str:
    """Where a question is answered."""
    if draft.way is Way.FORM:
        return page_of(draft, question.field)
    return f"/call/{draft.id}/question/{question.name}#question"
