"""Answers to a questionnaire come in, and what they would come to goes out: nothing is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from flask import Response

from schemas.referral import ReferralReader
from triage import metrics
from triage.api.calls import Calls
from triage.api.fhir.answering import check_accept, fhir_response
from triage.api.fhir.described import posted_doc
from triage.api.fhir.messages import distinct, fhir_json
from triage.decide import Decider
from triage.errors import ReferralError
from triage.fhir.faults import findings_of
from triage.fhir.findings import Finding, FindingsError
from triage.fhir.outcome import operation_outcome
from triage.fhir.r4 import faults_of
from triage.fhir.reading import MessageReader, Read
from triage.fhir.writing import Answering, DecisionWriter
from triage.noted import note

FOUND = "found"
"""The id of what was found in the answers, contained in the guidance."""

ASKED = ("QuestionnaireResponse", "Parameters")
"""What may be posted."""


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What ``POST /fhir/QuestionnaireResponse/$triage`` needs."""

    messages: MessageReader
    referrals: ReferralReader
    decider: Decider
    writer: DecisionWriter


def serve_what_if(calls: Calls, needs: WhatIf) -> None:
    """Serve ``POST /fhir/QuestionnaireResponse/$triage``."""

    @calls.call("POST", "/QuestionnaireResponse/$triage", posted_doc(_SAID, *ASKED))
    def triage() -> Response:
        """Decide on the answers in a QuestionnaireResponse, and record nothing.

        It may come in Parameters, with the Patient and Observations beside it.
        """
        check_accept()
        sent, now = fhir_json(), datetime.now(UTC)
        read = _read(needs.messages, sent)
        try:
            known = needs.decider.known(needs.referrals.read(dict(read.body), now))
        except ReferralError as error:
            found = [*read.findings, *findings_of(error.faults, read)]
            raise FindingsError(HTTPStatus.UNPROCESSABLE_ENTITY, found) from None
        with metrics.deciding():
            decision = needs.decider.conclude(known)
        note(decision, recorded=False)
        asked = Answering(message_id=_identifier(sent))
        guidance = needs.writer.guidance_of_what_if(decision.as_dict(), known, asked)
        return fhir_response(_with_findings(guidance, read.findings))


_SAID = "What the answers would come to."


def _read(messages: MessageReader, sent: Any) -> Read:
    """The answers that were sent. Raises ``FindingsError`` where they cannot be used."""
    kind = sent.get("resourceType") if isinstance(sent, dict) else None
    faults = faults_of(sent, kind if kind in ASKED else "QuestionnaireResponse")
    read = messages.questionnaire_response(sent)
    if any(one.refuses for one in faults):
        raise FindingsError(HTTPStatus.BAD_REQUEST, distinct([*faults, *read.findings]))
    if any(one.refuses for one in read.findings):
        raise FindingsError(HTTPStatus.UNPROCESSABLE_ENTITY, read.findings)
    return read


def _identifier(sent: Mapping[str, Any]) -> str | None:
    """By what the sender knows the answers."""
    id_ = sent.get("id")
    return id_ if isinstance(id_, str) else None


def _with_findings(guidance: dict[str, Any], findings: tuple[Finding, ...]) -> dict[str, Any]:
    """The guidance with what was found in the answers, where anything was."""
    if not findings:
        return guidance
    told = {"id": FOUND, **operation_outcome(findings)}
    evaluated = [*guidance.get("evaluationMessage", []), {"reference": f"#{FOUND}"}]
    contained = [*guidance["contained"], told]
    return {**guidance, "contained": contained, "evaluationMessage": evaluated}
