from __future__ import annotations

from tests.fhir.writing.oracles import check
from tests.fhir.writing.referred import PUBLIC_URL, Desk
from triage.fhir.writing import DecisionWriter, searchset

SELF = f"{PUBLIC_URL}/fhir/ServiceRequest?priority=routine&_count=2"


def test_a_page_says_what_was_found_and_where_more_is(desk: Desk, writer: DecisionWriter) -> None:
    found = [writer.service_request(desk.refer_somebody()) for _ in range(2)]
    page = searchset(found, 5, {"self": SELF, "next": f"{SELF}&after=2"})
    check(page)
    assert (page["type"], page["total"]) == ("searchset", 5)
    assert page["link"] == [
        {"relation": "self", "url": SELF},
        {"relation": "next", "url": f"{SELF}&after=2"},
    ]
    assert [entry["fullUrl"] for entry in page["entry"]] == [
        f"{PUBLIC_URL}/fhir/ServiceRequest/{one['id']}" for one in found
    ]
    assert {entry["search"]["mode"] for entry in page["entry"]} == {"match"}


def test_where_nothing_was_found_there_are_no_entries() -> None:
    page = searchset([], 0, {"self": SELF})
    check(page)
    assert page["total"] == 0
    assert "entry" not in page


def test_what_is_said_of_a_search_is_no_match() -> None:
    outcome = {
        "resourceType": "OperationOutcome",
        "id": "told",
        "issue": [{"severity": "information", "code": "informational"}],
    }
    page = searchset([outcome], 0, {"self": SELF})
    assert page["entry"][0]["search"] == {"mode": "outcome"}
