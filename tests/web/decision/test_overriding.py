"""Deciding otherwise on a page, and the second person."""

from __future__ import annotations

import re
from http import HTTPStatus

from tests.web.decision.desk import AUDITOR, CLINICIAN, IN_CRISIS, SECOND, Browser, Desk
from triage.overrides import standing

HIGHER = {
    "route": "crisis",
    "urgency": "very_urgent",
    "reason": "risk_judgement",
    "comment": "Worse.\r\nMuch worse.",
}
LOWER = {**HIGHER, "route": "cmht", "urgency": "soon", "comment": "An old plan."}


def sent(browser: Browser, decision: str, **fields: str) -> str:
    """The address to which a form that was taken leads."""
    answer = browser.send(f"/decisions/{decision}/override", **fields)
    assert answer.status_code == HTTPStatus.SEE_OTHER, answer.text
    return str(answer.location)


def test_a_higher_urgency_stands_at_once_and_it_is_said_who_is_told(desk: Desk) -> None:
    decision, browser = desk.refer(), desk.browser(CLINICIAN)
    form = browser.page(f"/decisions/{decision}/override")
    assert "What stands now Route Talking therapies, step 2" in form.text
    page = browser.page(sent(browser, decision, **HIGHER))
    assert "Recorded as entry" in page.text
    assert "Who referred is told by letter: on its way." in page.text
    assert "Was it a slip?" in page.text
    assert "Decided otherwise by a person." in page.text
    assert "The rules said Talking therapies, step 2, routine (4 weeks)" in page.text
    assert "Reason: Clinical judgement on risk." in page.text
    assert "Much worse." in page.text
    assert standing(desk.log, decision).route == "crisis"


def test_a_lower_urgency_waits_for_a_second_person(desk: Desk) -> None:
    decision, first = desk.refer(answers=IN_CRISIS), desk.browser(CLINICIAN)
    form = first.page(f"/decisions/{decision}/override").text
    assert "Soon (72 hours) Less urgent than what stands: a second person must confirm" in form
    page = first.page(sent(first, decision, **LOWER)).text
    assert "It waits for a second person: until they confirm it" in page
    assert "A lower urgency was asked for: Community mental health team" in page
    assert "Decided otherwise" not in page
    assert "A lower urgency waits for a second person: Community mental health team" in page
    assert "Confirm the lower urgency" not in page
    assert "Withdraw it" in page
    assert "Confirm the lower urgency" not in desk.page(decision, AUDITOR).text
    second = desk.browser(SECOND)
    shown = second.get(f"/decisions/{decision}").text
    (address,) = re.findall(r'action="([^"]+/confirm)"', shown)
    answer = second.send(address)
    assert answer.status_code == HTTPStatus.SEE_OTHER
    told = second.page(str(answer.location)).text
    assert "Confirmed by a second person: Community mental health team, soon" in told
    assert "Community mental health team: within 72 hours" in told
    again = first.send(address.replace("/confirm", "/withdraw"))
    assert again.status_code == HTTPStatus.CONFLICT


def test_what_waits_can_be_withdrawn(desk: Desk) -> None:
    decision, browser = desk.refer(answers=IN_CRISIS), desk.browser(CLINICIAN)
    shown = browser.get(sent(browser, decision, **LOWER)).text
    (address,) = re.findall(r'action="([^"]+/withdraw)"', shown)
    page = browser.page(str(browser.send(address).location)).text
    assert "The lower urgency was withdrawn" in page
    assert "Crisis team: within 4 hours" in page


def test_faults_stand_at_their_fields_and_what_was_typed_is_still_there(desk: Desk) -> None:
    decision, browser = desk.refer(), desk.browser(CLINICIAN)
    path = f"/decisions/{decision}/override"
    answer = browser.send(path, route="cmht", urgency="tea", comment="Because <b>.")
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert 'href="#reason"' in answer.text
    assert "Choose why you decide otherwise" in answer.text
    assert "Urgency is not one of the choices" in answer.text
    assert "Because &lt;b&gt;." in answer.text
    assert re.search(r'value="cmht"\s+checked', answer.text)
    same = browser.send(path, **{**HIGHER, "route": "iapt_step_2", "urgency": ""})
    assert same.status_code == HTTPStatus.CONFLICT
    assert "This route stands already" in same.text
    assert standing(desk.log, decision).by == "decision"


def test_nobody_decides_otherwise_than_what_they_have_not_seen(desk: Desk) -> None:
    decision, browser = desk.refer(), desk.browser(CLINICIAN)
    sent(desk.browser(SECOND), decision, **HIGHER)
    answer = browser.send(f"/decisions/{decision}/override", **LOWER, seen="1")
    assert answer.status_code == HTTPStatus.CONFLICT
    assert "Something was recorded about this decision while you filled this in" in answer.text
    assert "What stands now</h2>" in answer.text
    assert standing(desk.log, decision).route == "crisis"


def test_a_form_of_another_page_is_refused(desk: Desk) -> None:
    decision, browser = desk.refer(), desk.browser(CLINICIAN)
    answer = browser.send(f"/decisions/{decision}/override", **HIGHER, form="forged")
    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert standing(desk.log, decision).by == "decision"
