"""The answer to a message, in the shape of BaRS: the decision, and everything that follows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID, uuid5

from triage.fhir import systems
from triage.fhir.findings import Finding
from triage.fhir.outcome import operation_outcome
from triage.fhir.writing.answering import Answering
from triage.fhir.writing.bars import RESPONSE, RESPONSE_DEFINITION
from triage.fhir.writing.draft import Draft
from triage.fhir.writing.elements import Element, coding, identifier, present
from triage.fhir.writing.links import GUIDANCE, OUTCOME, SERVICE_REQUEST
from triage.fhir.writing.terms import SOFTWARE, Terms

PROCESS_MESSAGE = "$process-message"


def response_bundle(draft: Draft, entries: Iterable[tuple[str, Element]]) -> Element:
    """The Bundle of an answer: ``entries`` by the names that links have for them, in order.

    Its id is always the same for the same answer: that of the delivery, where it is one.
    """
    answering, message_id = draft.answering, _message_id(draft)
    header_id = str(uuid5(UUID(message_id), "MessageHeader"))
    header = {"fullUrl": f"urn:uuid:{header_id}", "resource": _header(draft, header_id)}
    return {
        "resourceType": "Bundle",
        "id": message_id,
        "identifier": _identifier(answering, message_id, draft.terms),
        "type": "message",
        "timestamp": draft.decided_at,
        "entry": [header, *[_entry(draft, name, one) for name, one in entries]],
    }


def outcome_entry(draft: Draft, findings: Sequence[Finding]) -> list[tuple[str, Element]]:
    """What was found in the message that is answered, where anything was."""
    if not findings:
        return []
    return [(OUTCOME, operation_outcome(findings, id_=draft.links.id(OUTCOME)))]


def _entry(draft: Draft, name: str, resource: Element) -> Element:
    return {"fullUrl": draft.links.full_url(name), "resource": resource}


def _message_id(draft: Draft) -> str:
    """The id of the answer: another where something else is answered, or something else stands."""
    referred, answering = draft.referred, draft.answering
    if answering.delivery:
        return answering.delivery
    taken_back = referred.cancelled.value if referred.cancelled else ""
    told = (answering.message_id or "", referred.stands.by, taken_back)
    return str(uuid5(UUID(referred.id), "|".join(("Bundle", *told))))


def _identifier(answering: Answering, message_id: str, terms: Terms) -> Element:
    if answering.delivery:
        return identifier(terms.own.identifier("delivery"), message_id)
    return identifier(systems.UUIDS, f"urn:uuid:{message_id}")


def _header(draft: Draft, header_id: str) -> Element:
    answering, terms, links = draft.answering, draft.terms, draft.links
    title = terms.rulebook.title
    return present(
        {
            "resourceType": "MessageHeader",
            "id": header_id,
            "extension": [_software(draft)],
            "eventCoding": RESPONSE,
            "destination": [{"endpoint": answering.endpoint}] if answering.endpoint else None,
            "sender": {"type": "Organization", "display": title},
            "source": {
                "name": title,
                "software": SOFTWARE,
                "version": terms.version,
                "endpoint": f"{terms.base}/{PROCESS_MESSAGE}",
            },
            "reason": _reason(answering),
            "response": {"identifier": answering.header_id or draft.referred.id, "code": "ok"},
            "focus": [links.to(SERVICE_REQUEST), links.to(GUIDANCE)],
            "definition": RESPONSE_DEFINITION,
        }
    )


def _reason(answering: Answering) -> Element | None:
    """Why the message was sent that is answered, where it said."""
    if answering.reason is None:
        return None
    return {"coding": [coding(systems.MESSAGE_REASONS, answering.reason)]}


def _software(draft: Draft) -> Element:
    """By which rulebook it was decided, where BaRS names the software that supports decisions."""
    rulebook = draft.referred.decision["rulebook"]
    return {
        "extension": [
            {"url": "RequesterCDSSsoftware", "valueString": rulebook["id"]},
            {"url": "RequesterCDSSversion", "valueString": rulebook["version"]},
        ],
        "url": systems.CDSS,
    }
