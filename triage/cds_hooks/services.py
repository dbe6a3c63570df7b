"""The services that are offered, as systems discover them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from schemas.cds_hooks import ORDER_SELECT, ORDER_SIGN, PATIENT_VIEW
from triage.cds_hooks.templates import templates_of
from triage.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class HookService:
    """A service that gives cards at one hook."""

    id: str
    hook: str
    title: str
    description: str


_ORDERS = (
    "Looks at draft orders for mental-health services (talking therapies, the community team, the"
    " crisis team and others), and says to which team the person should go, how soon and why; or"
    " what must be asked first."
)

SERVICES: Mapping[str, HookService] = {
    one.id: one
    for one in (
        HookService(
            "triage-order-select",
            ORDER_SELECT,
            "Where a mental-health referral should go",
            f"{_ORDERS} For the orders just selected.",
        ),
        HookService(
            "triage-order-sign",
            ORDER_SIGN,
            "Where a mental-health referral should go, before it is signed",
            f"{_ORDERS} For every order that is about to be signed.",
        ),
        HookService(
            "triage-patient-view",
            PATIENT_VIEW,
            "What is still to be asked before a mental-health referral",
            "Where screening answers are on record: says what is still to be asked, in the order"
            " in which it matters, and whether anybody may be in danger.",
        ),
    )
}
"""The services by id."""

USAGE = (
    "Send the prefetch, the patient above all; or fhirServer, of a server that is listed here for"
    " you, with fhirAuthorization. A call records nothing and refers nobody: the cards advise, and"
    " a clinician decides. Tell what became of each card at its feedback address."
)


def services_of(rulebook: Rulebook) -> dict[str, Any]:
    """Every service with what it asks to be sent along."""
    prefetch = templates_of(rulebook)
    return {"services": [_told(one, prefetch) for one in SERVICES.values()]}


def _told(service: HookService, prefetch: Mapping[str, str]) -> dict[str, Any]:
    return {
        "hook": service.hook,
        "id": service.id,
        "title": service.title,
        "description": service.description,
        "prefetch": dict(prefetch),
        "usageRequirements": USAGE,
    }
