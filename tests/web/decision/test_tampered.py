"""A record that is not as it was signed says so, and never fails."""

from __future__ import annotations

import re
from http import HTTPStatus

import orjson
import pytest

from tests.web.decision.desk import AUDITOR, CLINICIAN, IN_CRISIS, SECOND, Desk
from tests.web.decision.test_overriding import HIGHER, LOWER, sent
from triage.wire import canonical_bytes

WARNING = "Do not rely on this page: the record is not as it was signed"


def leaf_of(desk: Desk, decision: str) -> bytes:
    """The bytes of a decision's entry."""
    found = desk.log.recorded(decision)
    assert found is not None
    return found.entry.leaf


def test_an_entry_that_was_changed_is_shown_under_a_warning_and_never_printed(
    tampered: Desk,
) -> None:
    decision = tampered.refer(answers=IN_CRISIS)
    content = orjson.loads(leaf_of(tampered, decision))
    content["decision"]["urgency"] = "routine"
    tampered.tamper(
        "UPDATE entries SET leaf = :leaf WHERE id = :id", leaf=canonical_bytes(content), id=decision
    )
    page = tampered.page(decision, AUDITOR)
    assert WARNING in page.text
    assert "so it was changed after it was recorded" in page.text
    assert "Not proved." in page.text
    assert "Something else came out" in page.text
    browser = tampered.browser(CLINICIAN)
    for paper in ("summary", "letter", "letter.pdf"):
        answer = browser.get(f"/decisions/{decision}/{paper}")
        assert answer.status_code == HTTPStatus.CONFLICT
        assert "This record cannot be relied on" in answer.text


def test_no_lower_urgency_is_confirmed_on_a_record_that_was_changed(tampered: Desk) -> None:
    decision = tampered.refer(answers=IN_CRISIS)
    first, second = tampered.browser(CLINICIAN), tampered.browser(SECOND)
    shown = first.get(sent(first, decision, **LOWER)).text
    (address,) = re.findall(r'action="([^"]+)/withdraw"', shown)
    content = orjson.loads(leaf_of(tampered, decision))
    content["decision"]["urgency"] = "routine"
    tampered.tamper(
        "UPDATE entries SET leaf = :leaf WHERE id = :id", leaf=canonical_bytes(content), id=decision
    )
    before = tampered.log.head().head.size
    answer = second.send(f"{address}/confirm")
    assert answer.status_code == HTTPStatus.CONFLICT
    assert "This record cannot be relied on" in answer.text
    entries = (tampered.log.entry(one) for one in range(before + 1, before + 4))
    assert {one.content["kind"] for one in entries if one} == {"view"}


@pytest.mark.parametrize(
    "leaf", [b"no JSON", b"[]", b"{}", "a text"], ids=["not JSON", "a list", "empty", "a text"]
)
def test_an_entry_that_cannot_be_read_says_so(tampered: Desk, leaf: bytes | str) -> None:
    decision = tampered.refer()
    tampered.tamper("UPDATE entries SET leaf = :leaf WHERE id = :id", leaf=leaf, id=decision)
    for path in ("", "/override", "/letter"):
        answer = tampered.browser(CLINICIAN).get(f"/decisions/{decision}{path}")
        assert answer.status_code == HTTPStatus.CONFLICT
        assert "This record cannot be relied on" in answer.text
        assert "paper form" in answer.text


@pytest.mark.parametrize("part", ["route", "reasoning", "rulebook"])
def test_an_entry_without_a_part_says_so(tampered: Desk, part: str) -> None:
    decision = tampered.refer()
    content = orjson.loads(leaf_of(tampered, decision))
    del content["decision"][part]
    tampered.tamper(
        "UPDATE entries SET leaf = :leaf WHERE id = :id", leaf=canonical_bytes(content), id=decision
    )
    answer = tampered.browser(AUDITOR).get(f"/decisions/{decision}")
    assert answer.status_code == HTTPStatus.CONFLICT
    assert "was changed after it was recorded" in answer.text


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE entries SET at = '2020-01-01T00:00:00.000Z' WHERE id = :id", "does not give"),
        ("UPDATE identities SET content = x'7b7d'", "not what was recorded with it"),
        ("DELETE FROM identities", "nobody recorded that it was erased"),
    ],
    ids=["another time", "another person", "nobody"],
)
def test_what_stands_beside_an_entry_is_checked_as_well(
    tampered: Desk, statement: str, words: str
) -> None:
    decision = tampered.refer()
    found = tampered.log.recorded(decision)
    assert found is not None
    if "identities" in statement:
        statement = f"{statement} WHERE sequence = {found.entry.sequence}"
    tampered.tamper(statement.replace(":id", f"'{decision}'"))
    answer = tampered.browser(CLINICIAN).get(f"/decisions/{decision}")
    assert answer.status_code in {HTTPStatus.OK, HTTPStatus.CONFLICT}
    assert words in answer.text


def test_an_override_that_was_changed_is_found_as_the_decision_is(tampered: Desk) -> None:
    decision, browser = tampered.refer(), tampered.browser(CLINICIAN)
    browser.send(f"/decisions/{decision}/override", **HIGHER)
    (override,) = tampered.log.about(decision, ["override"])  # type: ignore[list-item]
    content = {**override.entry.content, "route": "counselling", "urgency": "routine"}
    tampered.tamper(
        "UPDATE entries SET leaf = :leaf WHERE id = :id",
        leaf=canonical_bytes(content),
        id=override.entry.id,
    )
    page = tampered.page(decision)
    assert WARNING in page.text
    assert f"Entry {override.entry.sequence}: it is not what the hash beside it says" in page.text


def test_hashes_that_were_changed_are_found(tampered: Desk) -> None:
    decision = tampered.refer()
    tampered.tamper("UPDATE entries SET hashes = x'00' WHERE id = :id", id=decision)
    answer = tampered.browser(CLINICIAN).get(f"/decisions/{decision}")
    assert answer.status_code in {HTTPStatus.OK, HTTPStatus.CONFLICT}
    assert "its hashes are cut short" in answer.text
