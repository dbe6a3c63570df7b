"""Whose a message is, and what it may do to what was decided before: never quietly less urgent."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.fhir.api.desk import PROCESS, Desk
from tests.fhir.messages import SAFE, Resource, a_message, a_score, of_type
from triage.fhir.systems import NHS_NUMBER

DANGER = {**SAFE, "thoughts_of_harm": "frequent", "plan": "active"}

SOMEBODY_ELSE = {
    "identifier": [{"system": NHS_NUMBER, "value": "9990000034"}],
    "birthDate": "1971-06-30",
}


def named(value: str) -> Resource:
    """What names a request to its sender."""
    return {"identifier": [{"system": "https://gp.example.nhs.uk/requests", "value": value}]}


def request_in(answered: Resource) -> Resource:
    (found,) = of_type(answered, "ServiceRequest")
    return found


def lead_in(answered: Resource) -> Resource:
    (found, *_) = of_type(answered, "Task")
    return found


def told_in(answered: Resource) -> list[str]:
    """What is said of the message, in the response to it."""
    return [
        issue["diagnostics"]
        for outcome in of_type(answered, "OperationOutcome")
        for issue in outcome["issue"]
    ]


def history_of(desk: Desk, id_: str) -> Any:
    return desk.client.get(f"/v1/decisions/{id_}/history").get_json()


def read_again(desk: Desk, kind: str, id_: str) -> Resource:
    found: Resource = desk.client.get(f"/fhir/{kind}/{id_}").get_json(force=True)
    return found


@pytest.mark.parametrize("reason", ["new", "update"])
def test_nobody_takes_the_place_of_somebody_else(desk: Desk, reason: str) -> None:
    name = f"shared-{reason}"
    first = request_in(desk.answered(a_message(DANGER, request=named(name))))["id"]
    answered = desk.answered(
        a_message(SAFE, request=named(name), patient=SOMEBODY_ELSE, reason=reason)
    )
    assert "replaces" not in request_in(answered)
    assert any("about somebody else" in one for one in told_in(answered))
    assert history_of(desk, first)["superseded_by"] == []


def test_nobody_takes_back_the_referral_of_somebody_else(desk: Desk) -> None:
    first = request_in(desk.answered(a_message(DANGER, request=named("whose"))))["id"]
    back = {**named("whose"), "status": "revoked"}
    outcome = desk.refused(a_message({}, request=back, patient=SOMEBODY_ELSE), 409)
    assert "9990000026" not in json.dumps(outcome)
    assert read_again(desk, "ServiceRequest", first)["status"] == "active"


def test_a_request_replaces_only_what_is_the_persons_own(desk: Desk) -> None:
    first = request_in(desk.answered(a_message(DANGER)))["id"]
    replacing = {"replaces": [{"reference": f"ServiceRequest/{first}"}]}
    theirs = desk.answered(a_message(SAFE, request=replacing, patient=SOMEBODY_ELSE))
    assert "replaces" not in request_in(theirs)
    assert any("takes nobody's place" in one for one in told_in(theirs))
    own = desk.answered(a_message(DANGER, request=replacing))
    assert first in json.dumps(request_in(own)["replaces"])
    assert history_of(desk, first)["superseded_by"] == [request_in(own)["id"]]


def test_plain_json_takes_nobody_elses_place_either(desk: Desk) -> None:
    first = request_in(desk.answered(a_message(DANGER)))["id"]
    body = {"source": "A1", "patient": {"nhs_number": "9990000034"}, "supersedes": first}
    assert desk.client.post("/v1/referrals", json=body).status_code == 201
    assert history_of(desk, first)["superseded_by"] == []


def test_nobody_stands_down_from_danger_by_a_milder_update(desk: Desk) -> None:
    first = desk.answered(a_message(DANGER, request=named("milder")))
    answered = desk.answered(a_message(SAFE, request=named("milder"), reason="update"))
    decision = desk.decision(request_in(answered)["id"])
    assert decision["route"]["id"] == "iapt_step_2"
    assert request_in(answered)["priority"] == "asap"
    assert "before anybody stands down" in lead_in(answered)["businessStatus"]["text"]
    assert any("more urgent" in one for one in told_in(answered))
    (told,) = of_type(answered, "Communication")
    assert "more urgent (very urgent (4 hours))" in told["payload"][0]["contentString"]
    before = read_again(desk, "ServiceRequest", request_in(first)["id"])
    assert before["status"] == "active"
    assert before["priority"] == "asap"


def test_nor_by_a_milder_update_that_is_then_taken_back(desk: Desk) -> None:
    name = named("milder-and-back")
    desk.answered(a_message(DANGER, request=name))
    desk.answered(a_message({"phq9_total": 9}, request=name, reason="update"))
    back = desk.answered(a_message({}, request={**name, "status": "revoked"}))
    assert lead_in(back)["status"] == "on-hold"
    (told,) = of_type(back, "Communication")
    assert "a clinician looks before anybody stands down" in told["payload"][0]["contentString"]


def test_a_request_that_gave_way_says_so(desk: Desk) -> None:
    first = request_in(desk.answered(a_message(SAFE, request=named("gave-way"))))["id"]
    answered = desk.answered(a_message(DANGER, request=named("gave-way"), reason="update"))
    before = read_again(desk, "ServiceRequest", first)
    assert before["status"] == "revoked"
    assert request_in(answered)["id"] in json.dumps(before["note"])


def test_what_was_passed_over_stays_with_the_decision(desk: Desk) -> None:
    unknown = a_score("http://snomed.info/sct", "75367002", 120)
    answered = desk.answered(a_message(SAFE, unknown))
    (guidance,), (told,) = of_type(answered, "GuidanceResponse"), of_type(answered, "Communication")
    assert "75367002" in told["payload"][0]["contentString"]
    again = read_again(desk, "GuidanceResponse", guidance["id"])
    assert "75367002" in json.dumps([one for one in again["contained"] if one["id"] == "found"])


def test_a_priority_that_is_more_urgent_than_the_answers_is_not_passed_over(desk: Desk) -> None:
    answered = desk.answered(a_message(SAFE, request={"priority": "stat"}))
    assert any("ring the team now" in one for one in told_in(answered))
    as_urgent = desk.answered(a_message(DANGER, request={"priority": "urgent"}))
    assert not any("ring the team now" in one for one in told_in(as_urgent))


@pytest.mark.parametrize("body", [b"[" + b"1," * 500_000 + b"1]", b"[" + b"{}," * 300_000 + b"{}]"])
def test_a_list_of_many_is_refused_without_deciding_each(desk: Desk, body: bytes) -> None:
    for path in (PROCESS, "/v1/triage"):
        answer = desk.client.post(path, data=body, content_type="application/json")
        assert answer.status_code in (400, 413, 422)


@pytest.mark.parametrize("id_", ["1", None])
def test_a_new_referral_is_not_taken_for_another_by_a_name_that_many_may_have(
    desk: Desk, id_: str | None
) -> None:
    """The address of an entry, and an id that is no UUID, may be the same in every message."""
    for answers, urgency in ((DANGER, "asap"), (SAFE, "routine")):
        bundle = a_message(answers, request={"id": id_} if id_ else {})
        if id_ is None:
            del bundle["entry"][1]["resource"]["id"]
        answered = desk.answered(bundle)
        assert "replaces" not in request_in(answered)
        assert request_in(answered)["priority"] == urgency


def test_any_name_of_a_request_finds_it_to_take_it_back(desk: Desk) -> None:
    both = {**named("by-any-name"), "id": "77777777-0000-4000-8000-000000000001"}
    first = request_in(desk.answered(a_message(SAFE, request=both)))["id"]
    by_id = {"id": both["id"], "status": "revoked"}
    assert request_in(desk.answered(a_message({}, request=by_id)))["id"] == first
