"""Clinicians decide otherwise here, and here is read what became of a decision."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Response, request

from schemas.overrides import OverrideReader, read_days
from triage import metrics
from triage.access import caller_of_request
from triage.access.roles import SEE_VIEWS
from triage.api.calls import Calls
from triage.api.described_overrides import (
    confirm_doc,
    history_doc,
    most_overridden_doc,
    override_doc,
    withdraw_doc,
)
from triage.api.referrals import json_body
from triage.api.responses import json_response
from triage.domain.overriding import Standing
from triage.domain.telling import Telling
from triage.overrides import Made, Overrides, history_of, rules_most_overridden
from triage.reading import note_view
from triage.rulebook import Rulebook
from triage.store.log import DecisionLog


def serve_overrides(calls: Calls, log: DecisionLog, rulebook: Rulebook, telling: Telling) -> None:
    """Add to the calls of decisions those by which they are overridden, and the history."""
    overrides, reader = Overrides(rulebook, log, telling), OverrideReader(rulebook.vocabulary)

    @calls.call("GET", "/decisions/<uuid:decision_id>/history", history_doc())
    def history(decision_id: UUID) -> Response:
        """What stands of a decision, and everything that was recorded about it."""
        caller = caller_of_request()
        told = history_of(log, str(decision_id), with_views=caller.role in SEE_VIEWS)
        note_view(log, caller, str(decision_id), "history")
        return json_response(told)

    @calls.call(
        "POST", "/decisions/<uuid:decision_id>/override", override_doc(reader.schema, rulebook)
    )
    def override(decision_id: UUID) -> Response:
        """Decide otherwise: another route or urgency. The first decision stays as it was.

        A lower urgency than what stands is in force only when a second person has confirmed it.
        """
        asked, caller = reader.read(json_body(reader.names)), caller_of_request()
        made = overrides.override(str(decision_id), asked, caller, datetime.now(UTC))
        metrics.overridden(asked.route)
        waits = made.override.standing is Standing.AWAITING
        return _answer(decision_id, made, HTTPStatus.ACCEPTED if waits else HTTPStatus.CREATED)

    @calls.call("POST", f"{_OVERRIDE}/confirm", confirm_doc(rulebook))
    def confirm(decision_id: UUID, override_id: UUID) -> Response:
        """Put an override that lowers the urgency in force, as the second person."""
        made = overrides.confirm(str(decision_id), str(override_id), caller_of_request())
        return _answer(decision_id, made, HTTPStatus.CREATED)

    @calls.call("POST", f"{_OVERRIDE}/withdraw", withdraw_doc(rulebook))
    def withdraw(decision_id: UUID, override_id: UUID) -> Response:
        """Take back an override that waits for a second person."""
        made = overrides.withdraw(str(decision_id), str(override_id), caller_of_request())
        return _answer(decision_id, made, HTTPStatus.CREATED)


_OVERRIDE = "/decisions/<uuid:decision_id>/override/<uuid:override_id>"


def overrides_blueprint(log: DecisionLog, rulebook: Rulebook) -> Calls:
    """``GET /v1/overrides``."""
    calls = Calls("overrides", __name__, description="Learn from what clinicians overrode.")

    @calls.call("GET", "/overrides", most_overridden_doc())
    def most_overridden() -> Response:
        """The rules most overridden, of decisions made in a span of days.

        The counts are exact and never suppressed: the list is for those who look after the rules.
        """
        first, last = read_days(dict(request.args.lists()))
        return json_response(rules_most_overridden(log, rulebook, first, last))

    return calls


def _answer(decision_id: UUID, made: Made, status: HTTPStatus) -> Response:
    """An override as it stands, with the entry that was just recorded about it."""
    override, entry = made.override, made.entry
    told: dict[str, Any] = {
        "override_id": override.id,
        "decision_id": str(decision_id),
        "standing": override.standing.value,
        **{name: override.entry[name] for name in _TOLD},
        "entry": {
            "id": entry.id,
            "kind": entry.content["kind"],
            "sequence": entry.sequence,
            "at": entry.at,
        },
    }
    answer = json_response(told, status)
    answer.headers["Location"] = f"/v1/decisions/{decision_id}/history"
    return answer


_TOLD = ("route", "urgency", "team", "respond_by", "reason", "lowers", "from", "rulebook")
"""What an answer tells of an override as the log has it."""
