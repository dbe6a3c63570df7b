from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import a_referral
from tests.fhir.api.reading.desk import (
    BASE,
    NHS,
    Desk,
    ids,
    link,
    refused,
    resource_in,
    resources,
)
from tests.fhir.writing.oracles import check
from triage.domain.caller import Caller, Role
from triage.domain.referred import Cancelled
from triage.fhir.parameters import SEARCHED
from triage.persons import Reason, erase, of_decision
from triage.searching import sealed, sifting

TYPES = ("ServiceRequest", "GuidanceResponse")

NUMBER, ANOTHER = "9990000026", "9990000034"


def pages(desk: Desk, address: str, role: Role = Role.GP_SYSTEM) -> Iterator[list[str]]:
    for page in desk.every_page(desk.read(address, role), role=role):
        yield ids(page)


@pytest.mark.parametrize("type_", TYPES)
def test_the_newest_come_first_page_by_page_each_of_them_once(own_desk: Desk, type_: str) -> None:
    recorded = [own_desk.refer() for _ in range(7)]
    found = list(pages(own_desk, f"/fhir/{type_}?_count=3"))
    assert [len(one) for one in found] == [3, 3, 1]
    assert [id_ for page in found for id_ in page] == recorded[::-1]


@pytest.mark.parametrize("type_", TYPES)
def test_a_page_is_r4_and_says_where_each_resource_is(own_desk: Desk, type_: str) -> None:
    id_ = own_desk.refer()
    own_desk.refer()
    page = own_desk.read(f"/fhir/{type_}?_id={id_}&_count=5")
    assert (page["type"], ids(page)) == ("searchset", [id_])
    assert page["entry"][0]["fullUrl"] == f"{BASE}/{type_}/{id_}"
    assert link(page, "self") == f"{BASE}/{type_}?_id={id_}&_count=5"
    assert link(page, "next") is None
    assert "total" not in page
    check(page)


def test_a_resource_on_a_page_is_the_one_that_is_read_by_its_id(own_desk: Desk) -> None:
    id_ = own_desk.refer()
    (found,) = resources(own_desk.read("/fhir/ServiceRequest"))
    assert found == own_desk.read(f"/fhir/ServiceRequest/{id_}")


PERSONS = ("patient:identifier", "patient.identifier", "subject:identifier", "subject.identifier")


@pytest.mark.parametrize("type_", TYPES)
@pytest.mark.parametrize("parameter", PERSONS)
def test_a_person_is_found_by_a_form(own_desk: Desk, type_: str, parameter: str) -> None:
    theirs = [own_desk.refer_person(NUMBER) for _ in range(2)]
    own_desk.refer_person(ANOTHER)
    form = {parameter: f"{NHS}|{NUMBER}"}
    page = resource_in(own_desk.post(f"/fhir/{type_}/_search", form))
    assert ids(page) == theirs[::-1]


def test_a_number_is_taken_as_people_write_it(own_desk: Desk) -> None:
    id_ = own_desk.refer_person(NUMBER)
    form = {"patient.identifier": "999 000 0026"}
    assert ids(resource_in(own_desk.post("/fhir/ServiceRequest/_search", form))) == [id_]


@pytest.mark.parametrize(
    "query",
    [
        *(f"{name}={NHS}|{NUMBER}" for name in PERSONS),
        f"patient={NUMBER}",
        "patient=Patient/1",
        "subject:Patient=1",
        "patient.name=Smith",
        "Patient:identifier=1",
        f"identifier={NHS}|{NUMBER}",
        f"identifier={NUMBER}",
        "identifier=999%20000%200026",
        f"_id={NUMBER}",
        f"anything={NUMBER}",
    ],
)
def test_a_person_is_never_looked_for_by_an_address(desk: Desk, query: str) -> None:
    for answer in (
        desk.get(f"/fhir/ServiceRequest?{query}"),
        desk.post(f"/fhir/ServiceRequest/_search?{query}", {}),
    ):
        told = refused(answer, 400)
        assert "POST to ServiceRequest/_search" in told
        assert NUMBER not in told
        assert "Smith" not in told


def test_no_link_names_the_person_who_was_looked_for(own_desk: Desk) -> None:
    for _ in range(3):
        own_desk.refer_person(NUMBER)
    form = {"patient.identifier": f"{NHS}|{NUMBER}", "_count": "2"}
    page = resource_in(own_desk.post("/fhir/ServiceRequest/_search", form))
    assert link(page, "self") == f"{BASE}/ServiceRequest?_count=2"
    onward = link(page, "next")
    assert onward is not None
    assert parse_qs(urlsplit(onward).query).keys() == {"_cursor"}
    assert len(ids(resource_in(own_desk.get(onward)))) == 1
    again = resource_in(own_desk.post("/fhir/ServiceRequest/_search", form))
    assert link(again, "next") != onward


