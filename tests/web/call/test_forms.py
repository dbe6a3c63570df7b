"""Whole forms: who is referred, and a referral from a practice on one page."""

from __future__ import annotations

from http import HTTPStatus

from tests.web.call.conftest import Begin
from tests.web.call.line import Call, day

PERSON = {
    "patient.nhs_number": "999 000 0026",
    **day("patient.birth_date", 1, 2, 1985),
    "patient.ethnic_category": "Z",
    "consent_to_share": "true",
    "source": "B1",
}


def keep(call: Call, to: str, **typed: str) -> str:
    """What is said when a form is kept while it is filled in."""
    headers = {"HX-Request": "true", "Accept": "text/html"}
    sent = {**call._hidden, **typed}  # noqa: SLF001
    return call.browser.client.post(f"{call.path}/{to}", data=sent, headers=headers).text


def test_who_is_referred_is_kept_at_any_time_and_holds_nothing_up(calls: Begin) -> None:
    call = calls()
    call.look("/person")
    assert "Asked and declined" in call.words
    assert "Not known or not asked" in call.words
    assert call.send("person", do="call", **PERSON).location == call.path
    call.look("/check")
    for words in ("Postcode", "Gender", "Notes"):
        assert words in call.words.partition("Not known of the person")[2]
    assert call.record().location == f"{call.path}/end"


def test_a_number_that_fails_its_check_is_doubted_and_kept(calls: Begin) -> None:
    call = calls()
    call.look("/person")
    sent = {**PERSON, "patient.nhs_number": "9990000027"}
    assert "The NHS number fails its check digit" in keep(call, "person", **sent)
    call.look("/person")
    assert "Please check: The NHS number fails its check digit" in call.words
    assert 'value="9990000027"' in call.page


def test_what_is_wrong_is_said_at_its_field_and_stays_as_it_was_typed(calls: Begin) -> None:
    call = calls()
    call.look("/person")
    wrong = {**PERSON, **day("patient.birth_date", 41, 2, 1985), "patient.nhs_number": "12"}
    assert "Enter a day of the calendar" in keep(call, "person", **wrong)
    assert call.send("person", **wrong).status_code == 422
    assert 'href="#patient.birth_date"' in call.page
    assert 'id="patient.birth_date"' in call.page
    assert 'value="41"' in call.page
    assert "Enter the ten digits of the NHS number, or leave it out" in call.words


def test_a_referral_from_a_practice_is_entered_on_one_page(calls: Begin) -> None:
    call = calls(way="form", source="A1")
    assert call.browser.get(call.path).location == f"{call.path}/form"
    for answer in call.vocabulary.answers.values():
        assert f'"answers.{answer.name}' in call.page
    typed = {
        **PERSON,
        **day("received_at", 2, 1, 2026),
        "source": "A1",
        "referrer.ods_code": "C86001",
        "answers.phq9_total": "14",
        "answers.thoughts_of_harm": "none",
        "answers.adjustments": "interpreter",
        "answers.adjustments.more": "a quiet room\nno stairs",
    }
    assert call.send("form", do="check", **typed).location == f"{call.path}/check"
    call.look("/form")
    assert "interpreter" in call.page
    assert "a quiet room\nno stairs" in call.page
    assert (
        'name="received_at.month" type="text" inputmode="numeric" autocomplete="off" value="1"'
        in (call.page)
    )
    call.record()
    text = call.look("/end").text
    assert "The time to respond has been over since 23:59 on Friday 2 January 2026" in text
    assert "See to it now: ring" in text
    assert "Tell whoever referred, and the person" in text
    assert "They should have responded by 23:59 on Friday 2 January 2026" in text
    assert "(was due by 23:59 on Friday 2 January 2026, so now)" in text
    assert "within" not in text.partition("See to it now")[0]
    assert "caller" not in text


def test_danger_in_a_letter_is_said_while_it_is_entered(calls: Begin) -> None:
    call = calls(way="form", source="A1")
    kept = keep(call, "form", **{"answers.plan": "active", "answers.phq9_total": "many"})
    assert "Enter a whole number from 0 to 27" in kept
    assert "Crisis team: within 4 hours" in kept
    assert "Ring whoever referred, and the person if you have a number" in kept
    assert "Stay calm, and stay on the line" not in kept
    kept = keep(call, "form", **day("received_at", 2, 1, 2026))
    assert "The time to respond has been over since 04:00 on Friday 2 January 2026" in kept


def test_what_was_chosen_by_a_slip_in_a_form_can_be_left_open_again(calls: Begin) -> None:
    call = calls(way="form", source="A1")
    assert 'id="answers.emergency_now-left" value="" checked' in call.page
    call.send("form", do="stay", **{"answers.emergency_now": "true"})
    call.look("/form")
    assert 'id="answers.emergency_now-left" value="">' in call.page
    assert "Emergency now Yes" in call.look("/check").text
    call.look("/form")
    call.send("form", do="stay", **{"answers.emergency_now": ""})
    assert "Emergency now" not in call.look("/check").text.partition("Answers so far")[2]


def kept_with_what_is_shown(call: Call, to: str, **typed: str) -> None:
    """A form is kept while it is filled in: its page then hides what its boxes showed."""
    call.page = keep(call, to, **typed)


def test_a_stale_form_takes_nothing_away_that_another_window_gave(calls: Begin) -> None:
    call = calls(way="form", source="A1")
    stale = Call(call.browser, call.vocabulary, call.path)
    stale.look("/form")
    danger = {"answers.thoughts_of_harm": "frequent", "answers.plan": "active"}
    kept_with_what_is_shown(call, "form", **danger)
    untouched = {**dict.fromkeys(danger, ""), "answers.veteran": "true"}
    kept_with_what_is_shown(stale, "form", **untouched)
    kept_with_what_is_shown(stale, "form", **untouched, **{"answers.phq9_total": "14"})
    assert "Very urgent (4 hours)" in stale.words
    stale.send("form", do="check", **untouched)
    text = call.look("/check").text
    assert "Plan An active plan" in text
    assert "Veteran of the armed forces Yes" in text
    assert "PHQ-9 total 14" not in text  # it was taken away where it was shown
    call.look("/form")
    call.send("form", do="stay", **{"answers.plan": ""})
    assert "Plan An active plan" not in call.look("/check").text.partition("Answers so far")[2]


def test_a_stale_page_about_the_person_takes_nothing_away(calls: Begin) -> None:
    call = calls()
    stale = Call(call.browser, call.vocabulary, call.path)
    call.look("/person")
    stale.look("/person")
    call.send("person", **PERSON)
    typed = {"source": "B1", "notes": "Rings\r\nback at six"}
    assert stale.send("person", **typed).status_code == HTTPStatus.SEE_OTHER
    assert "Date of birth 1 February 1985" in call.look("/check").text
    assert "Rings back at six" in call.look("/person").text
