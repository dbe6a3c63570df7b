"""Deciding otherwise, and confirming or taking back what waits for a second person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from schemas.overrides import OverrideReader
from triage import metrics
from triage.access import caller_of_request
from triage.errors import ConflictError, ReferralError
from triage.overrides import Made, Overrides
from triage.store.entries import Kind
from triage.web.decision.form import asked_in, errors_of, form_of
from triage.web.decision.looking import Looking, Seen
from triage.web.parts import Parts

ADDRESS = "/decisions/<uuid:decision_id>/override"

SINCE = (
    "Something was recorded about this decision while you filled this in. See what stands now, and"
    " send it again if it still holds"
)

NO_ERRORS: Mapping[str, str] = {}


def serve_overriding(blueprint: Blueprint, looking: Looking, parts: Parts) -> None:
    """Add the pages on which a clinician decides otherwise."""
    pages = OverridingPages(looking, parts)
    rules = (
        (ADDRESS, "override_form", pages.form, "GET"),
        (ADDRESS, "override", pages.override, "POST"),
        (f"{ADDRESS}/<uuid:override_id>/confirm", "confirm", pages.confirm, "POST"),
        (f"{ADDRESS}/<uuid:override_id>/withdraw", "withdraw", pages.withdraw, "POST"),
    )
    for address, endpoint, view, method in rules:
        blueprint.add_url_rule(address, endpoint, view, methods=[method])


class OverridingPages:
    """Takes down what clinicians make of decisions. Safe for many threads."""

    def __init__(self, looking: Looking, parts: Parts) -> None:
        self._looking, self._site, self._rulebook = looking, parts.site, parts.rulebook
        self._overrides = Overrides(parts.rulebook, parts.log, parts.telling)
        self._reader = OverrideReader(parts.rulebook.vocabulary)

    def form(self, decision_id: UUID) -> Response:
        """The form, below what stands."""
        seen = self._looking.at(decision_id, "override form")
        return self._shown(seen, NO_ERRORS, HTTPStatus.OK)

    def override(self, decision_id: UUID) -> AnyResponse:
        """Decide otherwise, and go back to the decision; or say at each field what is wrong."""
        seen = self._looking.at(decision_id, "override form")
        if request.form.get("seen") != str(newest_in(seen)):
            return self._shown(seen, {"route": SINCE}, HTTPStatus.CONFLICT)
        try:
            asked, now = asked_in(self._reader, request.form), datetime.now(UTC)
            made = self._overrides.override(str(decision_id), asked, caller_of_request(), now)
        except ReferralError as error:
            errors = errors_of(error, request.form)
            return self._shown(seen, errors, HTTPStatus.UNPROCESSABLE_ENTITY)
        except ConflictError as error:
            said = f"{str(error)[:1].upper()}{str(error)[1:]}"
            return self._shown(seen, {"route": said}, HTTPStatus.CONFLICT)
        metrics.overridden(asked.route)
        return _back(decision_id, made)

    def confirm(self, decision_id: UUID, override_id: UUID) -> AnyResponse:
        """Put a lower urgency in force, as the second person. Raises ``ConflictError``.

        Raises ``LogError`` where the record cannot be relied on: nothing is lowered on that.
        """
        self._looking.proved_at(decision_id, "confirmation")
        by = caller_of_request()
        return _back(decision_id, self._overrides.confirm(str(decision_id), str(override_id), by))

    def withdraw(self, decision_id: UUID, override_id: UUID) -> AnyResponse:
        """Take back what waits for a second person. Raises ``ConflictError``."""
        by = caller_of_request()
        return _back(decision_id, self._overrides.withdraw(str(decision_id), str(override_id), by))

    def _shown(self, seen: Seen, errors: Mapping[str, str], status: HTTPStatus) -> Response:
        form = form_of(self._rulebook, seen.stands, request.form, errors)
        return self._site.page(
            "decision/override.html.j2",
            "Decide otherwise",
            status,
            seen=seen,
            stands=seen.stands,
            told=seen.stands.told,
            asked=form,
            newest=newest_in(seen),
        )


def newest_in(seen: Seen) -> int:
    """The number of the newest entry about a decision that is more than a look at it.

    A form sends back the one it was shown beside, so that nobody decides otherwise unseen.
    """
    entries = seen.record.history["entries"]
    return max(int(one["sequence"]) for one in entries if one["kind"] != Kind.VIEW)


def _back(decision_id: UUID, made: Made) -> AnyResponse:
    """To the decision, which says what was recorded just now."""
    at = url_for("decision.page", decision_id=decision_id, recorded=made.entry.sequence)
    return redirect(at, HTTPStatus.SEE_OTHER)
