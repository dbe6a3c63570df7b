"""What auditors and clinicians do at their desks, from the first page to what came of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Visits
from tests.browser.looks import axe, fits
from tests.browser.scene import AUDITOR, CLINICIAN, Scene, a_scene


@pytest.fixture
def own_scene(browser: Browser, tmp_path: Path) -> Iterator[Scene]:
    """A service whose log a test may spoil."""
    with a_scene(tmp_path, browser, history=False) as scene:
        yield scene


def made_routine(database: Path, decision_id: str) -> int:
    """Let an entry say "routine" where it said how urgent it was, past what the database refuses.

    Gives the number of the entry.
    """
    with closing(sqlite3.connect(database)) as connection, connection:
        triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in triggers.fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        found = connection.execute(_MADE_ROUTINE, (decision_id,)).fetchall()
    return int(found[0][0])


_MADE_ROUTINE = """
UPDATE entries
SET leaf = CAST(replace(CAST(leaf AS TEXT), '"very_urgent"', '"routine"') AS BLOB)
WHERE id = ? RETURNING sequence
"""


def test_an_auditor_finds_the_entry_that_was_tampered_with(own_scene: Scene) -> None:
    crisis = own_scene.decisions["crisis"]
    sequence = made_routine(own_scene.database, crisis)
    visitor = own_scene.visitor(AUDITOR)
    page = visitor.page
    visitor.go("/audit")
    visitor.press("Verify the log now")
    expect(page.get_by_role("heading", level=1)).to_have_text("The log is not proved")
    found = page.get_by_role("main")
    expect(found).to_contain_text(f"The first bad entry is entry {sequence}:")
    expect(found).to_contain_text("changed after it was recorded")
    axe(page)
    fits(page)
    visitor.follow(f"Look at the entries around entry {sequence}")
    row = page.get_by_role("row").filter(has_text="the one asked for")
    expect(row).to_contain_text("Is not what its own hash says")
    axe(page)
    visitor.go(f"/decisions/{crisis}")
    expect(page.get_by_role("alert")).to_contain_text("changed after it was recorded")
    axe(page)
    visitor.leave()


def test_a_clinician_signs_the_rules(visits: Visits) -> None:
    visitor = visits(CLINICIAN)
    page = visitor.page
    visitor.go("/rules/sign")
    page.get_by_role("radio", name="I approve them").check()
    page.get_by_role("button", name="Sign", exact=True).click()
    summary = page.locator(".nhsuk-error-summary")
    expect(summary).to_be_focused()
    summary.get_by_role("link", name="Confirm that you have read the rules").click()
    statement = page.get_by_role("checkbox", name="I have read version")
    expect(statement).to_be_focused()
    expect(page.get_by_role("radio", name="I approve them")).to_be_checked()
    statement.check()
    page.get_by_label("Note").fill("Read at the governance meeting.")
    page.get_by_role("button", name="Sign", exact=True).click()
    expect(page.locator(".standing")).to_contain_text(f"Signed by {CLINICIAN}")
    visitor.go("/rules/sign")
    expect(page.get_by_text("Read at the governance meeting.")).to_be_visible()


def test_what_is_printed_of_a_decision_has_no_navigation(scene: Scene, visits: Visits) -> None:
    visitor = visits(CLINICIAN)
    page = visitor.page
    visitor.go(f"/decisions/{scene.decisions['routine']}")
    expect(page.get_by_role("navigation", name="Areas")).to_be_visible()
    page.emulate_media(media="print")
    for hidden in page.get_by_role("navigation").all():
        expect(hidden).to_be_hidden()
    expect(page.get_by_role("button", name="Sign out")).to_be_hidden()
    expect(page.get_by_role("link", name="Decide otherwise")).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("table").first).to_be_visible()
