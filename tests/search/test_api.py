"""Searching by the API: what is answered, what is recorded, and what is refused."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import replace
from typing import Any

import pytest

from schemas.searched import searched_schema
from tests.search.conftest import Desk, a_decision
from tests.search.plain import Plain
from triage.api.examples import REFERRAL
from triage.domain.caller import ISSUED_ROLES, Role
from triage.domain.search import age_band
from triage.errors import LogUnavailableError
from triage.rulebook import Rulebook
from triage.searching import COLUMNS
from triage.store import search as searching
from triage.store import walk
from triage.store.search import last_entry

ROLES = {Role.CALL_HANDLER, Role.CLINICIAN, Role.AUDITOR}


def recorded(desk: Desk, **patient: Any) -> dict[str, Any]:
    """A decision recorded by the service itself."""
    told = {name: value for name, value in REFERRAL.items() if name != "received_at"}
    told["patient"] = {**REFERRAL["patient"], **patient}
    answer = desk.client.post("/v1/referrals", json=told)
    assert answer.status_code == 201, answer.data
    found: dict[str, Any] = answer.get_json()
    return found


def test_a_decision_is_listed_as_it_was_recorded(desk: Desk) -> None:
    decision = recorded(desk, birth_date="1985-02-01")
    (listed,) = desk.found({"limit": 1})["decisions"]
    assert tuple(listed) == COLUMNS
    assert listed == {
        "decision_id": decision["decision_id"],
        "sequence": decision["sequence"],
        "at": decision["decided_at"],
        "route": decision["route"]["id"],
        "urgency": decision["urgency"],
        "status": decision["status"],
        "source": REFERRAL["source"],
        "ods_code": REFERRAL["referrer"]["ods_code"],
        "rulebook": decision["rulebook"]["digest"],
        "age_band": "26-64",
        "place": "doncaster",
        "overridden": False,
        "booking_held": decision["booking_held"],
        "alerts": [alert["id"] for alert in decision["alerts"]],
    }


@pytest.mark.parametrize(
    ("age", "band"),
    [
        *[(None, None), (0, "<18"), (17, "<18"), (18, "18-25"), (25, "18-25")],
        *[(26, "26-64"), (64, "26-64"), (65, "65+"), (130, "65+")],
    ],
)
def test_ages_are_told_in_the_bands_of_the_national_figures(
    age: int | None, band: str | None
) -> None:
    assert age_band(age) == band


def test_pages_lead_through_all_that_there_is(desk: Desk) -> None:
    expected = [entry["id"] for entry in Plain.of(desk.log).decisions]
    body: dict[str, Any] = {"limit": 60, "order": "oldest"}
    found: list[str] = []
    while True:
        page = desk.found(body)
        found += [one["decision_id"] for one in page["decisions"]]
        if page["next"] is None:
            break
        body["cursor"] = page["next"]
    assert found == expected


def test_the_newest_twenty_come_first(desk: Desk) -> None:
    newest = [entry["id"] for entry in Plain.of(desk.log).decisions][-20:]
    page = desk.found({})
    assert [one["decision_id"] for one in page["decisions"]] == newest[::-1]
    assert page["next"]
    assert page["count"] is None


def test_how_many_there_are_is_told_on_the_first_page_alone(desk: Desk) -> None:
    body = {"count": True, "limit": 2, "urgency": ["routine"]}
    page = desk.found(body)
    routine = [
        one for one in Plain.of(desk.log).decisions if one["decision"]["urgency"] == "routine"
    ]
    assert page["count"] == {"at_least": len(routine), "exact": True}
    assert desk.found({**body, "cursor": page["next"]})["count"] is None


def test_counting_stops(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "MOST_COUNTED", 5)
    assert desk.found({"count": True})["count"] == {"at_least": 5, "exact": False}
    assert desk.found({"count": True, "limit": 1, "route": ["counselling"], "source": ["E1"]}) == {
        "decisions": [],
        "next": None,
        "count": {"at_least": 0, "exact": True},
    }


def test_a_search_that_takes_long_says_how_far_it_got(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walk, "SECONDS", 0)
    monkeypatch.setattr(walk, "FIRST_STEP", 4)
    body = {"rule": ["step-2"], "urgency": ["emergency"]}
    page = desk.found(body)
    assert page["decisions"] == []
    pages = 1
    while page["next"]:
        page = desk.found({**body, "cursor": page["next"]})
        pages += 1
    assert pages > 2


def test_a_cursor_is_good_for_its_own_search_alone(desk: Desk) -> None:
    body: dict[str, Any] = {"limit": 3, "urgency": ["routine"]}
    cursor = desk.found(body)["next"]
    desk.found({**body, "cursor": cursor, "limit": 9, "count": True})
    others: list[dict[str, Any]] = [
        {"limit": 3},
        {**body, "urgency": ["urgent"]},
        {**body, "order": "oldest"},
        {**body, "overridden": False},
        {**body, "person": {"nhs_number": "9990000026"}},
        {**body, "from": "2026-01-01T00:00:00Z"},
    ]
    for other in others:
        said = desk.faults("search", {**other, "cursor": cursor})
        assert "leave it out to begin anew" in said["cursor"]


def test_a_cursor_that_was_made_up_is_refused(desk: Desk) -> None:
    before = last_entry(desk.log)
    cursor = str(desk.found({"limit": 3})["next"])
    held = bytearray(urlsafe_b64decode(cursor))
    held[7] ^= 1
    texts = (urlsafe_b64encode(held).decode(), "A" * 32, cursor[:-1], "", "é" * 32)
    for made_up in (*texts, 7):
        assert "leave it out" in desk.faults("search", {"limit": 3, "cursor": made_up})["cursor"]
    assert last_entry(desk.log) == before


def test_a_cursor_says_nothing_of_a_person(desk: Desk) -> None:
    number = "9990001005"
    for _ in range(3):
        recorded(desk, nhs_number=number)
    cursors = {
        str(desk.found({"limit": 1, "person": {"nhs_number": one}})["next"])
        for one in (number, "999 000 1005")
    }
    assert len(cursors) == 1
    assert number.encode() not in urlsafe_b64decode(cursors.pop())


def test_whoever_looks_for_a_person_is_recorded_first(desk: Desk) -> None:
    number = "9990001013"
    ids = [recorded(desk, nhs_number=number)["decision_id"] for _ in range(2)]
    before = last_entry(desk.log)
    body = {"person": {"nhs_number": number}, "urgency": ["routine"], "limit": 1}
    answer = desk.post("search", body, role="call_handler")
    assert [one["decision_id"] for one in answer.get_json()["decisions"]] == [ids[1]]
    entry = desk.last()
    assert entry["sequence"] == before + 1
    assert {name: entry[name] for name in ("kind", "about", "commitment", "filters")} == {
        "kind": "search",
        "about": None,
        "commitment": None,
        "filters": {"urgency": ["routine"]},
    }
    assert (entry["found"], entry["more"], entry["person"]) == ([ids[1]], True, True)
    assert entry["by"]["role"] == "call_handler"
    assert number not in str(entry)
    assert number not in answer.get_data(as_text=True)


def test_nobody_is_shown_what_could_not_be_recorded(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unavailable(*_arguments: object) -> None:
        raise LogUnavailableError("the log is full")

    monkeypatch.setattr(desk.log.appender, "append", unavailable)
    answer = desk.post("search", {"person": {"nhs_number": "9990000026"}})
    assert answer.status_code == 503
    assert "decisions" not in answer.get_json(force=True)
    assert desk.post("export", {}).status_code == 503
    assert desk.post("search", {}).status_code == 200


def test_looking_without_a_person_leaves_no_entry(desk: Desk) -> None:
    before = last_entry(desk.log)
    desk.found({"route": ["cmht"], "count": True})
    assert last_entry(desk.log) == before


def test_a_number_whose_check_digit_is_wrong_is_found_as_well(desk: Desk) -> None:
    decision = recorded(desk, nhs_number="9990005000")
    assert "nhs_number_check" in [alert["id"] for alert in decision["alerts"]]
    (listed,) = desk.found({"person": {"nhs_number": "999-000 5000"}})["decisions"]
    assert listed["decision_id"] == decision["decision_id"]


def test_nothing_that_names_anybody_is_in_an_answer(desk: Desk) -> None:
    names = {"nhs_number": "9990001021", "birth_date": "1951-07-13", "postcode": "DN4 9ZZ"}
    told = {**REFERRAL, "patient": names, "reference": "ref-marked", "notes": "notes-marked"}
    told["referrer"] = {"ods_code": "C86001", "name": "Dr Marked"}
    del told["received_at"]
    assert desk.client.post("/v1/referrals", json=told).status_code == 201
    person = {"person": {"nhs_number": names["nhs_number"]}}
    bodies = (person, {"limit": 1})
    answers = [desk.post("search", body) for body in bodies]
    answers += [desk.post("export", {**person, "format": form}) for form in ("csv", "ndjson")]
    marked = [*names.values(), "ref-marked", "notes-marked", "Dr Marked"]
    for answer in answers:
        assert answer.status_code == 200
        said = answer.get_data(as_text=True) + str(answer.headers) + str(answer.request.url)
        assert not [mark for mark in marked if mark in said]
        assert "C86001" in said or "search" in str(answer.request.url)


@pytest.mark.parametrize("role", ISSUED_ROLES)
def test_each_role_searches_as_the_table_says(desk: Desk, role: Role) -> None:
    assert desk.post("search", {}, role).status_code == (200 if role in ROLES else 403)
    assert desk.post("export", {}, role).status_code == (200 if role is Role.AUDITOR else 403)


def test_words_of_earlier_rulebooks_are_taken_where_the_log_has_them(
    desk: Desk, rulebook: Rulebook
) -> None:
    new = a_decision(desk.log)
    decision = {**new.parts["decision"], "urgency": "within_a_year"}
    decision["route"] = {**decision["route"], "id": "asylum"}
    decision["reasoning"] = [{"rule": "rule-of-1890"}]
    entry = desk.log.append(replace(new, parts={**new.parts, "decision": decision}))
    assert "asylum" not in rulebook.vocabulary.routes
    body = {"route": ["asylum"], "urgency": ["within_a_year"], "rule": ["rule-of-1890"]}
    assert [one["sequence"] for one in desk.found(body)["decisions"]] == [entry.sequence]


def test_filters_left_empty_or_null_are_left_out(desk: Desk) -> None:
    nothing: list[str] = []
    body = {"route": nothing, "person": None, "overridden": None, "from": None, "limit": None}
    assert desk.found(body) == desk.found({})


def test_the_document_shows_how(desk: Desk) -> None:
    paths = desk.client.get("/openapi.json").get_json()["paths"]
    for what in ("search", "export"):
        call = paths[f"/v1/decisions/{what}"]["post"]
        sent = call["requestBody"]["content"]["application/json"]["examples"]
        for example in sent.values():
            assert desk.post(what, example["value"]).status_code == 200
    answered = paths["/v1/decisions/search"]["post"]["responses"]["200"]
    example = answered["content"]["application/json"]["example"]
    assert searched_schema().validate(example) == {}
    assert tuple(example["decisions"][0]) == COLUMNS
