"""Why recorded decisions are as they are is told here."""

from __future__ import annotations

from functools import lru_cache
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Response

from schemas.explanation import ExplanationSchema
from triage.access import caller_of_request
from triage.access.roles import SEE_CHANGES
from triage.api.calls import Calls
from triage.api.decisions import seen
from triage.api.openapi import answers_with
from triage.api.responses import json_response
from triage.diagram import Diagram, Outcome
from triage.domain.pseudonymised import Pseudonymised
from triage.errors import LogError
from triage.explain import Explainer
from triage.replay import KEPT_READY, rulebook_in
from triage.rulebook import Rulebook
from triage.store.entries import Entry
from triage.store.log import DecisionLog


def serve_explanation(calls: Calls, log: DecisionLog, explanations: Explanations) -> None:
    """Add ``GET /v1/decisions/{id}/explanation`` to the calls about decisions."""

    @calls.call("GET", "/decisions/<uuid:decision_id>/explanation", _DOC)
    def explanation(decision_id: UUID) -> Response:
        """What alone decides a recorded decision, by the rulebook that made it.

        Clinicians and auditors are told, too, how few answers would have to be otherwise for
        another route. It is about the decision itself, whatever a clinician decided after it.
        """
        entry = seen(log, decision_id, "explanation").entry
        with_changes = caller_of_request().role in SEE_CHANGES
        return json_response(explanations.of(entry, with_changes=with_changes))


_DOC = answers_with(
    ExplanationSchema,
    "What alone decides it.",
    HTTPStatus.NOT_FOUND,
    HTTPStatus.CONFLICT,
    HTTPStatus.SERVICE_UNAVAILABLE,
)


class Explanations:
    """Explains decisions of one log, each by its own rulebook. Safe for many threads."""

    def __init__(self, log: DecisionLog) -> None:
        self._log = log
        self._ready = lru_cache(KEPT_READY)(self._made)

    def of(self, entry: Entry, *, with_changes: bool) -> dict[str, Any]:
        """The explanation of a decision, from its entry.

        Raises ``DisagreementError`` where there is none to give, and ``LogError`` where the entry
        or its rulebook is not what it should be.
        """
        try:
            content, decision = entry.content, entry.content["decision"]
            decided = Outcome(decision["route"]["id"], decision["urgency"])
            rulebook, explainer = self._ready(decision["rulebook"]["digest"])
            referral = Pseudonymised.from_dict(content["referral"], rulebook.vocabulary)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            problem = f"entry {entry.sequence} does not hold a decision that can be explained"
            raise LogError(problem) from error
        told = {
            "decision_id": content["id"],
            "route": decided.lead,
            "urgency": decided.urgency,
            "sufficient": explainer.sufficient(referral, decided).as_dict(),
        }
        if with_changes:
            told["changes"] = [one.as_dict() for one in explainer.changes(referral, decided)]
        return told

    def _made(self, digest: str) -> tuple[Rulebook, Explainer]:
        rulebook = rulebook_in(self._log, digest)
        if rulebook is None:
            raise LogError(f"the rulebook {digest} is not in the log")
        return rulebook, Explainer(rulebook, Diagram.of(rulebook))
