"""Decisions are found by filters that stand in the address; a person never does."""

from __future__ import annotations

import csv
import io
from html import unescape
from http import HTTPStatus

from werkzeug.datastructures import MultiDict

from tests.pages.html import Page
from tests.web.audit.asking import send
from tests.web.audit.conftest import SOMEBODY
from tests.web.decision.desk import AUDITOR, CLINICIAN, Desk
from triage.domain.search import Search
from triage.store.entries import Entry
from triage.store.search import last_entry
from triage.web.audit.finding import NEWEST, Place, Turned, turned_to
from triage.web.audit.query import body_of, query_of

PATH = "/audit/decisions"


def of_decisions(page: Page) -> list[str]:
    """The decisions that a page leads to, in order."""
    return [link for link in page.links if link.startswith("/decisions/")]


def newest(desk: Desk) -> Entry:
    """The last entry of the log."""
    found = desk.log.entry(last_entry(desk.log))
    assert found is not None
    return found


def test_decisions_are_found_by_what_stands_in_the_address(desk: Desk) -> None:
    page = desk.browser(AUDITOR).page(f"{PATH}?route=crisis&ods_code=C86001")
    assert "2 decisions" in page.text
    assert len(of_decisions(page)) == 2
    assert f"{PATH}?ods_code=C86001" in page.links  # the same without one of its filters
    everything = of_decisions(desk.browser(CLINICIAN).page(PATH))
    assert len(everything) == 9
    assert set(of_decisions(page)) < set(everything)
    overridden = desk.browser(AUDITOR).page(f"{PATH}?overridden=true")
    assert "1 decision " in overridden.text
    assert "Overridden" in overridden.text


def test_days_are_whole_days_of_the_united_kingdom() -> None:
    body = body_of(query_of(MultiDict([("from", "2026-06-01"), ("to", "2026-10-25")])))
    assert body == {"from": "2026-06-01T00:00:00+01:00", "to": "2026-10-26T00:00:00+00:00"}


def test_codes_may_be_typed_with_commas_between_them() -> None:
    assert query_of(MultiDict([("ods_code", "C86001, C86002 ")])) == {
        "ods_code": ["C86001", "C86002"]
    }


def test_what_is_not_right_is_said_at_its_field_and_stays_there(desk: Desk) -> None:
    answer = desk.browser(AUDITOR).get(f"{PATH}?route=crises&from=2026-02-02&to=2026-02-01")
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    page = Page(answer.text)
    assert {"#route", "#to"} <= set(page.links)
    assert "did you mean crisis?" in page.text
    assert "The last day is before the first" in page.text
    assert 'value="2026-02-02"' in answer.text


def test_a_person_cannot_stand_in_the_address(desk: Desk) -> None:
    for name in ("person", "nhs_number"):
        answer = desk.browser(AUDITOR).get(f"{PATH}?{name}={SOMEBODY}")
        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert SOMEBODY not in answer.text


def test_a_person_is_found_by_a_form_and_that_is_recorded_without_the_number(desk: Desk) -> None:
    answer = send(desk.browser(CLINICIAN), PATH, nhs_number="999 000 0077")
    page = Page(answer.text)
    assert "1 decision about this person" in page.text
    assert not any(SOMEBODY in link for link in page.links)
    entry = newest(desk).content
    assert entry["kind"] == "search"
    assert entry["person"] is True
    assert [f"/decisions/{one}" for one in entry["found"]] == of_decisions(page)
    assert SOMEBODY not in str(entry)


def test_what_is_no_nhs_number_is_said_at_its_field(desk: Desk) -> None:
    answer = send(desk.browser(AUDITOR), PATH, nhs_number="999")
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "#nhs_number" in Page(answer.text).links


def test_auditors_take_decisions_away_and_clinicians_do_not(desk: Desk) -> None:
    answer = send(desk.browser(AUDITOR), f"{PATH}/export", route="crisis")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["route"] for row in rows] == ["crisis", "crisis"]
    assert newest(desk).content["kind"] == "export"
    refused = send(desk.browser(CLINICIAN), f"{PATH}/export", route="crisis")
    assert refused.status_code == HTTPStatus.FORBIDDEN


def test_pages_turn_back_and_forth_over_the_same_decisions(desk: Desk) -> None:
    def numbers(turned: Turned) -> list[int]:
        return [one.entry.sequence for one in turned.found]

    first = turned_to(desk.log, Search(), NEWEST, 2)
    assert (first.newer, numbers(first)) == (None, sorted(numbers(first), reverse=True))
    second = turned_to(desk.log, Search(), Place(before=first.older), 2)
    third = turned_to(desk.log, Search(), Place(before=second.older), 2)
    assert numbers(first)[-1] > numbers(second)[0] > numbers(third)[0]
    assert numbers(turned_to(desk.log, Search(), Place(after=third.newer), 2)) == numbers(second)
    assert numbers(turned_to(desk.log, Search(), Place(after=second.newer), 2)) == numbers(first)


def test_the_link_to_a_search_is_the_whole_of_it(desk: Desk) -> None:
    shown = desk.browser(AUDITOR).get(f"{PATH}?urgency=very_urgent&route=crisis&before=99")
    link = unescape(shown.text.split('id="link" readonly value="')[1].split('"')[0])
    assert link == f"http://localhost{PATH}?route=crisis&urgency=very_urgent"
