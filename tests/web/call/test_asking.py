"""Question after question: what is asked, what the rules say beside it, and what was said."""

from __future__ import annotations

import re
from http import HTTPStatus

import pytest

from tests.builders import MILD_ANSWERS
from tests.pages.html import Page
from tests.web.call.conftest import Begin
from tests.web.call.line import Call, boxes, day
from tests.web.decision.desk import Desk
from triage.domain.rules import NO_INDICATORS

NINE = (1, 1, 1, 1, 1, 1, 1, 1, 0)


def answer_mildly(call: Call) -> list[str]:
    """Answer whatever is asked as somebody would who has little; what was asked."""
    asked = []
    while name := call.asked:
        asked.append(name)
        if name == "patient.birth_date":
            call.press("save", **day(name, 1, 2, 1985))
        elif name.endswith("_items"):
            length = call.vocabulary.answers[name].length
            call.say(**{name: NINE[-length:]})
        else:
            call.say(**{name: MILD_ANSWERS[name]})
    return asked


def test_a_call_goes_from_the_first_question_to_one_decision(calls: Begin, desk: Desk) -> None:
    call = calls()
    assert call.asked == "emergency_now"
    assert "Is anybody in danger right now" in call.words
    assert "could still lead to: Emergency services" in call.words
    asked = answer_mildly(call)
    assert asked[:2] == ["emergency_now", "thoughts_of_harm"]
    assert len(set(asked)) == len(asked)
    assert "Nothing more decides where this goes" in call.words
    assert NO_INDICATORS in call.words.lower()
    assert re.search(r"risk:? low", call.words, re.IGNORECASE) is None
    size = desk.log.head().head.size
    call.look("/check")
    first = call.send("record", **(hidden := dict(_hidden(call))))
    again = call.send("record", **hidden)
    assert first.location == again.location == f"{call.path}/end"
    assert desk.log.head().head.size == size + 1
    page = call.look("/end")
    assert "Talking therapies, step 2: within 4 weeks" in page.text
    assert "Tell the caller" in page.text
    assert "01632 960007" in page.text
    assert any(link.endswith("/letter") for link in page.links)
    assert call.browser.get(call.path).location == f"{call.path}/end"


def _hidden(call: Call) -> list[tuple[str, str]]:
    return re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', call.page)


def test_a_question_says_why_it_is_asked_and_what_is_still_possible(calls: Begin) -> None:
    call = calls()
    call.say(emergency_now=False)
    assert "At the most urgent: Very urgent (4 hours)" in call.words
    assert "Emergency services" not in call.words
    assert "Risk Not known yet" in call.words


def test_a_question_is_put_to_who_rings_and_asked_of_everybody_else(calls: Begin) -> None:
    spoken, asked = "Have you had thoughts of ending your life", "Has the person had thoughts"
    for source, words in (("B1", spoken), ("M7", spoken), ("B2", asked), ("A1", asked)):
        call = calls(source=source)
        call.say(emergency_now=False)
        assert words in call.words
    call = calls()
    assert spoken in call.look("/check").text
    assert asked in calls(way="form").words


def test_what_is_skipped_comes_after_the_rest_and_nothing_is_asked_in_circles(
    calls: Begin,
) -> None:
    call = calls()
    call.press("skip")
    assert call.asked == "thoughts_of_harm"
    assert "Put off for now" in call.words
    asked = answer_mildly(call)
    assert asked[-1] == "emergency_now"
    call = calls()
    call.say(**{name: value for name, value in MILD_ANSWERS.items() if name != "emergency_now"})
    call.press("save", "patient.birth_date", **day("patient.birth_date", 1, 2, 1985))
    assert call.asked == "emergency_now"
    call.press("skip")
    assert "What is left was put off" in call.words


def test_an_answer_can_be_refused_changed_and_taken_back(calls: Begin) -> None:
    call = calls()
    call.press("decline")
    assert "Emergency now Declined to answer" in call.words
    call.say(emergency_now=False)
    assert "Emergency now No" in call.words
    assert "Declined to answer Change" not in call.words
    call.press("back")
    assert call.asked == "emergency_now"
    call.press("clear")
    assert call.asked == "emergency_now"
    assert "Emergency now No" not in call.words


def test_the_day_of_the_questions_about_risk_goes_without_saying_on_a_call(calls: Begin) -> None:
    call = calls()
    call.say(emergency_now=False)
    assert "Day the risk questions were asked" in call.words


