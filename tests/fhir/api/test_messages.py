"""Referrals by message: decided, recorded and answered; sent again, updated, taken back."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from typing import Any

import pytest

from tests.fhir.api.desk import PROCESS, Desk
from tests.fhir.messages import SAFE, Resource, a_message, a_score, of_type
from triage.fhir.systems import MESSAGE_REASONS

LOINC, SNOMED = "http://loinc.org", "http://snomed.info/sct"

HIGH_RISK = {**SAFE, "thoughts_of_harm": "frequent", "plan": "active"}


def parameters_of(guidance: Resource) -> dict[str, Any]:
    """The output parameters that have one value, by name."""
    (contained,) = (one for one in guidance["contained"] if one["id"] == "decided")
    values = {}
    for one in contained["parameter"]:
        value = next((value for name, value in one.items() if name.startswith("value")), None)
        values[one["name"]] = (
            value["code"] if isinstance(value, dict) and "code" in value else value
        )
    return values


def again(bundle: Resource, **header: Any) -> Resource:
    """The same message with another header, and another id unless that is given."""
    made = deepcopy(bundle)
    made["entry"][0]["resource"] |= {"id": "11111111-0000-4000-8000-000000000009", **header}
    return made


def reason(code: str) -> Resource:
    return {"coding": [{"system": MESSAGE_REASONS, "code": code}]}


def codes_of(outcome: Resource) -> set[str]:
    """The error codes of an outcome."""
    found = [one["details"].get("coding", []) for one in outcome["issue"]]
    return {coding["code"] for codings in found for coding in codings}


def expressions(outcome: Resource) -> list[str]:
    return [one for issue in outcome["issue"] for one in issue.get("expression", ())]


@pytest.mark.parametrize(
    ("answers", "route", "priority", "status"),
    [
        ({**SAFE, "emergency_now": True}, "emergency", "stat", "success"),
        (HIGH_RISK, "crisis", "asap", "success"),
        ({**SAFE, "specialist_indicator": "psychosis"}, "cmht", "urgent", "success"),
        (SAFE, "iapt_step_2", "routine", "success"),
        ({"phq9_total": 12}, "clinical_review", "urgent", "data-required"),
    ],
)
def test_a_message_is_answered_with_its_decision(
    desk: Desk, answers: Resource, route: str, priority: str, status: str
) -> None:
    answered = desk.answered(a_message(answers))
    (guidance,), (request,) = (
        of_type(answered, "GuidanceResponse"),
        of_type(answered, "ServiceRequest"),
    )
    assert guidance["status"] == status
    assert parameters_of(guidance)["route"] == route
    assert request["priority"] == priority
    assert answered["entry"][0]["resource"]["response"]["code"] == "ok"


def test_the_decision_is_the_one_that_plain_json_reads(desk: Desk) -> None:
    answered = desk.answered(a_message(HIGH_RISK))
    (guidance,) = of_type(answered, "GuidanceResponse")
    decision = desk.decision(guidance["id"])
    assert decision["route"]["id"] == "crisis"
    assert [one["text"] for one in guidance["note"]] == [
        one["because"] for one in decision["reasoning"]
    ]
    (task, *_) = of_type(answered, "Task")
    assert task["restriction"]["period"]["end"] == decision["route"]["respond_by"]
    assert task["owner"]["display"] == decision["route"]["team"]["name"]


def test_the_same_answers_as_json_get_the_same_decision(desk: Desk) -> None:
    decision = desk.decision(desk.guidance(a_message(HIGH_RISK))["id"])
    body = {
        "source": "A1",
        "patient": {
            "nhs_number": "9990000026",
            "birth_date": "1985-02-01",
            "gender": "2",
            "postcode": "DN1 1AA",
        },
        "referrer": {"ods_code": "C86001", "name": "The Surgery"},
        "answers": HIGH_RISK,
    }
    as_json = desk.client.post("/v1/triage", json=body).get_json()
    apart = {"decision_id", "sequence", "decided_at", "live"}
    for each in (decision, as_json):
        each["route"]["respond_by"] = "at its own time"
    assert {name: one for name, one in decision.items() if name not in apart} == {
        name: one for name, one in as_json.items() if name not in apart
    }


def test_a_score_alone_leads_to_a_clinician_with_the_questions_to_ask(desk: Desk) -> None:
    guidance = desk.guidance(a_message({}, a_score(LOINC, "44261-6", 12)))
    assert guidance["status"] == "data-required"
    assert parameters_of(guidance)["route"] == "clinical_review"
    asked = [
        coding["code"]
        for need in guidance["dataRequirement"]
        for each in need.get("codeFilter", ())
        for coding in each["code"]
    ]
    assert {"emergency_now", "thoughts_of_harm", "harm_injury", "protective_factors"} <= set(asked)
    screening = desk.client.get("/fhir/Questionnaire/referral-screening").get_json(force=True)
    linked = [one.get("valueCanonical") for one in guidance["extension"]]
    assert f"{screening['url']}|{screening['version']}" in linked


@pytest.mark.parametrize("system_and_code", [(LOINC, "44261-6"), (SNOMED, "720433000")])
def test_a_score_is_read_by_either_code(desk: Desk, system_and_code: tuple[str, str]) -> None:
    answered = desk.answered(a_message(SAFE, a_score(*system_and_code, 12)))
    (read,) = of_type(answered, "QuestionnaireResponse")
    assert answers_in(read)["phq9_total"] == [{"valueInteger": 12}]


def answers_in(holder: Resource) -> dict[str, Any]:
    """The answers of a QuestionnaireResponse, by link."""
    found: dict[str, Any] = {}
    for item in holder.get("item", ()):
        found |= {item["linkId"]: item.get("answer", [])} | answers_in(item)
    return found


def test_a_total_that_differs_from_its_items_is_told(desk: Desk) -> None:
    items = [
        a_score(LOINC, code, 1)
        for code in (
            "44250-9",
            "44255-8",
            "44259-0",
            "44254-1",
            "44251-7",
            "44258-2",
            "44252-5",
            "44253-3",
            "44260-8",
        )
    ]
    guidance = desk.guidance(a_message(SAFE, a_score(LOINC, "44261-6", 12), *items))
    decision = desk.decision(guidance["id"])
    assert {"totals_differ", "item9_positive"} <= {one["id"] for one in decision["alerts"]}
    (contained,) = (one for one in guidance["contained"] if one["id"] == "alerts")
    alerted = {
        coding["code"] for issue in contained["issue"] for coding in issue["details"]["coding"]
    }
    assert "totals_differ" in alerted


def test_a_message_that_comes_again_gives_the_first_answer_byte_for_byte(desk: Desk) -> None:
    bundle = a_message(HIGH_RISK)
    first, second = desk.sends(bundle), desk.sends({**bundle, "timestamp": "2026-11-20T11:00:00Z"})
    assert first.status_code == second.status_code == 200
    assert first.data == second.data


def test_fifty_copies_at_once_give_one_decision(desk: Desk) -> None:
    bundle = a_message(HIGH_RISK)
    with ThreadPoolExecutor(25) as threads:
        answers = list(threads.map(lambda _: desk.sends(bundle), range(50)))
    assert {one.status_code for one in answers} == {200}
    assert len({one.data for one in answers}) == 1


def test_another_content_under_an_id_that_was_used_is_refused_and_hides_no_danger(
    desk: Desk,
) -> None:
    bundle = a_message(SAFE, id_="22222222-0000-4000-8000-000000000001")
    desk.answered(bundle)
    worse = a_message(HIGH_RISK, id_="22222222-0000-4000-8000-000000000001")
    outcome = desk.refused(worse, 409)
    assert codes_of(outcome) == {"REC_CONFLICT"}
    assert {issue["code"] for issue in outcome["issue"]} >= {"duplicate", "business-rule"}
    assert "crisis" in json.dumps(outcome["extension"])


def test_an_update_is_a_new_decision_that_takes_the_place_of_the_first(desk: Desk) -> None:
    bundle = a_message(SAFE)
    first = desk.guidance(bundle)["id"]
    worse = a_message(HIGH_RISK, reason="update", request=bundle["entry"][1]["resource"])
    answered = desk.answered(worse)
    (request,) = of_type(answered, "ServiceRequest")
    assert request["priority"] == "asap"
    assert first in json.dumps(request["replaces"])
    history = desk.client.get(f"/v1/decisions/{first}/history").get_json()
    assert history["superseded_by"] == [request["id"]]


def test_an_update_of_what_was_never_received_is_taken_as_new_and_says_so(desk: Desk) -> None:
    answered = desk.answered(a_message(SAFE, reason="update"))
    (outcome,) = of_type(answered, "OperationOutcome")
    assert [issue["severity"] for issue in outcome["issue"]] == ["warning"]
    assert expressions(outcome) == ["Bundle.entry[0].resource.reason"]


def test_a_request_that_was_sent_before_is_taken_as_an_update(desk: Desk) -> None:
    bundle = a_message(SAFE)
    first = desk.guidance(bundle)["id"]
    answered = desk.answered(again(bundle))
    (request,), (outcome,) = (
        of_type(answered, "ServiceRequest"),
        of_type(answered, "OperationOutcome"),
    )
    assert first in json.dumps(request["replaces"])
    assert [issue["code"] for issue in outcome["issue"]] == ["duplicate"]


@pytest.mark.parametrize(
    ("header", "status", "becomes"),
    [
        ({}, "revoked", "revoked"),
        ({}, "entered-in-error", "entered-in-error"),
        ({"reason": reason("delete")}, "active", "revoked"),
    ],
)
def test_a_referral_is_taken_back(desk: Desk, header: Resource, status: str, becomes: str) -> None:
    bundle = a_message(SAFE)
    id_ = desk.guidance(bundle)["id"]
    back = again(bundle, id=f"33333333-0000-4000-8000-{len(becomes):06}{len(header):06}", **header)
    back["entry"][1]["resource"]["status"] = status
    answered = desk.answered(back)
    (request,), (task, *_) = of_type(answered, "ServiceRequest"), of_type(answered, "Task")
    assert (request["id"], request["status"], task["status"]) == (id_, becomes, "cancelled")
    history = desk.client.get(f"/v1/decisions/{id_}/history").get_json()
    assert [one["status"] for one in history["entries"] if one["kind"] == "cancellation"] == [
        becomes
    ]
    there = desk.client.get(f"/fhir/ServiceRequest/{id_}").get_json(force=True)
    assert there["status"] == becomes
    assert desk.answered(back) == answered


def test_nobody_stands_down_from_danger_before_a_clinician_has_looked(desk: Desk) -> None:
    bundle = a_message(HIGH_RISK)
    desk.answered(bundle)
    back = again(bundle, id="44444444-0000-4000-8000-000000000001")
    back["entry"][1]["resource"]["status"] = "revoked"
    answered = desk.answered(back)
    (task, *_), (told,) = of_type(answered, "Task"), of_type(answered, "Communication")
    assert task["status"] == "on-hold"
    assert "before anybody stands down" in told["payload"][0]["contentString"]


def test_what_was_never_received_cannot_be_taken_back(desk: Desk) -> None:
    bundle = a_message(HIGH_RISK, request={"status": "revoked"})
    outcome = desk.refused(bundle, 404)
    assert codes_of(outcome) == {"REC_NOT_FOUND"}


def test_a_number_that_fails_its_check_digit_blocks_nothing(desk: Desk) -> None:
    number = {"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000027"}
    answered = desk.answered(a_message(HIGH_RISK, patient={"identifier": [number]}))
    (outcome,) = of_type(answered, "OperationOutcome")
    assert expressions(outcome) == ["Bundle.entry[2].resource.identifier[0].value"]
    decision = desk.decision(of_type(answered, "GuidanceResponse")[0]["id"])
    assert decision["route"]["id"] == "crisis"
    assert "nhs_number_check" in {one["id"] for one in decision["alerts"]}


FAULTY = {
    "no header": (lambda b: b["entry"].pop(0), 400, "Bundle.entry"),
    "no status": (
        lambda b: b["entry"][1]["resource"].pop("status"),
        400,
        "Bundle.entry[1].resource.status",
    ),
    "status unknown": (
        lambda b: b["entry"][1]["resource"].update(status="bogus"),
        400,
        "Bundle.entry[1].resource.status",
    ),
    "a made-up element": (
        lambda b: b["entry"][2]["resource"].update(birthday="1985-02-01"),
        400,
        "Bundle.entry[2].resource",
    ),
    "a score out of range": (
        lambda b: b["entry"].append(
            {
                "fullUrl": "urn:uuid:00000000-0000-4000-8000-000000000099",
                "resource": a_score(LOINC, "44261-6", 99),
            }
        ),
        422,
        "Bundle.entry[5].resource.value",
    ),
    "no patient": (lambda b: b["entry"].pop(2), 422, "Bundle.entry[1].resource.subject"),
    "a response": (
        lambda b: b["entry"][0]["resource"].update(
            response={"identifier": "1cbdfb97-5859-48a4-8301-d54eab818d68", "code": "ok"}
        ),
        422,
        "Bundle.entry[0].resource.response",
    ),
}


@pytest.mark.parametrize("fault", FAULTY)
def test_a_fault_is_told_at_its_place_and_hides_no_danger(desk: Desk, fault: str) -> None:
    spoil, status, expression = FAULTY[fault]
    bundle = a_message(HIGH_RISK)
    spoil(bundle)
    outcome = desk.refused(bundle, status)
    assert expression in expressions(outcome)
    assert "crisis" in json.dumps(outcome.get("extension", []))
    assert "call 999" in json.dumps(outcome)
    assert "9990000026" not in json.dumps(outcome)


def test_every_fault_is_told_at_once(desk: Desk) -> None:
    bundle = a_message(SAFE, a_score(LOINC, "44261-6", 99), a_score(LOINC, "70274-6", 99))
    outcome = desk.refused(bundle, 422)
    assert {
        "Bundle.entry[5].resource.value",
        "Bundle.entry[6].resource.value",
    } <= set(expressions(outcome))


@pytest.mark.parametrize(
    ("sent", "content_type", "status"),
    [
        (b"{", "application/fhir+json", 400),
        (b'{"a": 1, "a": 2}', "application/fhir+json", 400),
        (b"[" * 40 + b"]" * 40, "application/fhir+json", 400),
        (b"<Bundle/>", "application/fhir+xml", 415),
        (b"{}", "text/plain", 415),
        (b" " * (1024 * 1024 + 1), "application/fhir+json", 413),
        (b"{}", "application/fhir+json; version=7.0.0", 422),
    ],
)
def test_what_is_no_fhir_is_refused_with_an_outcome(
    desk: Desk, sent: bytes, content_type: str, status: int
) -> None:
    answer = desk.client.post(PROCESS, data=sent, content_type=content_type)
    assert answer.status_code == status
    outcome = answer.get_json(force=True)
    assert outcome["resourceType"] == "OperationOutcome"
    assert any(code.startswith("REC_") for code in codes_of(outcome))


@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_another_method_is_told_which_it_should_be(desk: Desk, method: str) -> None:
    answer = getattr(desk.client, method)(PROCESS)
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]
    assert answer.get_json(force=True)["resourceType"] == "OperationOutcome"


def test_ids_of_the_call_go_back_with_the_answer(desk: Desk) -> None:
    ids = {
        "X_Request_Id": "60e0b220-8136-4ca5-ae46-1d97ef59d068",
        "X_Correlation_Id": "11c46f5f-cdef-4865-94b2-0ee0edcc26da",
    }
    answer = desk.sends(a_message(), **ids)
    assert answer.headers["X-Request-Id"] == ids["X_Request_Id"]
    assert answer.headers["X-Correlation-Id"] == ids["X_Correlation_Id"]


def test_the_organisation_in_a_header_refers_where_the_message_names_none(desk: Desk) -> None:
    bundle = a_message(SAFE)
    bundle["entry"] = [
        one for one in bundle["entry"] if one["resource"]["resourceType"] != "Organization"
    ]
    del bundle["entry"][0]["resource"]["sender"], bundle["entry"][1]["resource"]["requester"]
    answered = desk.answered(bundle, NHSD_End_User_Organisation_ODS="C86001")
    (request,) = of_type(answered, "ServiceRequest")
    assert request["requester"]["identifier"]["value"] == "C86001"


def test_nothing_of_a_person_is_logged(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO"):
        desk.answered(a_message(HIGH_RISK))
        desk.refused(a_message(HIGH_RISK, request={"status": "bogus"}), 400)
    told = " ".join(str(one.__dict__) for one in caplog.records)
    assert not re.search("9990000026|1985-02-01|DN1 1AA|frequent", told)


def test_a_referral_is_taken_back_once_however_many_say_so_at_once(desk: Desk) -> None:
    bundle = a_message(SAFE)
    id_ = desk.guidance(bundle)["id"]
    backs = []
    for number in range(12):
        back = again(bundle, id=f"66666666-0000-4000-8000-{number // 2:012}")
        back["entry"][1]["resource"]["status"] = "revoked"
        backs.append(back)
    with ThreadPoolExecutor(12) as threads:
        answers = list(threads.map(desk.sends, backs))
    assert {one.status_code for one in answers} == {200}
    history = desk.client.get(f"/v1/decisions/{id_}/history").get_json()
    assert [one["kind"] for one in history["entries"]].count("cancellation") == 1
