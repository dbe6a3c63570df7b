"""The decision page: a person can follow it from answers to levels to route."""

from __future__ import annotations

import re
from http import HTTPStatus

from tests.builders import MILD_ANSWERS, referral_builder
from tests.edited_rules import EditedRules
from tests.pages.html import Page
from tests.recorded import CLINICIAN as A_CLINICIAN
from tests.recorded import recorded
from tests.web.decision.desk import AUDITOR, CLINICIAN, HANDLER, IN_CRISIS, OPERATOR, Desk
from triage import persons
from triage.persons import Reason
from triage.rulebook import Rulebook, load_rulebook
from triage.signing import Conclusion, Statement, sign
from triage.store.entries import Kind, NewEntry

NO_INDICATORS = "No immediate-safety indicators recorded"


def test_a_crisis_is_followed_from_its_answers_to_its_route(desk: Desk) -> None:
    page = desk.page(desk.refer(answers=IN_CRISIS))
    for told in (
        "Crisis team: within 4 hours",
        "There is strong intent.",
        "Doncaster crisis resolution and home treatment team",
        "999 000 0026",
        "Thoughts of harm frequent thoughts",
        "DaSH CMHT/CRHTT",
        "A current danger goes to the crisis team",
        "stated by a source",
        "These two answers alone force it, whatever the rest is: Crisis team,",
        "“Intent” is strong intent",
        "Would be Emergency services if “Emergency now” were yes.",
        "Who referred is told by letter: on its way.",
        "Proved just now.",
        "the same, byte for byte",
        "nobody has signed these rules yet",
    ):
        assert told in page.text, told
    assert "tel:01632960001" in page.links
    assert "/rules#rule-risk-high" in page.links
    assert "Do not rely on this page" not in page.text


def test_the_cells_of_this_person_are_marked_in_words_and_risk_never_reads_as_low(
    desk: Desk,
) -> None:
    decision = desk.refer()
    html = desk.browser(AUDITOR).get(f"/decisions/{decision}").text
    table = html[html.index("<table") :].split("</table>")
    matrix = next(one for one in table if "matrix-table" in one)
    assert matrix.count("This person") == 7
    (risk,) = re.findall(r'<td headers="matrix-risk"[^>]*>(.*?)</td>', matrix, re.DOTALL)
    assert NO_INDICATORS in risk
    assert "PCT IAPT Primary Care Team" in risk
    said = desk.page(decision).text.lower()
    assert not re.search(r"\blow risk|risk(,|:| is| level is)? low\b", said)


def test_what_was_not_asked_is_not_known(desk: Desk, rulebook: Rulebook) -> None:
    page = desk.page(desk.refer(answers={}, declined=["wsas_total"]))
    assert "Clinical review: the same day" in page.text
    assert page.text.count("Not known ✓ This person") == 8  # once in the row, and in the list
    assert "Asked, and declined WSAS total" in page.text
    assert f"Not asked: {len(rulebook.vocabulary.answers) - 1}" in page.text
    assert "Needs information: a clinician asks about risk" in page.text
    assert "“Thoughts of harm” was not asked" in page.text


def test_a_call_handler_is_told_neither_what_would_change_it_nor_who_looked(desk: Desk) -> None:
    decision = desk.refer(answers=IN_CRISIS)
    heard, read = desk.page(decision, HANDLER).text, desk.page(decision, AUDITOR).text
    for told in ("What would change it", "Who looked at it"):
        assert told in read
        assert told not in heard
    assert "alone force it" in heard
    assert "Decide otherwise" not in heard + read


def test_it_is_open_to_those_who_read_decisions_and_each_look_is_recorded(desk: Desk) -> None:
    decision = desk.refer()
    browser = desk.browser(HANDLER)
    browser.page(f"/decisions/{decision}")
    browser.page(f"/decisions/{decision}/summary")
    browser.page(f"/decisions/{decision}/letter")
    assert desk.looks(decision) == ["page", "summary", "letter"]
    refused = desk.browser(OPERATOR).get(f"/decisions/{decision}")
    assert refused.status_code == HTTPStatus.FORBIDDEN
    assert browser.get(f"/decisions/{decision}/override").status_code == HTTPStatus.FORBIDDEN
    unknown = browser.get("/decisions/00000000-0000-4000-8000-000000000000")
    assert unknown.status_code == HTTPStatus.NOT_FOUND
    assert desk.looks(decision) == ["page", "summary", "letter"]


