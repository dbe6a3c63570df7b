"""Calls change hands, or are thrown away: each only once it was said what that means."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from triage.access import caller_of_request
from triage.calls_noted import What, note
from triage.domain.drafts import Draft
from triage.errors import ChangedError
from triage.web.call.asking import see
from triage.web.call.handling import Handling, whose

STALE = "somebody changed this call after you looked at it"


def serve_handing(blueprint: Blueprint, handling: Handling) -> None:
    """``/call/{id}/offer``, ``/take`` and ``/discard``."""
    handing = Handing(handling)
    post = ["POST"]
    blueprint.add_url_rule("/call/<uuid:call_id>/offer", "offer", handing.offer, methods=post)
    blueprint.add_url_rule("/call/<uuid:call_id>/take", "taking", handing.taking)
    blueprint.add_url_rule("/call/<uuid:call_id>/take", "take", handing.take, methods=post)
    blueprint.add_url_rule("/call/<uuid:call_id>/discard", "discarding", handing.discarding)
    path = "/call/<uuid:call_id>/discard"
    blueprint.add_url_rule(path, "discard", handing.discard, methods=post)


class Handing:
    """Hands calls on."""

    def __init__(self, handling: Handling) -> None:
        self._handling, self._keeper = handling, handling.keeper

    def offer(self, call_id: UUID) -> AnyResponse:
        """Ask a colleague to take a call; or no longer."""
        offered, by = request.form.get("offered") == "yes", caller_of_request()
        so_far = self._keeper.change(
            str(call_id), by, lambda draft: replace(draft, offered=offered)
        )
        if offered:
            note(self._handling.parts.log, so_far.draft, What.OFFERED, by)
        return see(url_for("calls.one", call_id=call_id))

    def taking(self, call_id: UUID) -> AnyResponse:
        """Ask whether somebody means to take a call from a colleague."""
        draft = self._keeper.one(str(call_id))
        if draft.decision_id is not None or draft.holder == caller_of_request():
            return see(url_for("calls.one", call_id=call_id))
        told = {**self._handling.told(self._handling.so_far(draft)), "whose": whose(draft)}
        return self._handling.parts.site.page("call/taking.html.j2", "Take over this call?", **told)

    def take(self, call_id: UUID) -> AnyResponse:
        """Take a call over."""
        draft, by = self._keeper.one(str(call_id)), caller_of_request()
        if draft.holder != by:
            self._check_version(draft)
            self._keeper.take(draft, by)
        return see(url_for("calls.one", call_id=call_id))

    def discarding(self, call_id: UUID) -> AnyResponse:
        """Ask whether a call is to be thrown away, and say what would be lost."""
        draft = self._keeper.of(str(call_id), caller_of_request())
        told = self._handling.told(self._handling.so_far(draft))
        return self._handling.parts.site.page(
            "call/discarding.html.j2", "Throw this call away?", **told
        )

    def discard(self, call_id: UUID) -> AnyResponse:
        """Throw a call away."""
        draft = self._keeper.of(str(call_id), caller_of_request())
        self._check_version(draft)
        self._keeper.discard(draft, caller_of_request())
        return see(url_for("calls.desk"))

    def _check_version(self, draft: Draft) -> None:
        if request.form.get("version") != str(draft.version):
            raise ChangedError(STALE)
