"""The desk: where calls begin, and where those in progress are found."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, Response, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from triage.access import caller_of_request
from triage.domain.drafts import Draft, Way
from triage.feedback.moments import moment_words
from triage.web.call.asking import see
from triage.web.call.danger import shown_before
from triage.web.call.handling import Handling, whose
from triage.web.call.side import Tag, urgency_tag

SELF = "B1"
"""The source of somebody who refers themselves (IAPT data set)."""

PRACTICE = "A1"
"""The source of a general practitioner."""


@dataclass(frozen=True, slots=True)
class InProgress:
    """A call in progress as the desk lists it, with the danger that was shown and taken back."""

    draft: Draft
    is_own: bool
    whose: str
    since: str
    route: str
    urgency: Tag
    is_danger: bool
    shown_before: str
    far: str


def serve_desk(blueprint: Blueprint, handling: Handling) -> None:
    """``GET`` and ``POST /call``."""
    desk = Desk(handling)
    blueprint.add_url_rule("/call", "desk", desk.page)
    blueprint.add_url_rule("/call", "begin", desk.begin, methods=["POST"])


class Desk:
    """Shows the calls in progress, and begins new ones."""

    def __init__(self, handling: Handling) -> None:
        self._handling = handling
        self._vocabulary = handling.parts.rulebook.vocabulary
        self._sources = self._vocabulary.sources_of_referral

    def page(self) -> Response:
        """The calls in progress, the most urgent first."""
        return self._shown()

    def begin(self) -> AnyResponse:
        """Begin a call, or a referral from a letter."""
        way = Way.FORM if request.form.get("way") == Way.FORM else Way.CALL
        source = request.form.get("source")
        if source is not None and source not in self._sources:
            return self._shown("Choose who rings")
        draft = self._handling.keeper.begin(way, source, caller_of_request())
        return see(url_for("calls.one", call_id=UUID(draft.id)))

    def _shown(self, wrong: str = "") -> Response:
        found = map(self._in_words_of_today, self._handling.parts.drafts.in_progress())
        listed = sorted(map(self._listed, found), key=self._first)
        return self._handling.parts.site.page(
            "call/desk.html.j2",
            "Calls",
            HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
            in_progress=listed,
            others=[one for one in self._sources.values() if one.id != SELF],
            self_source=SELF,
            practice=PRACTICE,
            wrong=wrong,
        )

    def _in_words_of_today(self, draft: Draft) -> Draft:
        """A draft as today's rules have it, where it was left under rules with other words."""
        vocabulary = self._vocabulary
        known = draft.urgency in vocabulary.urgencies and draft.route in vocabulary.routes
        return draft if known else self._handling.so_far(draft).draft

    def _listed(self, draft: Draft) -> InProgress:
        urgency = self._vocabulary.urgencies[str(draft.urgency)]
        return InProgress(
            draft=draft,
            is_own=draft.holder == caller_of_request(),
            whose=whose(draft),
            since=moment_words(draft.begun_at),
            route=self._vocabulary.routes[str(draft.route)].title,
            urgency=urgency_tag(urgency),
            is_danger=urgency.danger,
            shown_before=shown_before(draft, self._handling.parts.rulebook),
            far=_far(draft),
        )

    def _first(self, one: InProgress) -> tuple[tuple[int, int], str]:
        return self._vocabulary.urgencies[str(one.draft.urgency)].order, one.draft.begun_at


def _far(draft: Draft) -> str:
    """How far a call is, in words."""
    put_off = f", {len(draft.skipped)} put off" if draft.skipped else ""
    return f"{len(draft.asked)} answered{put_off}"