def test_a_questionnaire_is_asked_by_its_items_or_by_its_total(calls: Begin) -> None:
    call = calls()
    call.look("/question/phq9_items")
    assert "Use the published wording" in call.words
    assert "Item 9: not answered" in call.words
    assert f"{call.path}/question/phq9_total#question" in Page(call.page).links
    few = (3, 3, None, None, None, None, None, None, None)
    call.press("save", "phq9_items", **boxes(call.vocabulary, "phq9_items", few))
    assert "3 3 - - - - - - -" in call.words
    call.press("decline", "phq9_items")
    assert "PHQ-9 total Declined to answer" in call.words
    assert "PHQ-9 item 9 Declined to answer" in call.words
    call.say(phq9_items=(3,) * 9)
    assert "PHQ-9 items 3 3 3 3 3 3 3 3 3" in call.words
    assert "PHQ-9 total Declined to answer" not in call.words
    assert "PHQ-9 item 9 is positive" in call.words


def test_too_few_items_are_put_off_and_not_asked_again_at_once(calls: Begin) -> None:
    call = calls()
    call.say(**{name: value for name, value in MILD_ANSWERS.items() if "phq9" not in name})
    call.press("save", "patient.birth_date", **day("patient.birth_date", 1, 2, 1985))
    assert call.asked == "phq9_items"
    few = (1, None, None, None, None, None, None, None, 0)
    call.press("save", **boxes(call.vocabulary, "phq9_items", few))
    assert call.asked != "phq9_items"


def test_what_is_wrong_is_said_at_once_and_hides_no_danger(calls: Begin) -> None:
    call = calls()
    call.press("save", "phq9_total", **{"answers.phq9_total": "31"})
    assert call.asked == "phq9_total"
    assert "Enter a whole number from 0 to 27" in call.words
    assert 'value="31"' in call.page
    call.say(emergency_now=False, plan="active")
    assert "Crisis team: within 4 hours" in call.words
    assert "PHQ-9 total 31 Cannot be used" in call.words
    assert call.record().status_code == 422
    assert "This cannot be recorded yet" in call.words


def test_saving_nothing_says_what_can_be_done(calls: Begin) -> None:
    call = calls()
    call.press("save")
    assert call.asked == "emergency_now"
    assert "Answer the question, put it off, or say that it was declined" in call.words


def test_half_a_questionnaire_is_kept_while_it_is_filled_in(calls: Begin) -> None:
    call = calls()
    half = boxes(call.vocabulary, "phq9_items", (1, 2, 3, *(None,) * 6))
    assert call.press("keep", "phq9_items", **half).text.strip() == "Saved."
    call.look("/question/phq9_items")
    checked = re.findall(
        r'name="answers.phq9_items.([123])" value="([123])"[^>]* checked', call.page
    )
    assert checked == [("1", "1"), ("2", "2"), ("3", "3")]
    assert 'id="answers.phq9_items"' in call.page


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (
            {"answers.problem_duration_days": "2", "answers.problem_duration_days.unit": "years"},
            "730",
        ),
        ({"answers.problem_duration_days": "5m"}, "150 days"),
        ({"answers.problem_duration_days": "about 3"}, "Enter a whole number"),
    ],
)
def test_a_span_of_time_may_be_given_in_years(
    calls: Begin, typed: dict[str, str], expected: str
) -> None:
    call = calls()
    call.press("save", "problem_duration_days", **typed)
    assert expected in call.words


def test_every_question_can_be_reached_from_every_other(calls: Begin) -> None:
    call = calls()
    for name in call.vocabulary.answers:
        assert f'<option value="{name}">' in call.page
    assert call.send("jump", to="veteran").location == f"{call.path}/question/veteran#question"
    assert call.send("jump", to="").location == call.path
    call.look("/question/nothing", HTTPStatus.NOT_FOUND)


def test_without_scripts_every_answer_leads_back_to_the_call(calls: Begin) -> None:
    call = calls()
    sent = {"do": "save", "answers.emergency_now": "false"}
    assert call.send("question/emergency_now", **sent).location == call.path
    call.look()
    assert call.asked == "thoughts_of_harm"
    assert call.send("question/thoughts_of_harm", do="save").status_code == 422
    assert "There is a problem" in call.words
