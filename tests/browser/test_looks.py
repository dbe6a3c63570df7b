"""What looks at pages sees what it is there to see: else every page would be found good."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.looks import axe, fits, focus_shows, nothing_moves, stops

FAULTY = """<!doctype html><html lang="en"><title>Faulty</title><main><h1>Faulty</h1>
<img src="data:,"><p style="width: 500px; transition: color 1s">Wide</p>
<button style="outline: none">Nowhere</button></main>"""


@pytest.fixture
def faulty(browser: Browser) -> Page:
    """A page that nobody should have to use."""
    page = browser.new_page()
    page.set_content(FAULTY)
    return page


def test_a_page_that_cannot_be_used_is_seen_through(faulty: Page) -> None:
    with pytest.raises(AssertionError, match=r"(?s)image-alt: .*img.*data:,"):
        axe(faulty)
    with pytest.raises(AssertionError, match=r"5\d\d px wide: .*Wide"):
        fits(faulty)
    with pytest.raises(AssertionError, match="Wide"):
        nothing_moves(faulty)
    with pytest.raises(AssertionError, match="Nowhere"):
        focus_shows(faulty)
    with pytest.raises(AssertionError, match="nothing shows that the focus is at button Nowhere"):
        list(stops(faulty))
    faulty.close()