def test_who_looked_is_recorded_with_what_they_saw_and_without_the_number(own_desk: Desk) -> None:
    id_ = own_desk.refer_person(NUMBER)
    form = {"patient.identifier": f"{NHS}|{NUMBER}"}
    own_desk.post("/fhir/ServiceRequest/_search", form, Role.CLINICIAN)
    entry = own_desk.last()
    assert (entry["kind"], entry["person"], entry["found"]) == ("search", True, [id_])
    assert entry["by"]["role"] == "clinician"
    assert NUMBER not in str(entry)


def test_a_search_that_names_nobody_is_recorded_too_for_it_shows_people(own_desk: Desk) -> None:
    id_ = own_desk.refer()
    own_desk.read("/fhir/GuidanceResponse")
    assert (own_desk.last()["person"], own_desk.last()["found"]) == (False, [id_])


@pytest.mark.parametrize("type_", TYPES)
def test_a_gp_system_finds_what_it_recorded_and_a_clinician_everything(
    own_desk: Desk, type_: str
) -> None:
    own, other = own_desk.refer_person(NUMBER), own_desk.refer_person(NUMBER, "another-system")
    assert ids(own_desk.read(f"/fhir/{type_}")) == [own]
    assert own_desk.last()["found"] == [own]
    assert "entry" not in own_desk.read(f"/fhir/{type_}?_id={other}")
    assert ids(own_desk.read(f"/fhir/{type_}", Role.CLINICIAN)) == [other, own]
    form = {"patient.identifier": f"{NHS}|{NUMBER}"}
    found = own_desk.post(f"/fhir/{type_}/_search", form, system="another-system")
    assert ids(resource_in(found)) == [other]


def test_what_lies_far_back_is_found_by_going_on(
    own_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sifting, "LARGEST_LIMIT", 3)
    monkeypatch.setattr(sifting, "TURNS", 1)
    own = [own_desk.refer() for _ in range(2)]
    for _ in range(8):
        own_desk.refer(system="another-system")
    found = list(pages(own_desk, "/fhir/ServiceRequest"))
    assert [] in found
    assert [id_ for page in found for id_ in page] == own[::-1]


def test_a_system_alone_can_go_on_with_its_own_search(own_desk: Desk) -> None:
    for _ in range(3):
        own_desk.refer()
        own_desk.refer(system="another-system")
    onward = str(link(own_desk.read("/fhir/ServiceRequest?_count=1"), "next"))
    refused(own_desk.get(onward, system="another-system"), 422)
    refused(own_desk.get(onward, Role.CLINICIAN), 422)
    refused(own_desk.get(f"{onward}&_count=2"), 400)
    refused(own_desk.get(onward.replace("ServiceRequest", "GuidanceResponse")), 400)
    refused(own_desk.get(onward[:-9] + "AAAAAAAA="), 422)
    assert len(ids(own_desk.read(onward))) == 1


@pytest.mark.parametrize("cursor", ["", "a", "ä", "gAAAAAB", "=" * 500])
def test_a_made_up_cursor_is_refused(desk: Desk, cursor: str) -> None:
    told = refused(desk.get(f"/fhir/ServiceRequest?_cursor={quote(cursor)}"), 422)
    assert "begin the search anew" in told


