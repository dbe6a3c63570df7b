"""A clinician signs the rules, or sends them back; everybody can read that."""

from __future__ import annotations

from http import HTTPStatus

from tests.pages.html import Page
from tests.web.decision.desk import CLINICIAN, HANDLER, SECOND, Desk
from triage.rulebook import Rulebook
from triage.signing import signed

SIGN = "/rules/sign"

FILLED = {"conclusion": "approved", "note": "Read with the safety officer.", "confirmed": "yes"}


def overview(desk: Desk) -> str:
    """What anybody reads first of the rules."""
    return Page(desk.app.test_client().get("/rules").text).text


def test_signing_is_for_clinicians(unsigned: Desk) -> None:
    assert unsigned.app.test_client().get(SIGN).status_code == HTTPStatus.SEE_OTHER
    handler = unsigned.browser(HANDLER)
    assert handler.get(SIGN).status_code == HTTPStatus.FORBIDDEN
    assert "Asha Begum" in handler.get(SIGN).text
    assert SIGN not in handler.page("/rules").links
    assert SIGN in unsigned.browser(CLINICIAN).page("/rules").links


def test_what_is_signed_is_shown(unsigned: Desk, rulebook: Rulebook) -> None:
    text = unsigned.browser(CLINICIAN).page(SIGN).text
    assert rulebook.stamp.digest in text
    assert "no rules were ever approved here before" in text
    assert "What is promised of unknown risk" in text


def test_an_empty_form_is_shown_again_with_what_is_missing(unsigned: Desk) -> None:
    browser = unsigned.browser(CLINICIAN)
    answer = browser.send(SIGN, conclusion="sent_back")
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    shown = Page(answer.text)
    assert {"#note", "#confirmed"} <= set(shown.links)
    assert {"note", "confirmed"} <= set(shown.ids)
    assert 'value="sent_back" checked' in answer.text
    kept = browser.send(SIGN, note="All is as it should be.")
    assert "Say whether you approve the rules or send them back" in kept.text
    assert "All is as it should be.</textarea>" in kept.text
    long = browser.send(SIGN, **{**FILLED, "note": "a" * 2001})
    assert "Shorten the note to 2,000 characters" in long.text


def test_rules_that_changed_meanwhile_are_not_signed(unsigned: Desk) -> None:
    answer = unsigned.browser(CLINICIAN).send(SIGN, digest=f"sha256:{'0' * 64}", **FILLED)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "The rules changed while you read them" in answer.text


def test_a_signature_is_in_the_log_and_on_the_first_page(
    unsigned: Desk, rulebook: Rulebook
) -> None:
    assert "No clinician has signed these rules" in overview(unsigned)
    browser = unsigned.browser(CLINICIAN)
    answer = browser.send(SIGN, **FILLED)
    assert (answer.status_code, answer.location) == (HTTPStatus.SEE_OTHER, "/rules")
    (one,) = signed(unsigned.log, rulebook.stamp.digest)
    assert (one.by.subject, one.conclusion, one.note) == (CLINICIAN, "approved", FILLED["note"])
    told = overview(unsigned)
    assert "Signed by Ruth Okoro at " in told
    assert FILLED["note"] not in told
    assert FILLED["note"] in browser.page(SIGN).text
    assert "these are the rules that were approved last" in browser.page(SIGN).text
    again = browser.send(SIGN, **FILLED)
    assert again.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "You have signed these rules so already" in again.text
    unsigned.browser(SECOND).send(SIGN, **{**FILLED, "conclusion": "sent_back"})
    both = overview(unsigned)
    assert "Sent back by Ian Walker at " in both
    assert "Signed by Ruth Okoro at " in both
