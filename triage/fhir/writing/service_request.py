"""The request that a referral is, as it stands."""

from __future__ import annotations

from collections.abc import Iterator

from triage.fhir.writing.bars import REFERRAL
from triage.fhir.writing.draft import Draft
from triage.fhir.writing.elements import Element, concept, identifier, plain, present
from triage.fhir.writing.links import ANSWERS, GUIDANCE, SERVICE_REQUEST


def service_request(draft: Draft) -> Element:
    """The ServiceRequest of a referral: who asks, who acts, how soon, and by what route."""
    terms, referred = draft.terms, draft.referred
    stands = referred.stands
    return present(
        {
            "resourceType": "ServiceRequest",
            "id": draft.links.id(SERVICE_REQUEST),
            "identifier": list(_identifiers(draft)),
            "replaces": _replaces(draft),
            "status": _status(draft),
            "intent": draft.answering.intent or "order",
            "category": [concept(REFERRAL)],
            "priority": draft.priority,
            "code": concept(terms.route(stands.route)),
            "subject": draft.subject(),
            "authoredOn": draft.received_at,
            "requester": draft.referrer(),
            "performer": [draft.team(stands.team)],
            "supportingInfo": [each for each in map(draft.links.to, (GUIDANCE, ANSWERS)) if each],
            "note": [{"text": each} for each in _notes(draft)],
        }
    )


def _status(draft: Draft) -> str:
    """The status (R4, RequestStatus). A request whose function another took over is terminated."""
    if draft.referred.cancelled:
        return draft.referred.cancelled.value
    return "revoked" if draft.gave_way else "active"


def _notes(draft: Draft) -> Iterator[str]:
    """What came before and after it, as far as somebody must know."""
    referred, terms = draft.referred, draft.terms
    if referred.is_overridden:
        yield _overridden(draft)
    if draft.before:
        title = terms.urgency_title(draft.before.urgency)
        yield f"What was decided before was more urgent: {title}. {_LOOK_FIRST}"
    if referred.later:
        yield f"A later decision took its place: ServiceRequest/{referred.later[0]}."


_LOOK_FIRST = "A clinician looks before anybody stands down."


def decision_identifier(draft: Draft) -> Element:
    """The decision, by its id."""
    return identifier(draft.terms.own.identifier("decision"), draft.referred.id)


def _identifiers(draft: Draft) -> Iterator[Element]:
    """By what the sender knows the request, then by what we do."""
    sent = draft.answering.identifiers
    for system, value in sent:
        yield present({"system": system, "value": value})
    reference = plain((draft.referred.identity or {}).get("reference") or "")
    if reference.strip() and reference not in [value for _, value in sent]:
        yield identifier(draft.terms.own.identifier("reference"), reference)
    yield decision_identifier(draft)


def _replaces(draft: Draft) -> list[Element]:
    """The request whose place this one takes, by the id of the decision on it."""
    before = draft.referred.referral["supersedes"]
    if before is None:
        return []
    by_id = identifier(draft.terms.own.identifier("decision"), before)
    return [{"type": "ServiceRequest", "identifier": by_id}]


def _overridden(draft: Draft) -> str:
    """What an override changed, in a sentence."""
    decision, stands, terms = draft.referred.decision, draft.referred.stands, draft.terms
    now = f"{terms.route_title(stands.route)}, {terms.urgency_title(stands.urgency)}"
    before = f"{decision['route']['title']}, {terms.urgency_title(decision['urgency'])}"
    return f"A clinician decided otherwise than the rules: {now}. The rules said: {before}."
