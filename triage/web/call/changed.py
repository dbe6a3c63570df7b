"""What is answered to who changes a call that somebody else has changed or taken."""

from __future__ import annotations

from http import HTTPStatus

from flask import request, url_for
from werkzeug.wrappers import Response as AnyResponse

from triage.access.here import READING
from triage.errors import ChangedError
from triage.web.call.asking import see
from triage.web.call.given import words_of
from triage.web.call.handling import Handling, whose
from triage.web.site import wants_part


class Changed:
    """Says so, with everything that was typed, so that nothing is lost."""

    def __init__(self, handling: Handling) -> None:
        self._handling = handling

    def answer(self, error: ChangedError) -> AnyResponse:
        """A page, or a part of the page that was being filled in, which stays as it is.

        Who only looks is shown the call as it is now.
        """
        call_id = (request.view_args or {})["call_id"]
        if request.method in READING:
            return see(url_for("calls.one", call_id=call_id))
        draft = self._handling.parts.drafts.one(str(call_id))
        holder = whose(draft) if draft else ""
        told = {"says": str(error), "draft": draft, "holder": holder}
        site = self._handling.parts.site
        if wants_part():
            answer = site.part("call/pieces/changed.html.j2", **told, typed=None)
            answer.headers["HX-Retarget"], answer.headers["HX-Reswap"] = "#notice", "innerHTML"
            return answer
        title, status = "This call was changed", HTTPStatus.CONFLICT
        return site.page("call/changed.html.j2", title, status, **told, typed=self._typed())

    def _typed(self) -> list[tuple[str, str]]:
        """What was typed, in words, by the titles of the fields."""
        fields = self._handling.questions.fields.values()
        values = ((one, one.read(request.form)) for one in fields)
        return [(one.title, words_of(one, value)) for one, value in values if value is not None]
