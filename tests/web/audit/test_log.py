"""Was the log touched? Proved, or the first bad entry named, with what to do."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus

import orjson
import pytest

from tests.pages.html import Page
from tests.web.audit.asking import begun, done, ended, send
from tests.web.decision.desk import AUDITOR, IN_CRISIS, OPERATOR, Desk, desk_in
from triage.wire import canonical_bytes

VERIFY = "/audit/log/verify"


@pytest.fixture
def tampered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A service whose database somebody changes behind its back."""
    with desk_in(tmp_path_factory.mktemp("tampered")) as desk:
        for _ in range(3):
            desk.refer(answers=IN_CRISIS)
        yield desk


def make_mild(desk: Desk, sequence: int) -> str:
    """Let an entry say that a referral was routine; the decision whose entry it is."""
    entry = desk.log.entry(sequence)
    assert entry is not None
    content = orjson.loads(entry.leaf)
    content["decision"]["urgency"] = "routine"
    leaf = canonical_bytes(content)
    desk.tamper("UPDATE entries SET leaf = :leaf WHERE sequence = :at", leaf=leaf, at=sequence)
    return entry.id


def test_a_log_that_nobody_touched_is_proved(desk: Desk) -> None:
    page = done(desk, VERIFY)
    assert "The log is proved" in page.text
    assert "No head that was kept elsewhere was given" in page.text
    assert "Proved: all" in desk.browser(OPERATOR).page("/audit").text


def test_it_is_verified_against_a_head_that_was_kept_elsewhere(desk: Desk) -> None:
    head = desk.browser(AUDITOR).get("/audit/log/head.txt").text
    page = done(desk, VERIFY, head=head.replace("\n", "\r\n"))  # as a browser sends it
    assert "It goes on from the head that you gave" in page.text


def test_what_is_no_head_is_said_at_its_field(desk: Desk) -> None:
    answer = send(desk.browser(AUDITOR), VERIFY, head="no head")
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "#head" in Page(answer.text).links
    assert "no head</textarea>" in answer.text


def test_head_and_key_can_be_kept_elsewhere(desk: Desk) -> None:
    browser = desk.browser(OPERATOR)
    assert browser.get("/audit/log/key.txt").text == f"{desk.log.vkey}\n"
    page = browser.page("/audit/log").text
    assert desk.log.vkey in page
    assert desk.log.head().head.root.hex() in page


def test_a_tampered_entry_is_found_and_shown(tampered: Desk) -> None:
    decision = make_mild(tampered, 2)
    page = done(tampered, VERIFY)
    assert "The log is not proved" in page.text
    assert "The first bad entry is entry 2: it is not what the hash beside it says" in page.text
    assert "What the entry says was changed after it was recorded" in page.text
    assert {"/audit/log/entries/2", f"/decisions/{decision}"} <= set(page.links)
    near = tampered.browser(AUDITOR).page("/audit/log/entries/2").text
    assert "Is not what its own hash says" in near
    assert "Urgency: the entry says routine; it was filed under very_urgent" in near
    desk = tampered.browser(OPERATOR).page("/audit")
    assert "Not proved: entry 2 is the first that is bad" in desk.text


def test_an_operator_who_verifies_is_led_to_no_decision(tampered: Desk) -> None:
    make_mild(tampered, 2)
    browser = tampered.browser(OPERATOR)
    links = ended(browser, begun(browser, VERIFY)).links
    assert "/audit/log/entries/2" in links
    links += tampered.browser(OPERATOR).page("/audit/log/entries/2").links
    assert not any(link.startswith("/decisions/") for link in links)


def test_a_log_whose_end_was_cut_off_is_found_by_a_head_kept_elsewhere(tampered: Desk) -> None:
    browser = tampered.browser(AUDITOR)
    send(browser, "/audit/decisions", nhs_number="9990000026")  # the last entry says that
    kept = browser.get("/audit/log/head.txt").text
    for table, number in (("entries", "sequence"), ("heads", "size")):
        tampered.tamper(f"DROP TRIGGER {table}_refuses_delete")
        tampered.tamper(f"DELETE FROM {table} WHERE {number} = 4")  # noqa: S608
    page = done(tampered, VERIFY, head=kept)
    assert "The end of the log was cut off" in page.text


def test_entries_that_are_missing_or_no_entries_are_shown_as_they_stand(tampered: Desk) -> None:
    tampered.tamper("UPDATE entries SET leaf = x'00' WHERE sequence = 2")
    browser = tampered.browser(AUDITOR)
    assert "Cannot be read as an entry" in browser.page("/audit/log/entries/1").text
    assert "This entry cannot be read as a decision" in browser.page("/audit/decisions").text
    for number in (99, 2**63):
        assert browser.get(f"/audit/log/entries/{number}").status_code == HTTPStatus.NOT_FOUND
