"""Messages in the shape of BaRS come in here, and are answered with the decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from flask import Response, request

from triage.access import caller_of_request
from triage.api.calls import Calls
from triage.api.fhir.answering import (
    SentBy,
    check_accept,
    check_content_type,
    fhir_response,
    headers_read,
)
from triage.api.fhir.described import posted_doc
from triage.api.lax_json import MOST_BYTES
from triage.api.strict_json import read_json
from triage.feedback import feedback_of
from triage.fhir.findings import Finding, FindingsError
from triage.fhir.r4 import faults_of
from triage.fhir.reading import MessageReader
from triage.fhir.reading.message import Message
from triage.fhir.writing import Answering, DecisionWriter
from triage.messaging import Messaging
from triage.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class MessageCalls:
    """What ``POST /fhir/$process-message`` needs."""

    reader: MessageReader
    messaging: Messaging
    writer: DecisionWriter
    rulebook: Rulebook


def serve_messages(calls: Calls, needs: MessageCalls) -> None:
    """Serve ``POST /fhir/$process-message``."""

    @calls.call("POST", "/$process-message", posted_doc(_SAID, "Bundle"))
    def process_message() -> Response:
        """Decide the referral in a message, and record the decision; or update it, or cancel it.

        Answered only when the record is durable. A message whose id came before gives the first
        decision again, and none is recorded twice.
        """
        check_accept()
        sent_by, bundle = headers_read(), fhir_json()
        message = read_message(needs.reader, bundle, sent_by)
        replied = needs.messaging.answer(message, caller_of_request(), datetime.now(UTC))
        told = feedback_of(replied.referred, needs.rulebook).as_text()
        return fhir_response(
            needs.writer.response_message(
                replied.referred, Answering.to(message), told, replied.findings
            )
        )


_SAID = "The decision, as a message that answers the one that was sent."


def fhir_json() -> Any:
    """What the request holds, as a JSON value. Raises ``BodyError`` and ``FindingsError``."""
    check_content_type()
    return read_json(request.get_data(), most_bytes=MOST_BYTES)


def read_message(reader: MessageReader, bundle: Any, sent_by: SentBy) -> Message:
    """The message in a Bundle. Raises ``FindingsError`` where it is no R4, with every fault."""
    faults = faults_of(bundle, type_of(bundle) or "Bundle")
    message = reader.message(bundle)
    if any(one.refuses for one in faults):
        raise FindingsError(HTTPStatus.BAD_REQUEST, distinct([*faults, *message.read.findings]))
    return sent_by.beside(message)


def type_of(sent: Any) -> str | None:
    """The type of a resource, where it names one."""
    named = sent.get("resourceType") if isinstance(sent, dict) else None
    return named if isinstance(named, str) and named.isalpha() else None


def distinct(findings: list[Finding]) -> list[Finding]:
    """Findings without those of a place of which another says already that it is wrong."""
    refused: set[str] = set()
    found = []
    for one in findings:
        if not one.refuses or one.expression not in refused:
            found.append(one)
        if one.refuses and one.expression:
            refused.add(one.expression)
    return found
