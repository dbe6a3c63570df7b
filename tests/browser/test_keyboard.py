"""A call without a mouse: every stop shows where one is, and digits and letters answer."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.calls import IN_DANGER, Caller, name_of_question, question, settled
from tests.browser.conftest import Visits
from tests.browser.looks import stops
from tests.browser.scene import HANDLER


def go_to(page: Page, name: str) -> None:
    """Press the Tab key until the focus is somewhere, and see it at every stop on the way."""
    for stop in stops(page):
        if stop == name:
            return
    raise AssertionError(f"the Tab key does not come to {name}")


def press_there(page: Page, name: str) -> None:
    """Press the Enter key on a link or a button, once the focus is there."""
    go_to(page, name)
    page.keyboard.press("Enter")


def typed(page: Page, caller: Caller) -> None:
    """Answer what is asked by keys alone, or decline to; and wait for what comes then."""
    asked = question(page).inner_text()
    said = caller.get(str(name_of_question(page)))
    if said is None:
        page.keyboard.press("d")
    else:
        page.keyboard.type(place_of(page, str(said)))
        expect(page.get_by_role("radio", name=str(said), exact=True)).to_be_checked()
        page.keyboard.press("Enter")
    expect(question(page)).not_to_have_text(asked)
    settled(page)


def place_of(page: Page, words: str) -> str:
    """The number by which an answer is chosen."""
    shown = page.locator("#asking label").all_inner_texts()
    return next(each.split()[0] for each in shown if each.endswith(words))


def test_a_whole_call_is_taken_by_keyboard_alone(visits: Visits) -> None:
    visitor = visits(HANDLER)
    page = visitor.page
    visitor.go("/call")
    press_there(page, "button Start a call")
    expect(question(page)).to_be_focused()
    assert "button Save and next Enter" in list(stops(page))
    page.reload()
    danger = page.get_by_role("alert").filter(has_text="4 hours")
    while not danger.count():
        typed(page, IN_DANGER)
    expect(danger.get_by_role("heading", level=2)).to_be_focused()
    page.keyboard.press("r")
    expect(danger).to_contain_text("Recorded at")
    settled(page)
    expect(question(page)).to_be_focused()
    typed(page, {})
    press_there(page, "a Check and record")
    expect(question(page)).to_have_text("What will be recorded")
    press_there(page, "button Record and end the call")
    expect(page.get_by_role("heading", name="Tell the caller")).to_be_visible()
    assert "a Summary to print" in list(stops(page))
