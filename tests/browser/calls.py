"""A call as somebody takes it: what a made-up caller says to each question, put into the page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from playwright.sync_api import Locator, Page, expect

from tests.browser.visitor import Visitor

Said = str | int | tuple[int, ...] | date
"""An answer in the words of the page; a number; the scores of a questionnaire; or a day."""

Caller = Mapping[str, Said]
"""What a caller says, by the names of questions. To all else they decline to answer."""

SAFE: Caller = {
    "emergency_now": "No",
    "thoughts_of_harm": "No thoughts",
    "intent": "No intent",
    "plan": "No plan",
    "harm_injury": "No harm",
    "serious_harm_history": "No",
    "protective_factors": "Some protective factors",
}
"""Somebody who speaks of no danger."""

MILD: Caller = {
    **SAFE,
    "patient.birth_date": date(1985, 2, 1),
    "specialist_indicator": "None",
    "daily_functioning": "No or minimal impairment",
    "unhelpful_interventions": 0,
    "clinician_input": "One clinician",
    "substance_primary_problem": "No",
    "substance_use": "No or minimal use",
    "phq9_items": (2, 2, 2, 1, 1, 1, 1, 1, 0),
    "low_intensity_unhelpful": "No",
    "gad7_items": (1, 1, 1, 1, 1, 1, 1),
    "presenting_problem": "Depression",
    "recent_trigger": "No recent trigger",
    "problem_course": "There all along",
    "problem_duration_days": 150,
}
"""Somebody with a depression of some months, and nothing else."""

UNSETTLED: Caller = {
    **MILD,
    "recent_trigger": "The loss of a job",
    "trigger_days_ago": 12,
    "active_monitoring": "Not done",
    "accepts_active_monitoring": "Yes",
    "perinatal": "No",
}
"""The same person, who has lost a job and would wait and see."""

UNWELL: Caller = {**MILD, "specialist_indicator": "Psychosis"}
"""The same person, with a sign of something that talking therapies do not treat."""

IN_DANGER: Caller = {**SAFE, "thoughts_of_harm": "Frequent thoughts", "intent": "Strong intent"}
"""Somebody who means to act."""


def begin(visitor: Visitor) -> None:
    """Begin a call of somebody who rings for themselves."""
    visitor.go("/call")
    visitor.page.get_by_role("button", name="Start a call", exact=True).click()
    expect(question(visitor.page)).to_be_visible()


def question(page: Page) -> Locator:
    """What is asked now, or that nothing more is."""
    return page.locator("#question")


def name_of_question(page: Page) -> str | None:
    """The name of what is asked now; None where nothing is."""
    form = page.locator("#asking")
    return str(form.get_attribute("action")).rpartition("/")[2] if form.count() else None


def say(visitor: Visitor, said: Said) -> None:
    """Answer what is asked now, and go on to what is asked then."""
    put(visitor.page.locator("#asking"), said)
    then(visitor, "Save and next")


def then(visitor: Visitor, button: str) -> None:
    """Press a button beside a question, and wait until another is asked."""
    asked = question(visitor.page).inner_text()
    visitor.press(button)
    expect(question(visitor.page)).not_to_have_text(asked)
    settled(visitor.page)


def settled(page: Page) -> None:
    """Wait until a part that was put in place has the focus, if it takes it: nobody is so quick."""
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)


def put(form: Locator, said: Said) -> None:
    """Put an answer into the boxes of a question."""
    match said:
        case str():
            form.get_by_role("radio", name=said, exact=True).check()
        case int():
            form.get_by_role("textbox").first.fill(str(said))
        case tuple():
            for item, score in enumerate(said, 1):
                form.get_by_role("radio", name=f"Item {item}: {score}", exact=True).check()
        case date():
            for part in ("day", "month", "year"):
                box = form.get_by_role("textbox", name=part.capitalize(), exact=True)
                box.fill(str(getattr(said, part)))


def answer_all(visitor: Visitor, caller: Caller) -> list[str]:
    """Answer question after question until nothing more is asked; what was asked, in order."""
    asked: list[str] = []
    while name := name_of_question(visitor.page):
        assert name not in asked, f"asked twice: {name}"
        asked.append(name)
        if name in caller:
            say(visitor, caller[name])
        else:
            then(visitor, "Declined to answer")
    return asked


def record(visitor: Visitor) -> None:
    """Record a call as it stands, and end it."""
    visitor.follow("Check and record")
    visitor.press(re.compile("Record and end the call|End the call"))
    expect(visitor.page.get_by_role("heading", name="Tell the caller")).to_be_visible()
