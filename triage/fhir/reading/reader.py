"""Reads any JSON value as a referral, by one vocabulary."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from triage.domain.vocabulary import Vocabulary
from triage.fhir.findings import Finding
from triage.fhir.reading.codebook import SOURCE, Codebook
from triage.fhir.reading.days import day_of
from triage.fhir.reading.elements import Element
from triage.fhir.reading.envelopes import NO_REQUEST, Envelope, find_request, placed_alone
from triage.fhir.reading.gravest import gravest
from triage.fhir.reading.headers import Wanted, wanted
from triage.fhir.reading.identity import message_id, request_identities
from triage.fhir.reading.instruments import Days, instruments_of
from triage.fhir.reading.message import Asks, Message
from triage.fhir.reading.people import find_person, subject_of
from triage.fhir.reading.read import Read
from triage.fhir.reading.requests import faults_of_request
from triage.fhir.reading.said import error, warning
from triage.fhir.reading.sent import Placed, Resource, Sent
from triage.fhir.reading.settling import Settling
from triage.fhir.reading.telling import Telling, Told


class MessageReader:
    """Reads messages, questionnaires and any resources. Made once; safe for many threads.

    Nothing that is sent makes it raise: what cannot be read becomes a finding.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        instruments = instruments_of(vocabulary)
        self._book = book = Codebook(vocabulary)
        self._telling = Telling(book, Days(instruments))
        self._settling = Settling(book, instruments)

    def message(self, bundle: Any) -> Message:
        """The message in what should be a message Bundle.

        Days are counted from that on which the request was written, or else the message, so that
        a message which comes again is read the same.
        """
        envelope = Envelope.of(bundle)
        header, sent = envelope.header, envelope.sent
        request, doubts = find_request(sent, header)
        person, unclear = find_person(sent, request)
        asked = wanted(header, request)
        told = Told(sent, person, request, header, _written(request, envelope.bundle))
        read = _as_asked(self._read(told, unclear), asked)
        faults = (
            *envelope.faults(),
            *asked.findings,
            *_no_request(envelope, asked),
            *faults_of_request(request),
            *doubts,
        )
        return Message(
            id=message_id(envelope.bundle, header),
            asks=asked.asks,
            as_cancelled=asked.as_cancelled,
            request_identities=request_identities(request),
            header=header.json if header else {},
            request=request.json if request else {},
            patient=person.patient.json if person.patient else {},
            read=self._told(read, faults),
        )

    def questionnaire_response(self, value: Any) -> Read:
        """The referral in a QuestionnaireResponse, or in Parameters that hold one and more.

        Everything in it must be about one person.
        """
        placed = placed_alone(value, "")
        sent = Sent([placed])
        return self._of_resources(sent, None, [*_no_response(placed, sent)], of_one=True)

    def resources(self, placed: Sequence[Placed], received: date | None = None) -> Read:
        """The referral in any resources, Bundles and Parameters among them.

        Days are counted back from ``received``, or else from when the request was written.
        """
        return self._of_resources(Sent(placed), received, [], of_one=False)

    def _of_resources(
        self, sent: Sent, received: date | None, faults: Sequence[Finding], *, of_one: bool
    ) -> Read:
        request, doubts = find_request(sent, None)
        person, unclear = find_person(sent, request or _answering(sent))
        today = received or _written(request)
        told = Told(sent, person, request, None, today, of_one=of_one)
        found = (*faults, *sent.faults, *faults_of_request(request), *doubts)
        return self._told(self._read(told, unclear), found)

    def _told(self, read: Read, faults: Sequence[Finding]) -> Read:
        """What was read, with the findings that are told of it and of its wrapping."""
        return replace(read, findings=gravest((*faults, *read.findings), self._book))

    def _read(self, told: Told, doubts: Sequence[Finding]) -> Read:
        read = self._settling.settle([*doubts, *self._telling.said(told)])
        return _with_source(_with_patient(read, told), told)


def _written(request: Resource | None, bundle: Element | None = None) -> date | None:
    """On what day a request was written, or else the message."""
    written = day_of(request.json.get("authoredOn")) if request else None
    return written or (day_of(bundle.json.get("timestamp")) if bundle else None)


def _answering(sent: Sent) -> Resource | None:
    """The first answers that say whose they are, or else the first of all."""
    answers = [one for kind in ANSWERS for one in sent.of(kind)]
    return next((one for one in answers if subject_of(one)), next(iter(answers), None))


def _no_response(placed: Placed, sent: Sent) -> Iterator[Finding]:
    """That there are no answers where answers were to be sent, or that they came in a message."""
    if placed.expression not in ("QuestionnaireResponse", "Parameters"):
        yield error("structure", placed.expression, NEITHER)
    elif not sent.of("QuestionnaireResponse"):
        yield error("required", placed.expression, NO_RESPONSE)


def _no_request(envelope: Envelope, asked: Wanted) -> Iterator[Finding]:
    """That there is no request in a message that asks for something."""
    if asked.asks is not Asks.NOTHING_OF_OURS and not envelope.sent.of("ServiceRequest"):
        yield error("required", envelope.bundle.near("entry"), NO_REQUEST)


def _as_asked(read: Read, asked: Wanted) -> Read:
    """What was read, for what is asked: no fault of an answer keeps a request from being undone."""
    if asked.as_cancelled is None:
        return read
    return replace(read, findings=tuple(one for one in read.findings if not one.refuses))


def _with_patient(read: Read, told: Told) -> Read:
    """That there is a patient, though nothing is known of them; and where one would stand."""
    patient, subject = told.person.patient, told.person.subject
    known = patient or subject or told.request
    places = {"patient": known.at, **read.places} if known else read.places
    body = {"patient": {}, **read.body} if patient else read.body
    return replace(read, body=body, places=places)


def _with_source(read: Read, told: Told) -> Read:
    """That the source of referral is not known, which somebody should see to."""
    if told.request is None or SOURCE.name in (*read.body, *read.body.get("declined", ())):
        return read
    at = told.request.near("requester")
    findings = (*read.findings, warning("incomplete", at, NO_SOURCE))
    return replace(read, places={SOURCE.name: at, **read.places}, findings=findings)


ANSWERS = ("QuestionnaireResponse", "Observation")
"""The types of resources that answer what is asked."""

NEITHER = "This is neither a QuestionnaireResponse nor Parameters with one; send one of the two."

NO_RESPONSE = "There is no QuestionnaireResponse here; send one, alone or in Parameters."

NO_SOURCE = (
    "It cannot be told from this who refers, so the source of referral was left out. Give the ODS"
    " code of the practice, or the source by a code of our own in ServiceRequest.category."
)
