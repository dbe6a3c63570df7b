"""How somebody gets to a page, with scripts or without."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.calls import begin
from tests.browser.scene import DECISIONS, Scene, recorded
from tests.browser.visitor import Visitor

Way = Callable[[Visitor, Scene], None]
"""Leads somebody to a page. They end there."""


def at(path: str) -> Way:
    """By an address."""
    return lambda visitor, _: visitor.go(path)


def decision(name: str, page: str = "") -> Way:
    """By the address of a decision, or of a page of it."""
    return lambda visitor, scene: visitor.go(f"/decisions/{scene.decisions[name]}{page}")


def call(name: str, page: str = "") -> Way:
    """By the address of a call that is in progress, or of a page of it."""
    return lambda visitor, scene: visitor.go(f"/call/{scene.calls[name]}{page}")


def then_press(way: Way, words: str) -> Way:
    """By a way, and then the button of these words."""

    def further(visitor: Visitor, scene: Scene) -> None:
        way(visitor, scene)
        visitor.page.get_by_role("button", name=words, exact=True).click()

    return further


def finished(way: Way) -> Way:
    """By a way that begins some work, once that is done. It is done once for all who look."""

    def further(visitor: Visitor, scene: Scene) -> None:
        if way in scene.finished:
            visitor.page.goto(scene.finished[way])
            return
        way(visitor, scene)
        _wait(visitor)
        scene.finished[way] = visitor.page.url

    return further


def _wait(visitor: Visitor) -> None:
    """Until some work is done. Without scripts one looks again and again."""
    going_on = visitor.page.get_by_role("link", name="See how far it is")
    while not visitor.scripts and going_on.count():
        visitor.page.wait_for_timeout(300)
        visitor.page.reload()
    expect(going_on).to_have_count(0)


def begun_and(*words: str) -> Way:
    """By beginning a call, and buttons and links of these words one after another."""

    def way(visitor: Visitor, _: Scene) -> None:
        begin(visitor)
        for each in words:
            button = visitor.page.get_by_role("button", name=each)
            button.or_(visitor.page.get_by_role("link", name=each, exact=True)).first.click()

    return way


def changed_elsewhere(visitor: Visitor, _: Scene) -> None:
    """By recording a call in one window as it was before it was changed in another."""
    begin(visitor)
    visitor.follow("Check and record")
    other = visitor.context.new_page()
    other.goto(visitor.page.url.partition("/check")[0])
    other.get_by_role("button", name="Skip for now").click()
    expect(other.locator("#question")).to_contain_text("thoughts")
    other.close()
    visitor.press("Record and end the call")


def overriding(visitor: Visitor, scene: Scene) -> None:
    """By deciding otherwise, to a lower urgency, which waits for a second person."""
    visitor.go(f"/decisions/{recorded(scene.service, DECISIONS['crisis'])}/override")
    page = visitor.page
    page.get_by_role("radio", name="Community mental health team", exact=True).check()
    page.get_by_role("group", name="How soon?").get_by_role("radio", name="Routine").check()
    page.get_by_role("group", name="Why?").get_by_role("radio").first.check()
    page.get_by_label("In your own words").fill("Spoken with today; the crisis is over.")
    visitor.press("Record it")
