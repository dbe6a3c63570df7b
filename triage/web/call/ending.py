"""How a call ends: what is about to be recorded, that it is recorded, and what to say then."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, Response, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from triage.access import caller_of_request
from triage.api.decisions import seen
from triage.domain.drafts import Draft, Way
from triage.errors import ChangedError, ReferralError
from triage.overrides import referred_in
from triage.web.call import faults
from triage.web.call.asking import Asking, see
from triage.web.call.closing import closing
from triage.web.call.desk import SELF
from triage.web.call.faults import Wrong
from triage.web.call.handling import SUPERSEDES, Handling
from triage.web.call.places import page_of, page_of_question
from triage.web.call.recording import CallRecorder
from triage.web.site import may, wants_part

STALE = "this call was changed after you looked at it; look at it again, then record it"


def serve_ending(blueprint: Blueprint, handling: Handling, asking: Asking) -> None:
    """``/call/{id}/check``, ``/record``, ``/record-now`` and ``/end``."""
    ending = Ending(handling, asking)
    post = ["POST"]
    blueprint.add_url_rule("/call/<uuid:call_id>/check", "check", ending.check)
    blueprint.add_url_rule("/call/<uuid:call_id>/record", "record", ending.record, methods=post)
    path = "/call/<uuid:call_id>/record-now"
    blueprint.add_url_rule(path, "record_now", ending.record_now, methods=post)
    blueprint.add_url_rule("/call/<uuid:call_id>/end", "end", ending.end)


class Ending:
    """Records calls, and says what was recorded."""

    def __init__(self, handling: Handling, asking: Asking) -> None:
        self._handling, self._keeper, self._asking = handling, handling.keeper, asking
        self._recorder = CallRecorder.of(handling)

    def check(self, call_id: UUID) -> AnyResponse:
        """Everything before it is recorded."""
        draft = self._keeper.one(str(call_id))
        if draft.decision_id is not None:
            return see(url_for("calls.end", call_id=call_id))
        return self._checked(self._keeper.of(draft.id, caller_of_request()))

    def record(self, call_id: UUID) -> AnyResponse:
        """Record a call that is over. Whoever presses twice gets the same decision."""
        draft = self._keeper.one(str(call_id))
        if draft.decision_id is not None:
            return see(url_for("calls.end", call_id=call_id))
        draft = self._keeper.of(draft.id, caller_of_request())
        if request.form.get("version") != str(draft.version):
            raise ChangedError(STALE)
        try:
            self._recorder.end(draft, caller_of_request())
        except ReferralError as error:
            fields = self._handling.questions.fields
            return self._checked(draft, faults.told(error.faults, fields))
        return see(url_for("calls.end", call_id=call_id))

    def record_now(self, call_id: UUID) -> AnyResponse:
        """Record a call as it is, and go on with it. What was recorded meanwhile stands."""
        draft = self._keeper.of(str(call_id), caller_of_request())
        if request.form.get("recorded", "") == draft.body.get(SUPERSEDES, ""):
            self._recorder.now(draft, caller_of_request())
        if wants_part():
            return self._asking.next_of(self._handling.so_far(self._keeper.one(draft.id)))
        return see(url_for("calls.one", call_id=call_id))

    def end(self, call_id: UUID) -> AnyResponse:
        """What was decided, what to tell the caller, and what happens next."""
        draft = self._keeper.one(str(call_id))
        if draft.decision_id is None:
            return see(url_for("calls.one", call_id=call_id))
        parts, caller = self._handling.parts, caller_of_request()
        seen(parts.log, UUID(draft.decision_id), "end of a call")
        referred = referred_in(parts.log, draft.decision_id)
        closed = closing(referred, parts.rulebook, draft.way, datetime.now(UTC))
        return parts.site.page(
            "call/end.html.j2",
            closed.heading,
            draft=draft,
            closed=closed,
            told=closed.told,
            self_source=SELF,
            is_form=draft.way is Way.FORM,
            may_override=may(caller, "decision.override_form"),
        )

    def _checked(self, draft: Draft, wrong: Wrong | None = None) -> Response:
        so_far = self._handling.so_far(draft)
        return self._handling.parts.site.page(
            "call/check.html.j2",
            "Check and record",
            HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
            **self._handling.told(so_far),
            wrong=wrong or so_far.wrong,
            unknown=[
                one for one in self._handling.questions.person if one.value(draft.body) is None
            ],
            pages=self._pages(draft),
        )

    def _pages(self, draft: Draft) -> Mapping[str, str]:
        """Where everything is filled in, by the paths of fields and the names of questions."""
        questions = self._handling.questions
        found = {path: page_of(draft, one) for path, one in questions.fields.items()}
        for question in questions:
            page = page_of_question(draft, question)
            found |= {question.field.path: page, question.name: page}
        return found
