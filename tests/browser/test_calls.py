"""Calls from the first question to what is told to the caller, each by another way."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, expect

from tests.browser.calls import (
    MILD,
    SAFE,
    UNSETTLED,
    UNWELL,
    answer_all,
    begin,
    name_of_question,
    record,
    say,
    then,
)
from tests.browser.conftest import Visits
from tests.browser.scene import HANDLER
from triage.domain.clock import local_day
from triage.feedback.moments import date_words


def announced(page: Page) -> list[str]:
    """What those hear who do not see the page: the words of its live regions."""
    regions = page.get_by_role("status").or_(page.get_by_role("alert"))
    return [each for each in map(str.strip, regions.all_inner_texts()) if each]


def side(page: Page) -> str:
    """What stands beside the questions."""
    return page.get_by_role("complementary", name="What the rules say so far").inner_text()


def heading(page: Page) -> str:
    """What a page is headed."""
    return page.get_by_role("heading", level=1).inner_text()


def test_a_crisis_disclosed_in_the_second_answer_takes_over_the_page(visits: Visits) -> None:
    visitor = visits(HANDLER)
    page = visitor.page
    begin(visitor)
    say(visitor, "No")
    assert not [each for each in announced(page) if "4 hours" in each]
    page.get_by_label("Go to another question").select_option(label="Plan")
    visitor.press("Go there")
    expect(page.get_by_role("radio", name="An active plan")).to_be_visible()
    say(visitor, "An active plan")
    danger = page.get_by_role("alert").filter(has_text="4 hours")
    expect(danger.get_by_role("heading", level=2)).to_be_focused()
    expect(danger.get_by_role("link", name="01632")).to_have_attribute(
        "href", re.compile("^tel:01632")
    )
    expect(danger.get_by_role("list")).not_to_be_empty()
    visitor.press("Record now and stay on this page")
    expect(danger).to_contain_text("Recorded at")
    record(visitor)
    assert "Crisis team" in heading(page)


def test_a_routine_self_referral_ends_at_step_2(visits: Visits) -> None:
    visitor = visits(HANDLER)
    page = visitor.page
    begin(visitor)
    answer_all(visitor, MILD)
    assert "Talking therapies, step 2" in side(page)
    assert "No immediate-safety indicators recorded" in side(page)
    assert any("Talking therapies, step 2" in each for each in announced(page))
    record(visitor)
    assert "Talking therapies, step 2" in heading(page)
    expect(page.get_by_role("main")).to_contain_text("within 4 weeks")
    visitor.follow("Letter to whoever referred")
    expect(page.get_by_role("main")).to_contain_text("Talking therapies, step 2")


def test_active_monitoring_comes_with_its_date(visits: Visits) -> None:
    visitor = visits(HANDLER)
    begin(visitor)
    answer_all(visitor, UNSETTLED)
    record(visitor)
    assert "Active monitoring" in heading(visitor.page)
    review = local_day(datetime.now(UTC)) + timedelta(days=14)
    expect(visitor.page.get_by_role("main")).to_contain_text(date_words(review))


def test_who_declines_to_speak_of_risk_is_seen_by_a_clinician_today(visits: Visits) -> None:
    visitor = visits(HANDLER)
    begin(visitor)
    while name_of_question(visitor.page) in SAFE:
        then(visitor, "Declined to answer")
    assert "Clinical review" in side(visitor.page)
    record(visitor)
    assert "Clinical review" in heading(visitor.page)
    expect(visitor.page.get_by_role("main")).to_contain_text("today")


def test_a_whole_call_is_taken_without_scripts(visits: Visits) -> None:
    visitor = visits(HANDLER, scripts=False)
    begin(visitor)
    answer_all(visitor, UNWELL)
    record(visitor)
    assert "Community mental health team" in heading(visitor.page)
    visitor.follow("Summary to print")
    expect(visitor.page.get_by_role("main")).to_contain_text("Community mental health team")
