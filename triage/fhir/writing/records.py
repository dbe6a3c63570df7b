"""How a decision came about, and that whoever refers was told."""

from __future__ import annotations

from triage.fhir.writing.bars import PARTICIPANTS
from triage.fhir.writing.draft import Draft
from triage.fhir.writing.elements import Element, coding, concept, identifier, plain, present
from triage.fhir.writing.links import (
    COMMUNICATION,
    GUIDANCE,
    PROVENANCE,
    SERVICE_REQUEST,
    tasks,
)
from triage.fhir.writing.terms import SOFTWARE

ASSEMBLER = concept(coding(PARTICIPANTS, "assembler", "Assembler"))
"""What the software did (R4, ProvenanceParticipantType)."""


def provenance(draft: Draft) -> Element:
    """The Provenance of what was decided: which software, by which rulebook, recorded where."""
    decision, terms, links = draft.referred.decision, draft.terms, draft.links
    rulebook, own = decision["rulebook"], terms.own
    told = [GUIDANCE, SERVICE_REQUEST, *tasks(draft.referred)]
    return {
        "resourceType": "Provenance",
        "id": links.id(PROVENANCE),
        "target": [links.to(name) for name in told],
        "recorded": draft.decided_at,
        "policy": [terms.plan(rulebook)],
        "agent": [
            {
                "type": ASSEMBLER,
                "who": {"type": "Device", "display": f"{SOFTWARE} {terms.version}"},
            }
        ],
        "entity": [
            _source(
                own.identifier("rulebook"),
                rulebook["digest"],
                f"Rulebook {rulebook['id']} {rulebook['version']}",
            ),
            _source(
                own.identifier("entry"),
                str(decision["sequence"]),
                f"Entry {decision['sequence']} of the decision log",
            ),
        ],
    }


def _source(system: str, value: str, display: str) -> Element:
    what = {"identifier": identifier(system, value), "display": display}
    return {"role": "source", "what": what}


def communication(draft: Draft, told: str) -> Element:
    """The Communication of a decision to whoever refers, in plain words."""
    referrer = draft.referrer()
    return present(
        {
            "resourceType": "Communication",
            "id": draft.links.id(COMMUNICATION),
            "status": "completed",
            "priority": draft.terms.priority(draft.referred.stands.urgency),
            "subject": draft.subject(),
            "about": [draft.links.to(SERVICE_REQUEST)],
            "sent": draft.decided_at,
            "recipient": [referrer] if referrer else None,
            "payload": [{"contentString": plain(told)}],
        }
    )
