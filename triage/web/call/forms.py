"""Whole forms of a call: who is referred, and a referral from a letter on one page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from triage.access import caller_of_request
from triage.domain.drafts import Draft
from triage.web.call import answering
from triage.web.call.asking import see
from triage.web.call.boxes import Said
from triage.web.call.faults import Wrong
from triage.web.call.fields import Field
from triage.web.call.following import SoFar
from triage.web.call.handling import Handling
from triage.web.call.person import RECEIVED
from triage.web.call.questions import Questions
from triage.web.call.ratings import INTRODUCTION
from triage.web.call.shown import changed, shown
from triage.web.site import wants_part


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that are headed together. ``is_folded``: shown only where somebody wants them."""

    title: str
    fields: Sequence[Field]
    introduction: str = ""
    is_folded: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A form: its name among the pages, its title, and its fields."""

    name: str
    title: str
    groups: Sequence[Group]

    @property
    def fields(self) -> list[Field]:
        """Every field of it."""
        return [field for group in self.groups for field in group.fields]


def serve_forms(blueprint: Blueprint, handling: Handling) -> None:
    """``/call/{id}/person``, ``/ratings`` and ``/form``, to look at and to fill in."""
    for sheet in _sheets(handling.questions):
        pages, path = Pages(handling, sheet), f"/call/<uuid:call_id>/{sheet.name}"
        blueprint.add_url_rule(path, sheet.name, pages.page)
        blueprint.add_url_rule(path, f"keep_{sheet.name}", pages.keep, methods=["POST"])


def _sheets(questions: Questions) -> Iterator[Sheet]:
    """Every form: two that go with a call, and that of a letter, which has everything."""
    person = Group("The person and who refers", questions.person)
    rated = Group("A clinician's ratings", questions.ratings, INTRODUCTION)
    answers = (Group(words, fields) for words, fields in questions.groups_of_fields().items())
    folded = replace(rated, is_folded=True)
    letter = (Group("The letter", (RECEIVED,)), person, *answers, folded)
    yield Sheet("person", "Who is referred", (person,))
    yield Sheet("ratings", "Ratings", (rated,))
    yield Sheet("form", "Referral from a letter", letter)


class Pages:
    """The pages of one form."""

    def __init__(self, handling: Handling, sheet: Sheet) -> None:
        self._handling, self._sheet = handling, sheet

    def page(self, call_id: UUID) -> AnyResponse:
        """The form, with what is known."""
        draft = self._handling.keeper.of(str(call_id), caller_of_request())
        so_far = self._handling.so_far(draft)
        said = {one.path: one.said(draft.body) for one in self._sheet.fields}
        return self._shown(so_far, said, self._wrong(so_far))

    def keep(self, call_id: UUID) -> AnyResponse:
        """Keep what was filled in. What is wrong of it is kept as well, and said."""
        values = {one: one.read(request.form) for one in self._sheet.fields}
        new = changed(values, request.form)
        so_far = self._handling.keeper.change(
            str(call_id), caller_of_request(), lambda draft: self._filled(draft, new)
        )
        wrong = self._wrong(so_far)
        if wants_part():
            said = {one.path: one.said_as(value) for one, value in values.items()}
            return self._kept(so_far, wrong, said)
        if wrong:
            said = {one.path: one.said(so_far.draft.body) for one in self._sheet.fields}
            return self._shown(so_far, said, wrong, HTTPStatus.UNPROCESSABLE_ENTITY)
        return see(url_for(self._onward(), call_id=call_id))

    def _kept(self, so_far: SoFar, wrong: Wrong, said: Mapping[str, Said]) -> Response:
        """That it was kept. The boxes of this window show what they did, whatever else is kept."""
        told = {**self._handling.told(so_far), "wrong": wrong, "doubts": doubts(so_far)}
        return self._handling.parts.site.part("call/kept.html.j2", **told, shown=shown(said))

    def _filled(self, draft: Draft, values: Mapping[Field, Any]) -> Draft:
        body = answering.filled(draft.body, values)
        return self._handling.questions.counted(replace(draft, body=body))

    def _onward(self) -> str:
        """The page that the button leads to which was pressed."""
        asked_for = {"check": "calls.check", "stay": f"calls.{self._sheet.name}"}
        return asked_for.get(request.form.get("do", ""), "calls.one")

    def _wrong(self, so_far: SoFar) -> Wrong:
        own = {one.path for one in self._sheet.fields}
        return {path: says for path, says in so_far.wrong.items() if path in own}

    def _shown(
        self,
        so_far: SoFar,
        said: Mapping[str, Said],
        wrong: Wrong,
        status: HTTPStatus = HTTPStatus.OK,
    ) -> Response:
        told = {**self._handling.told(so_far), "sheet": self._sheet, "said": said}
        unfolded = {one.title for one in self._sheet.groups if _is_filled(one, said)}
        return self._handling.parts.site.page(
            "call/form.html.j2",
            self._sheet.title,
            status,
            **told,
            unfolded=unfolded,
            shown=shown(said),
            wrong=wrong,
            doubts=doubts(so_far),
        )


def _is_filled(group: Group, said: Mapping[str, Said]) -> bool:
    return any(said[one.path] for one in group.fields)


DOUBTS = {"nhs_number_check": "patient.nhs_number", "age_check": "patient.age"}
"""The alerts that say that a field may not be right, and the field."""


def doubts(so_far: SoFar) -> Mapping[str, str]:
    """What may not be right and is kept all the same, by the path of its field."""
    alerts = so_far.decision.alerts
    return {DOUBTS[one.id]: one.because for one in alerts if one.id in DOUBTS}
