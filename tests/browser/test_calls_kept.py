"""Nothing of a call is lost: not to a line that drops, a colleague, or a session that ends."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect

from tests.browser.calls import begin, put, question, say
from tests.browser.conftest import Visits
from tests.browser.looks import axe
from tests.browser.scene import HANDLER, SECOND_HANDLER

NO_LINE = ("ERR_INTERNET_DISCONNECTED", "htmx:")
"""Of what the browser complains where the line is down; that is meant."""


def answers(page: Page) -> Locator:
    """The answers so far, as a page shows them."""
    return page.get_by_role("region", name="Answers so far")


def test_an_answer_given_while_the_line_is_down_is_kept_once_it_is_back(visits: Visits) -> None:
    visitor = visits(HANDLER)
    visitor.borne.extend(NO_LINE)
    page = visitor.page
    begin(visitor)
    say(visitor, "No")
    asked = question(page).inner_text()
    visitor.context.set_offline(offline=True)
    put(page.locator("#asking"), "Fleeting thoughts")
    visitor.press("Save and next")
    expect(page.get_by_role("status").filter(has_text="Not saved yet")).to_be_visible()
    expect(page.get_by_role("radio", name="Fleeting thoughts")).to_be_checked()
    visitor.context.set_offline(offline=False)
    expect(question(page)).not_to_have_text(asked)
    page.reload()
    expect(answers(page)).to_contain_text("Fleeting thoughts")


def test_a_call_that_a_colleague_took_tells_who_had_it(visits: Visits) -> None:
    asha, tom = visits(HANDLER), visits(SECOND_HANDLER)
    begin(asha)
    say(asha, "No")
    asha.press("Offer to a colleague")
    expect(
        asha.page.get_by_role("status").filter(has_text="Waiting for a colleague")
    ).to_be_visible()
    tom.go("/call")
    row = tom.page.get_by_role("row").filter(has_text="Waiting for a colleague")
    row.get_by_role("link", name="Take over").click()
    tom.press("Take over")
    expect(answers(tom.page)).to_contain_text("Emergency now")
    say(tom, "No thoughts")
    put(asha.page.locator("#asking"), "Regular thoughts")
    asha.press("Save and next")
    told = asha.page.get_by_role("alert").filter(has_text="Not saved")
    expect(told).to_contain_text(SECOND_HANDLER)
    expect(asha.page.get_by_role("radio", name="Regular thoughts")).to_be_checked()
    axe(asha.page)
    expect(answers(tom.page)).to_contain_text("No thoughts")


def test_a_session_that_is_about_to_end_says_so_and_keeps_the_call(visits: Visits) -> None:
    visitor = visits(HANDLER)
    page = visitor.page
    page.clock.install()
    begin(visitor)
    address = urlsplit(page.url).path
    say(visitor, "No")
    put(page.locator("#asking"), "Fleeting thoughts")
    page.clock.fast_forward("28:10")
    warning = page.get_by_role("dialog", name="You will soon be signed out")
    expect(warning).to_contain_text("2 minutes")
    axe(page)
    visitor.press("Stay signed in")
    expect(warning).to_be_hidden()
    expect(page.get_by_role("radio", name="Fleeting thoughts")).to_be_checked()
    visitor.context.clear_cookies()
    page.clock.fast_forward("30:10")
    expect(page.get_by_role("heading", level=1)).to_have_text("Choose who you are")
    visitor.press(f"Go on as {HANDLER}")
    visitor.follow("Calls")
    page.locator(f"a[href='{address}']").click()
    expect(answers(page)).to_contain_text("Emergency now")
    expect(question(page)).to_contain_text("thoughts")
