"""The decision page: from answers to levels to route, and whether it is proved."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request

from triage.access import caller_of_request
from triage.access.roles import SEE_CHANGES
from triage.api.requests import request_id
from triage.domain.rules import Authority
from triage.errors import LogError
from triage.feedback.moments import moment_words
from triage.feedback.wording import words
from triage.logs import logger, of_error
from triage.web.decision.answers import Given, answers_of
from triage.web.decision.levels import ROWS, levels_of, marked_in
from triage.web.decision.looking import Looking, Seen
from triage.web.decision.overriding import serve_overriding
from triage.web.decision.papers import MAKES_PDF, serve_papers
from triage.web.decision.reasons import Reasons
from triage.web.decision.record import reading
from triage.web.decision.timeline import Event, Reader, Timeline, timeline_of
from triage.web.decision.values import own_words
from triage.web.decision.why import Workings
from triage.web.parts import Parts
from triage.web.site import Site, may

LOG = logger("triage.web.decision")

COLOURS = {Authority.NATIONAL: "blue", Authority.STATED: "aqua-green", Authority.LOCAL: "yellow"}
"""The tag of each authority, which says in words what it is."""


def decision_blueprint(parts: Parts) -> Blueprint:
    """``/decisions/{id}`` and the pages that belong to it."""
    blueprint = Blueprint("decision", __name__)
    looking = Looking(parts.log, parts.shelf)
    page = DecisionPage(parts, looking)
    blueprint.add_url_rule("/decisions/<uuid:decision_id>", "page", page.answer)
    blueprint.register_error_handler(LogError, page.damaged)
    serve_overriding(blueprint, looking, parts)
    serve_papers(blueprint, looking, parts.site)
    return blueprint


class DecisionPage:
    """Shows decisions. Safe for many threads."""

    def __init__(self, parts: Parts, looking: Looking) -> None:
        self._site: Site = parts.site
        self._looking, self._workings = looking, Workings(parts.explanations, parts.replayer)

    def answer(self, decision_id: UUID) -> Response:
        """A decision, with everything that was recorded about it and what came of checking that.

        Raises ``LogError`` where it cannot be read.
        """
        seen = self._looking.at(decision_id, "page")
        with reading(seen.record.recorded.entry.sequence):
            told = {
                **self._of_rules(seen),
                **_of_history(seen),
                **self._worked_out(seen),
                **_of_proof(seen),
            }
        return self._site.page(
            "decision/page.html.j2",
            seen.stands.told.heading,
            seen=seen,
            stands=seen.stands,
            told=seen.stands.told,
            makes_pdf=MAKES_PDF,
            **told,
        )

    def damaged(self, error: LogError) -> Response:
        """The page in the place of a decision that cannot be read, or not relied on."""
        LOG.error("log_unavailable", request_id=request_id(), **of_error(error))
        title = "This record cannot be relied on"
        status = HTTPStatus.CONFLICT
        return self._site.page("decision/damaged.html.j2", title, status, problem=str(error))

    def _of_rules(self, seen: Seen) -> Mapping[str, Any]:
        """Answers, levels and rules, in the words of the rulebook that decided."""
        decision, referral, own = seen.record.decision, seen.record.referred.referral, seen.own
        declined = frozenset(referral["declined"])
        return {
            "answers": answers_of(referral, own.vocabulary, own_words(decision["reasoning"])),
            "levels": levels_of(decision, own),
            "levels_printed": ROWS,
            "marked": marked_in(decision),
            "rulesets": Reasons(own, self._looking.today).of(decision, declined),
            "colours": COLOURS,
            "missing": tuple(
                Given(words(one["question"]), words(one["why"])) for one in decision["missing"]
            ),
        }

    def _worked_out(self, seen: Seen) -> Mapping[str, Any]:
        entry, with_changes = seen.record.recorded.entry, caller_of_request().role in SEE_CHANGES
        return {
            "why": self._workings.why(entry, seen.names, with_changes=with_changes),
            "again": self._workings.again(entry),
        }


def _of_history(seen: Seen) -> Mapping[str, Any]:
    caller, record = caller_of_request(), seen.record
    timeline = timeline_of(record.history, Reader(caller, seen.names, record.told))
    return {
        "timeline": timeline,
        "notice": _just_recorded(timeline),
        "may_override": may(caller, "decision.override"),
    }


def _of_proof(seen: Seen) -> Mapping[str, Any]:
    """Which rules decided, and when the head was signed that proves it."""
    found = seen.proved.own.inclusion
    return {
        "book": seen.record.decision["rulebook"],
        "signed_at": f"signed at {moment_words(found.head.head.at)}" if found else "",
    }


def _just_recorded(timeline: Timeline) -> Event | None:
    """The event that the address names, which is how a form that was sent leads back here."""
    recorded = request.args.get("recorded", "")
    is_number = recorded.isascii() and recorded.isdigit()
    return timeline.event(int(recorded)) if is_number else None
