"""The page of a call: one question after another, and what the rules say beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from triage.access import caller_of_request
from triage.domain.clock import local_day
from triage.domain.drafts import Draft, Way
from triage.web.call import answering
from triage.web.call.boxes import Said
from triage.web.call.faults import Wrong
from triage.web.call.fields import Field
from triage.web.call.following import SoFar
from triage.web.call.handling import Handling, whose
from triage.web.call.questions import COMPLETED_ON, Question
from triage.web.site import wants_part

NOTHING_CHOSEN = "Answer the question, put it off, or say that it was declined"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it is shown: what stands in its boxes, why it is asked, what is wrong."""

    question: Question
    why: str
    said: Mapping[str, Said]
    wrong: Wrong
    back: str | None
    is_answered: bool


def serve_asking(blueprint: Blueprint, asking: Asking) -> None:
    """``GET /call/{id}``, and a question of it by its name."""
    blueprint.add_url_rule("/call/<uuid:call_id>", "one", asking.one)
    path = "/call/<uuid:call_id>/question/<name>"
    blueprint.add_url_rule(path, "question", asking.question)
    blueprint.add_url_rule(path, "answer", asking.answer, methods=["POST"])
    blueprint.add_url_rule("/call/<uuid:call_id>/jump", "jump", asking.jump, methods=["POST"])


