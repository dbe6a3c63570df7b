from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from schemas.cds_hooks import ORDER_SIGN, PATIENT_VIEW
from tests.cds_hooks.calls import (
    PATIENT,
    PHQ9,
    a_call,
    a_patient,
    a_score,
    an_order,
    found,
    prefetched,
)
from tests.cds_hooks.desk import EHR, OTHER, Desk
from tests.cds_hooks.fhir_server import FhirServer

AUTHORIZATION = {"access_token": "opens-it", "token_type": "Bearer", "expires_in": 300}


def a_bare_call(server: FhirServer, hook: str = ORDER_SIGN) -> dict[str, Any]:
    """A call with nothing prefetched, and a server where it can be had."""
    return a_call(hook, prefetch={}, fhirServer=server.url, fhirAuthorization=AUTHORIZATION)


def test_a_server_that_is_not_listed_is_never_asked(desk: Desk, server: FhirServer) -> None:
    server.resources[f"Patient/{PATIENT}"] = a_patient()
    problem = desk.refused(a_bare_call(server), 412)
    assert problem["errors"][0]["field"] == "prefetch.patient"
    assert server.asked == []


@pytest.mark.parametrize("caller", [OTHER, replace(EHR, client=None)])
def test_a_server_that_is_listed_for_another_is_never_asked(
    desk: Desk, server: FhirServer, caller: Any
) -> None:
    desk.listed.servers[EHR.client] = server.url
    assert replace(desk, caller=caller).refused(a_bare_call(server), 412)
    assert server.asked == []


def test_what_was_not_sent_is_fetched_by_our_own_templates(desk: Desk, server: FhirServer) -> None:
    desk.listed.servers[EHR.client] = server.url
    server.resources |= {f"Patient/{PATIENT}": a_patient(), "Observation": found(a_score(PHQ9, 12))}
    card = desk.card(a_bare_call(server))
    assert "PHQ-9 is 12" in card["detail"]
    assert {one["Authorization"] for one in server.headers} == {"Bearer opens-it"}
    assert f"/fhir/Patient/{PATIENT}" in server.asked
    searches = [one for one in server.asked if "?" in one]
    assert all(f"patient={PATIENT}&" in one for one in searches)
    assert "flags" in card["detail"].partition("About what was sent")[2]


def test_what_was_sent_or_is_known_to_be_empty_is_not_asked_for_again(
    desk: Desk, server: FhirServer
) -> None:
    desk.listed.servers[EHR.client] = server.url
    server.resources[f"Patient/{PATIENT}"] = a_patient()
    sent = {name: one for name, one in prefetched().items() if name != "patient"}
    call = {**a_bare_call(server, PATIENT_VIEW), "prefetch": {**sent, "phq9": a_score(PHQ9, 9)}}
    assert "PHQ-9 is 9" in desk.card(call)["detail"]
    assert server.asked == [f"/fhir/Patient/{PATIENT}"]


def test_nothing_is_fetched_for_orders_of_other_things(desk: Desk, server: FhirServer) -> None:
    desk.listed.servers[EHR.client] = server.url
    call = {**a_call(ORDER_SIGN, an_order("Full blood count")), "fhirServer": server.url}
    assert desk.cards({**call, "prefetch": {}}) == []
    assert server.asked == []


@pytest.mark.parametrize("patient", [None, {"resourceType": "Patient", "id": "another"}])
def test_a_server_that_gives_another_patient_or_none_is_no_use(
    desk: Desk, server: FhirServer, patient: Any
) -> None:
    desk.listed.servers[EHR.client] = server.url
    if patient:
        server.resources[f"Patient/{PATIENT}"] = patient
    desk.refused(a_bare_call(server), 412)