def test_both_teams_of_a_concurrent_need_are_said(desk: Desk) -> None:
    answers = {**MILD_ANSWERS, "daily_functioning": "marked", "substance_use": "dependent"}
    page = desk.page(desk.refer(answers=answers))
    assert "Community mental health team: within 72 hours" in page.text
    assert "Substance misuse service (at the same time: both teams act)" in page.text


def test_own_words_are_read_until_they_are_erased(desk: Desk) -> None:
    answers = {**MILD_ANSWERS, "long_term_conditions": ["a bad back"]}
    decision = desk.refer(answers=answers)
    assert "a bad back" in desk.page(decision).text
    (one,) = persons.of_decision(desk.log, decision)
    persons.erase(desk.log, one, A_CLINICIAN, Reason.PERSON_REQUEST)
    page = desk.page(decision)
    assert "What named this person was erased." in page.text
    assert "because the person asked for it" in page.text
    assert "Long-term conditions in the person's own words" in page.text
    assert "999 000 0026" not in page.text
    assert "a bad back" not in page.text
    assert "Proved just now." in page.text


def test_notes_are_read_by_people_as_they_were_written(desk: Desk) -> None:
    decision = desk.refer(notes="Never ring the landline. <b>He</b> listens.")
    shown = desk.page(decision).text
    assert "Never ring the landline. <b>He</b> listens." in shown
    browser = desk.browser(HANDLER)
    assert "Never ring the landline." in browser.page(f"/decisions/{decision}/summary").text
    assert "Never ring" not in browser.page(f"/decisions/{decision}/letter").text
    (one,) = persons.of_decision(desk.log, decision)
    persons.erase(desk.log, one, A_CLINICIAN, Reason.PERSON_REQUEST)
    assert "Never ring" not in desk.page(decision).text


def test_what_no_longer_stands_is_said_first(desk: Desk) -> None:
    first = desk.refer(answers=IN_CRISIS)
    second = desk.refer(supersedes=first)
    page = desk.page(first)
    assert f"/decisions/{second}" in page.links
    assert "A later decision took the place of this one." in page.text
    assert "What stands now" not in page.text
    assert f"/decisions/{first}" in desk.page(second).links
    assert "What was decided before on this referral was more urgent" in desk.page(second).text
    cancelled = NewEntry(Kind.CANCELLATION, A_CLINICIAN, {"status": "revoked"}, second)
    desk.log.append(cancelled)
    told = desk.page(second).text
    assert "Cancelled: Talking therapies, step 2" in told
    assert "Booking" not in told


def test_a_decision_of_the_past_is_told_in_the_words_of_its_own_rules(
    desk: Desk, rulebook: Rulebook, edited_rules: EditedRules
) -> None:
    edited_rules.replace("rulebook.yaml", 'version: "2026.1"', 'version: "2025.9"')
    edited_rules.replace("vocabulary.yaml", "title: Thoughts of harm\n", "title: Dark thoughts\n")
    edited_rules.replace("safety.yaml", "There is a current danger.", "A danger is at hand.")
    past = load_rulebook(edited_rules.directory)
    referral = referral_builder(**IN_CRISIS).of_patient(age=40).build()
    (answered,) = recorded(desk.log, past, [referral])
    sign(desk.log, past, Statement(Conclusion.APPROVED), A_CLINICIAN)
    page = desk.page(answered.decision_id)
    assert "Dark thoughts" in page.text
    assert "A danger is at hand." in page.text
    assert "Today's rulebook does not have this rule in the same words." in page.text
    assert "/rules#rule-severity-low" in page.links
    assert "the same, byte for byte" in page.text
    assert "approved by a-clinician, a clinician, at" in page.text
    assert f"others: doncaster {rulebook.stamp.version}" in page.text


def test_a_look_is_told_to_those_who_may_know(desk: Desk) -> None:
    decision = desk.refer()
    desk.browser(HANDLER).page(f"/decisions/{decision}")
    assert "asha-begum, a call handler Page" in desk.page(decision, CLINICIAN).text


def test_papers_hold_their_own_style_and_nothing_else(desk: Desk) -> None:
    browser, decision = desk.browser(HANDLER), desk.refer(answers=IN_CRISIS)
    for paper in ("summary", "letter"):
        answer = browser.get(f"/decisions/{decision}/{paper}")
        assert answer.status_code == HTTPStatus.OK
        assert "style-src 'sha256-" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "no-store"
        page = Page(answer.text)
        assert page.loads == []
        assert "01632 960001" in page.text.replace("\u00a0", " ")
    pdf = browser.get(f"/decisions/{decision}/letter.pdf")
    assert pdf.content_type == "application/pdf"
    assert pdf.data.startswith(b"%PDF")
    assert "9990000026" not in pdf.headers["Content-Disposition"]