class Asking:
    """Asks the questions of calls."""

    def __init__(self, handling: Handling) -> None:
        self._handling = handling
        self._keeper, self._questions = handling.keeper, handling.questions

    def one(self, call_id: UUID) -> AnyResponse:
        """The call, with the next question of it."""
        draft = self._keeper.one(str(call_id))
        if draft.decision_id is not None:
            return see(url_for("calls.end", call_id=call_id))
        so_far = self._handling.so_far(draft)
        if draft.holder != caller_of_request():
            return self._of_colleague(so_far)
        if draft.way is Way.FORM:
            return see(url_for("calls.form", call_id=call_id))
        return self._shown(so_far, so_far.question)

    def question(self, call_id: UUID, name: str) -> AnyResponse:
        """The call, with a question of it that somebody chose."""
        question = self._question(name)
        draft = self._keeper.of(str(call_id), caller_of_request())
        return self._shown(self._handling.so_far(draft), question)

    def jump(self, call_id: UUID) -> AnyResponse:
        """To the question that is chosen from the list of all."""
        name = request.form.get("to", "")
        if self._questions.get(name) is None:
            return see(url_for("calls.one", call_id=call_id))
        return see(url_for("calls.question", call_id=call_id, name=name, _anchor="question"))

    def answer(self, call_id: UUID, name: str) -> AnyResponse:
        """Do with a question what the button says that was pressed."""
        question, button = self._question(name), request.form.get("do", "save")
        if button == "keep":
            return self._kept(str(call_id), question)
        edit = answering.EDITS.get(button)
        if edit is None:
            return self._filled_in(str(call_id), question, button)
        so_far = self._change(str(call_id), lambda draft: edit(draft, question))
        if edit is answering.put_off and so_far.question == question:
            return self._last_put_off(so_far, question)
        return self.next_of(so_far)

    def _last_put_off(self, so_far: SoFar, question: Question) -> AnyResponse:
        """The first of what was put off before; where nothing was, that all the rest is known."""
        call_id = so_far.draft.id
        so_far = self._change(call_id, lambda each: answering.alone_put_off(each, question))
        if so_far.question != question:
            return self.next_of(so_far)
        if wants_part():
            return self._shown(so_far, None)
        return see(url_for("calls.check", call_id=call_id))

    def _filled_in(self, call_id: str, question: Question, button: str) -> AnyResponse:
        """Keep what was filled in; then the next question, or the one before."""
        values = {one: one.read(request.form) for one in question.fields}
        if not _is_said(question, values):
            return self._nothing_said(call_id, question, button)
        so_far = self._change(call_id, lambda each: answering.answered(each, question, values))
        if wrong := {one.path for one in question.fields} & so_far.wrong.keys():
            return self._shown(so_far, question, {path: so_far.wrong[path] for path in wrong})
        if button == "back":
            return self._back(so_far, question)
        if so_far.question == question:  # what was said does not settle it
            so_far = self._change(call_id, lambda each: answering.put_off(each, question))
        if so_far.question == question:
            return self._last_put_off(so_far, question)
        return self.next_of(so_far)

    def _kept(self, call_id: str, question: Question) -> AnyResponse:
        """Keep what somebody is still filling in, and go on with it."""
        values = {one: one.read(request.form) for one in question.fields}
        if _is_said(question, values):
            self._change(call_id, lambda each: answering.answered(each, question, values))
        return self._handling.parts.site.part("call/saved.html.j2")

    def _nothing_said(self, call_id: str, question: Question, button: str) -> AnyResponse:
        draft = self._keeper.of(call_id, caller_of_request())
        so_far = self._handling.so_far(draft)
        if button == "back":
            return self._back(so_far, question)
        return self._shown(so_far, question, {question.field.path: NOTHING_CHOSEN})

    def _back(self, so_far: SoFar, question: Question) -> AnyResponse:
        before = way_back(so_far.draft, question.name)
        found = self._questions.get(before) if before else None
        if wants_part():
            return self._shown(so_far, found or question)
        name = (found or question).name
        return see(url_for("calls.question", call_id=so_far.draft.id, name=name))

    def next_of(self, so_far: SoFar) -> AnyResponse:
        """The next question of a call that has changed."""
        if wants_part():
            return self._shown(so_far, so_far.question)
        return see(url_for("calls.one", call_id=so_far.draft.id))

    def _change(self, call_id: str, edit: answering.Change) -> SoFar:
        return self._keeper.change(call_id, caller_of_request(), edit)

    def _question(self, name: str) -> Question:
        return self._questions.get(name) or abort(HTTPStatus.NOT_FOUND)

    def _shown(
        self, so_far: SoFar, question: Question | None, wrong: Wrong | None = None
    ) -> Response:
        """The whole page, or the parts of it that an answer changes."""
        asked = self._asked(so_far, question, wrong or {}) if question else None
        told = {**self._handling.told(so_far), "asked": asked}
        site = self._handling.parts.site
        if wants_part():
            return self._part(so_far.draft, told)
        status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
        return site.page("call/call.html.j2", "Call", status, **told)

    def _part(self, draft: Draft, told: Mapping[str, Any]) -> Response:
        answer = self._handling.parts.site.part("call/answered.html.j2", **told)
        answer.headers["HX-Replace-Url"] = url_for("calls.one", call_id=draft.id)
        return answer

    def _asked(self, so_far: SoFar, question: Question, wrong: Wrong) -> Asked:
        draft, missing = so_far.draft, so_far.decision.missing
        found = so_far.asked if so_far.question == question else None
        why = found or next((one for one in missing if one.answer in question.belongs), None)
        return Asked(
            question=question,
            why=why.why if why else "",
            said={one.path: _said(one, draft, sent=bool(wrong)) for one in question.fields},
            wrong=wrong,
            back=way_back(draft, question.name),
            is_answered=question.is_answered(draft.body),
        )

    def _of_colleague(self, so_far: SoFar) -> Response:
        self._keeper.seen(so_far.draft, caller_of_request())
        told = {**self._handling.told(so_far), "whose": whose(so_far.draft)}
        return self._handling.parts.site.page("call/colleague.html.j2", "Call", **told)


def _is_said(question: Question, values: Mapping[Field, Any]) -> bool:
    """Was anything said to a question itself, and not only beside it?"""
    filled = answering.filled({}, values)
    return question.is_answered(filled)


def _said(field: Field, draft: Draft, *, sent: bool) -> Said:
    """What stands in the boxes of a field: what was just sent, or is kept, or goes without saying.

    Scores that are taken down on a call were completed on its day.
    """
    if sent:
        return field.said_as(field.read(request.form))
    if field.name in COMPLETED_ON.values() and draft.way is Way.CALL:
        today = local_day(answering.received_at(draft)).isoformat()
        return field.said(draft.body) or field.said_as(today)
    return field.said(draft.body)


def way_back(draft: Draft, name: str) -> str | None:
    """The question that was answered before one; the last, where that is a new one."""
    before = draft.asked[: draft.asked.index(name)] if name in draft.asked else draft.asked
    return before[-1] if before else None


def see(address: str) -> AnyResponse:
    """Where to look after something was done."""
    return redirect(address, HTTPStatus.SEE_OTHER)
