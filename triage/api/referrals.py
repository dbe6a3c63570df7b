"""Referrals come in here, and decisions go out."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from flask import Response, request

from schemas.referral import ReferralReader
from triage import metrics
from triage.access import caller_of_request
from triage.api.calls import Calls
from triage.api.idempotency import idempotency_key
from triage.api.responses import json_response
from triage.api.strict_json import check_content_type, read_json
from triage.decide import Decider
from triage.errors import EngineError, ReferralError
from triage.live_call import LiveCall
from triage.noted import note
from triage.recording import Recorder

Doc = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Deciding:
    """What ``POST /v1/triage`` needs; ``doc`` is what the OpenAPI document says of it."""

    reader: ReferralReader
    decider: Decider
    live_call: LiveCall
    doc: Doc


@dataclass(frozen=True, slots=True)
class Recording:
    """What ``POST /v1/referrals`` needs; ``doc`` is what the OpenAPI document says of it."""

    reader: ReferralReader
    recorder: Recorder
    doc: Doc


def triage_blueprint(deciding: Deciding, recording: Recording) -> Calls:
    """``POST /v1/triage`` and ``/v1/referrals``."""
    calls = Calls("triage", __name__, description="Decide where a referral goes.")

    @calls.call("POST", "/triage", deciding.doc)
    def decide() -> Response:
        """Decide, and record nothing.

        Send what is known so far: ``live`` says what may still come of it, and what to ask next.
        """
        referral = deciding.reader.read(json_body(deciding.reader.names), datetime.now(UTC))
        with metrics.deciding():
            decision = deciding.decider.decide(referral)
        note(decision, recorded=False)
        live = deciding.live_call.live(deciding.decider.known(referral))
        return json_response(live.beside(decision))

    @calls.call("POST", "/referrals", recording.doc)
    def record() -> Response:
        """Decide, and record the decision.

        Answered only when the record is durable. Sent again with the same Idempotency-Key and body,
        it gives the first decision again.
        """
        key = idempotency_key(request.headers.get("Idempotency-Key"))
        body = json_body(recording.reader.names)
        caller = caller_of_request()
        retry = recording.recorder.retry(caller, key, body)
        try:
            referral = recording.reader.read(body, datetime.now(UTC))
            answered = recording.recorder.record(referral, caller, retry)
        except (ReferralError, EngineError):
            before = recording.recorder.before(retry)  # under rules that were others then
            if before is None:
                raise
            answered = before
        answer = Response(answered.body, HTTPStatus.CREATED, content_type="application/json")
        answer.headers["Location"] = f"/v1/decisions/{answered.decision_id}"
        if answered.repeated:
            answer.headers["Idempotent-Replayed"] = "true"
        return answer

    return calls


def json_body(names: Container[str] = ()) -> Any:
    """What the request holds, as a JSON value. Raises ``BodyError``, with the names it may tell."""
    check_content_type(request.content_type, request.content_encoding)
    return read_json(request.get_data(), names)
