from __future__ import annotations

from typing import Any

import pytest

from schemas.cds_hooks import HOOKS, ORDER_SELECT, ORDER_SIGN, PATIENT_VIEW, CallReader
from tests.cds_hooks.calls import PATIENT, a_call
from triage.errors import ReferralError

READERS = {hook: CallReader(hook) for hook in HOOKS}


def faults(hook: str, call: Any) -> dict[str, str]:
    """The faults of a call, by field."""
    with pytest.raises(ReferralError) as caught:
        READERS[hook].read(call)
    return {one.field: one.problem for one in caught.value.faults}


@pytest.mark.parametrize("hook", HOOKS)
def test_a_call_is_read_and_what_the_standard_does_not_name_is_passed_over(hook: str) -> None:
    call = a_call(hook, extension={"more": True}, fhirServer="https://ehr.example.org/fhir")
    call["context"]["encounterId"] = "89284"
    call["fhirAuthorization"] = {
        "access_token": "some-opaque-token",
        "token_type": "Bearer",
        "expires_in": 300,
        "scope": "patient/Patient.read",
        "subject": "cds-service4",
    }
    read = READERS[hook].read(call)
    assert (read.hook, read.patient_id, read.token) == (hook, PATIENT, "some-opaque-token")
    assert str(read.hook_instance) == call["hookInstance"]
    assert read.fhir_server == "https://ehr.example.org/fhir"
    assert (read.draft_orders is None) == (hook == PATIENT_VIEW)
    assert (read.selections is None) == (hook != ORDER_SELECT)


def test_every_fault_is_told_at_once() -> None:
    call = {
        "hook": "patient-view",
        "hookInstance": "not a UUID",
        "context": {"patientId": "../admin", "draftOrders": {"resourceType": "List"}},
        "fhirServer": 7,
        "fhirAuthorization": {"access_token": "a b", "token_type": "MAC"},
        "prefetch": [],
    }
    assert set(faults(ORDER_SELECT, call)) == {
        "hook",
        "hookInstance",
        "context.userId",
        "context.patientId",
        "context.draftOrders",
        "context.selections",
        "fhirServer",
        "fhirAuthorization.access_token",
        "fhirAuthorization.token_type",
        "prefetch",
    }


def test_what_must_be_there_is_asked_for() -> None:
    assert set(faults(ORDER_SIGN, {})) == {"hook", "hookInstance", "context"}
    call = a_call(ORDER_SIGN, context={})
    needed = {"context.userId", "context.patientId", "context.draftOrders"}
    assert set(faults(ORDER_SIGN, call)) == needed


@pytest.mark.parametrize("call", [None, [], "call", 1, True])
def test_what_is_no_object_is_said_to_be_none(call: Any) -> None:
    assert set(faults(ORDER_SIGN, call)) == {"body"}


@pytest.mark.parametrize("patient", ["", ".", "..", "a/b", "a?b", "a b", "å", "a" * 65, 1, None])
def test_nothing_but_an_id_may_become_a_part_of_an_address(patient: Any) -> None:
    call = a_call(PATIENT_VIEW)
    call["context"]["patientId"] = patient
    assert set(faults(PATIENT_VIEW, call)) == {"context.patientId"}


@pytest.mark.parametrize("token", ["", "a b", "a\r\nX: y", "é", "a" * 20_000, 1])
def test_nothing_but_a_token_may_become_a_part_of_a_header(token: Any) -> None:
    call = a_call(PATIENT_VIEW, fhirAuthorization={"access_token": token, "token_type": "Bearer"})
    assert set(faults(PATIENT_VIEW, call)) == {"fhirAuthorization.access_token"}


@pytest.mark.parametrize("entry", [1, "x", [1], [[]], {"resource": {}}])
def test_orders_stand_in_a_list(entry: Any) -> None:
    call = a_call(ORDER_SIGN)
    call["context"]["draftOrders"]["entry"] = entry
    assert set(faults(ORDER_SIGN, call)) == {"context.draftOrders"}