def test_a_link_is_good_for_an_hour(own_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(2):
        own_desk.refer()
    onward = str(link(own_desk.read("/fhir/ServiceRequest?_count=1"), "next"))
    monkeypatch.setattr(sealed, "HOUR", -1)
    refused(own_desk.get(onward), 422)


RECEIVED = datetime(2026, 11, 20, 12, tzinfo=UTC)

MOMENTS = [RECEIVED + timedelta(hours=hours) for hours in (-36, -12, -1, 0, 1, 13, 40)]

DAY = (datetime(2026, 11, 20, tzinfo=UTC), datetime(2026, 11, 21, tzinfo=UTC))

SECOND = (RECEIVED, RECEIVED + timedelta(seconds=1))


@pytest.fixture(scope="module")
def dated(desk: Desk) -> dict[str, datetime]:
    """Referrals received at some moments, by the ids of the decisions on them."""
    return {desk.refer(replace(a_referral(), received_at=at)): at for at in MOMENTS}


@pytest.mark.parametrize("prefix", ["", "eq", "ge", "gt", "le", "lt"])
@pytest.mark.parametrize(
    ("written", "span"), [("2026-11-20", DAY), ("2026-11-20T12:00:00Z", SECOND)]
)
def test_requests_are_found_by_when_they_came_in(
    desk: Desk,
    dated: dict[str, datetime],
    prefix: str,
    written: str,
    span: tuple[datetime, datetime],
) -> None:
    begins, ends = span
    fits = {
        "": lambda at: begins <= at < ends,
        "eq": lambda at: begins <= at < ends,
        "ge": lambda at: at >= begins,
        "gt": lambda at: at >= ends,
        "le": lambda at: at < ends,
        "lt": lambda at: at < begins,
    }[prefix]
    address = f"/fhir/ServiceRequest?authored={prefix}{written}&_count=100"
    found = {id_ for page in pages(desk, address) for id_ in page}
    assert found & dated.keys() == {id_ for id_, at in dated.items() if fits(at)}


def test_two_dates_bound_a_span(desk: Desk, dated: dict[str, datetime]) -> None:
    address = "/fhir/ServiceRequest?authored=ge2026-11-20&authored=lt2026-11-21&_count=100"
    found = {id_ for page in pages(desk, address) for id_ in page}
    assert found & dated.keys() == {id_ for id_, at in dated.items() if DAY[0] <= at < DAY[1]}


def test_guidance_is_found_by_when_it_was_recorded(own_desk: Desk) -> None:
    recorded = [own_desk.refer() for _ in range(4)]
    guidance = [own_desk.read(f"/fhir/GuidanceResponse/{id_}") for id_ in recorded]
    moment = guidance[2]["occurrenceDateTime"]
    later = [one["id"] for one in guidance if one["occurrenceDateTime"] >= moment]
    found = ids(own_desk.read(f"/fhir/GuidanceResponse?occurrence=ge{moment}"))
    assert sorted(found) == sorted(later)
    assert "entry" not in own_desk.read("/fhir/GuidanceResponse?occurrence=lt2020-01-01")
    assert len(ids(own_desk.read("/fhir/GuidanceResponse?occurrence=gt2020-01-01"))) == 4


def test_a_day_begins_as_it_does_in_the_united_kingdom(own_desk: Desk) -> None:
    in_summer = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    id_ = own_desk.refer(replace(a_referral(), received_at=in_summer))
    assert ids(own_desk.read("/fhir/ServiceRequest?authored=2026-07-02")) == [id_]
    assert "entry" not in own_desk.read("/fhir/ServiceRequest?authored=2026-07-01")


def test_requests_are_found_by_how_soon_they_are_wanted_now(own_desk: Desk) -> None:
    routine, raised = own_desk.refer(), own_desk.refer()
    crisis = own_desk.refer(a_referral(intent="strong"))
    own_desk.override(raised, "crisis", "very_urgent")
    assert ids(own_desk.read("/fhir/ServiceRequest?priority=asap")) == [crisis, raised]
    assert ids(own_desk.read("/fhir/ServiceRequest?priority=routine")) == [routine]
    assert len(ids(own_desk.read("/fhir/ServiceRequest?priority=routine,asap"))) == 3
    assert own_desk.last()["found"] == [crisis, raised, routine]


def test_requests_are_found_by_whether_they_were_taken_back(own_desk: Desk) -> None:
    active, revoked, wrong = (own_desk.refer() for _ in range(3))
    own_desk.cancel(revoked, Cancelled.REVOKED)
    own_desk.cancel(wrong, Cancelled.ENTERED_IN_ERROR)
    for status, id_ in (("active", active), ("revoked", revoked), ("entered-in-error", wrong)):
        assert ids(own_desk.read(f"/fhir/ServiceRequest?status={status}")) == [id_]


def test_decisions_are_found_by_their_own_identifier(own_desk: Desk) -> None:
    id_, other = own_desk.refer(), own_desk.refer()
    (named,) = own_desk.read(f"/fhir/GuidanceResponse/{id_}")["identifier"]
    found = own_desk.read(f"/fhir/GuidanceResponse?identifier={named['system']}|{id_}")
    assert ids(found) == [id_]
    assert len(ids(own_desk.read(f"/fhir/ServiceRequest?_id={id_},{other}"))) == 2
    assert "entry" not in own_desk.read(f"/fhir/ServiceRequest?_id={id_}&_id={other}")


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("identifier=https://fhir.nhs.uk/Id/UBRN|000000070000", "must be the id of a decision"),
        ("_id=1", "_id must be ids as resources have them here"),
        ("_id=", "_id must be ids"),
        ("_count=0", "_count must be a number from 1 to 100"),
        ("_count=many", "_count must be a number"),
        ("priority=soon", "priority must be one or more of: routine, urgent, asap, stat"),
        ("status=draft", "status must be one or more of: active, revoked, entered-in-error"),
        ("authored=yesterday", "authored must be a day, or a moment"),
        ("authored=ne2026-11-20", "authored must be a day, or a moment"),
        ("authored=2026-11-31", "authored must be a day of the calendar"),
        ("authored=2026-11-20T10:00:00", "authored has no time zone"),
        ("occurrence=2026-11-20", "A parameter is not known here"),
        ("given-name=Smith", "A parameter is not known here; there are: _id, identifier,"),
        ("_include=ServiceRequest:patient", "A parameter is not known here"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_a_remedy(desk: Desk, query: str, says: str) -> None:
    told = refused(desk.get(f"/fhir/ServiceRequest?{query}"), 400)
    assert says in told
    assert "Smith" not in told
    assert "REC_BAD_REQUEST" in told


def test_everything_that_is_wrong_is_said_at_once(desk: Desk) -> None:
    told = refused(desk.get("/fhir/ServiceRequest?_count=x&priority=y&authored=z"), 400)
    assert all(f"{name} must be" in told for name in ("_count", "priority", "authored"))


@pytest.mark.parametrize(
    "form",
    [
        {"patient.identifier": "https://elsewhere.example|1"},
        {"patient.identifier": f"{NHS}|12"},
        {"patient.identifier": [f"{NHS}|{NUMBER}", f"{NHS}|{ANOTHER}"]},
        {"patient": "Patient/1"},
    ],
)
def test_a_person_who_cannot_be_looked_for_so_is_refused(
    desk: Desk, form: dict[str, str | list[str]]
) -> None:
    told = refused(desk.post("/fhir/ServiceRequest/_search", form), 400)
    assert NUMBER not in told


def test_a_search_by_post_is_a_form(desk: Desk) -> None:
    told = refused(
        desk.post("/fhir/ServiceRequest/_search", "{}", content_type="application/fhir+json"), 415
    )
    assert "application/x-www-form-urlencoded" in told


def test_a_search_answers_in_json_alone(desk: Desk) -> None:
    refused(desk.get("/fhir/ServiceRequest?_format=xml"), 406)
    refused(desk.get("/fhir/ServiceRequest", Accept="application/fhir+xml"), 406)
    page = desk.read("/fhir/ServiceRequest?_format=json&_count=1")
    assert link(page, "self") == f"{BASE}/ServiceRequest?_count=1"


def test_an_operator_looks_for_nobody(desk: Desk) -> None:
    refused(desk.get("/fhir/ServiceRequest", Role.OPERATOR), 403)
    refused(desk.post("/fhir/GuidanceResponse/_search", {}, Role.OPERATOR), 403)


def test_a_person_who_was_erased_is_found_no_more_but_the_decision_is(own_desk: Desk) -> None:
    id_ = own_desk.refer_person(NUMBER)
    (erasable,) = of_decision(own_desk.log, id_)
    erase(own_desk.log, erasable, Caller(Role.OPERATOR, "an-operator"), Reason.PERSON_REQUEST)
    form = {"patient.identifier": f"{NHS}|{NUMBER}"}
    assert "entry" not in resource_in(own_desk.post("/fhir/ServiceRequest/_search", form))
    (found,) = resources(own_desk.read("/fhir/ServiceRequest"))
    assert found["id"] == id_
    assert NUMBER not in str(found)


VALUES = st.sampled_from(
    ["", "1", "active", "ge2026", "2026-11-20", "|", ",", "a|b", f"{NHS}|{NUMBER}", "9" * 400]
) | st.text(max_size=20)

PARAMETERS = st.sampled_from(
    [one.name for one in SEARCHED["ServiceRequest"]] + ["_cursor", "_format", "patient", ""]
) | st.text(max_size=10)

ASKED = st.lists(st.tuples(PARAMETERS, VALUES), max_size=4)


@settings(deadline=None)
@given(asked=ASKED, by_form=st.booleans())
def test_whatever_is_asked_is_answered_or_refused(
    desk: Desk, asked: list[tuple[str, str]], *, by_form: bool
) -> None:
    written = urlencode(asked, errors="replace")
    if by_form:
        answer = desk.post("/fhir/ServiceRequest/_search", written)
    else:
        answer = desk.get(f"/fhir/ServiceRequest?{written}")
    assert answer.status_code in (200, 400, 406, 422)
    told = answer.get_json(force=True)
    assert told["resourceType"] == ("Bundle" if answer.status_code == 200 else "OperationOutcome")
    assert NUMBER not in str(told.get("link", told.get("issue")))
