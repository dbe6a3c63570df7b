"""What is proved of the rules, and what changed: worked out once, and told when it is there."""

from __future__ import annotations

import time
from http import HTTPStatus

from flask.testing import FlaskClient

from tests.pages.html import Page
from tests.web.decision.desk import Desk
from triage.errors import EngineError
from triage.rulebook import Rulebook
from triage.verify.check import Watcher
from triage.web.rulebook.worked_out import WorkedOut

LONGEST_SECONDS = 300


def worked_out(client: FlaskClient, path: str) -> Page:
    """A page once what it waits for was worked out."""
    until = time.monotonic() + LONGEST_SECONDS
    while True:
        answer = client.get(path)
        assert answer.status_code == HTTPStatus.OK, answer.text
        if "Look again" not in answer.text:
            return Page(answer.text)
        assert time.monotonic() < until, answer.text


def test_the_proofs_are_shown_with_their_counts(desk: Desk) -> None:
    client = desk.app.test_client()
    text = worked_out(client, "/rules/proofs").text
    assert "Nothing was found against these rules" in text
    assert "8 of 8 hold" in text
    assert "A worse answer about risk is never less urgent" in text
    part = client.get("/rules/proofs", headers={"HX-Request": "true"}).text
    assert "<html" not in part
    assert "8 of 8 hold" in part


def test_changes_are_told_in_words_and_by_whom_they_move(desk: Desk, older: Rulebook) -> None:
    shown = worked_out(desk.app.test_client(), "/rules/changes")
    assert f"/rules/by/{older.stamp.digest}" in shown.links
    assert "Minimum age of the adult service minimum_age 16 years 18 years" in shown.text
    before, _, after = shown.text.partition("PHQ-9 total is 22 or more")
    assert before.endswith("When Any of these: ")
    assert "PHQ-9 total is 20 or more" in after
    assert "Young people's mental-health service" in shown.text
    assert "Shown by this referral" in shown.text


def test_the_first_version_has_nothing_to_be_compared_with(unsigned: Desk) -> None:
    text = Page(unsigned.app.test_client().get("/rules/changes").text).text
    assert "This is the first version" in text


def test_what_went_wrong_is_said_and_tried_again() -> None:
    tries: list[str] = []

    def work(key: str, watcher: Watcher) -> str:
        watcher(1, 2)
        tries.append(key)
        if len(tries) == 1:
            raise EngineError("the engine is away")
        return "found"

    found = WorkedOut(work)
    first = found.of("one")
    assert first.over.wait(LONGEST_SECONDS)
    assert (first.problem, first.found) == ("the engine is away", None)
    second = found.of("one")
    assert second.over.wait(LONGEST_SECONDS)
    assert (second.problem, second.found, second.done, second.of) == (None, "found", 1, 2)
    assert found.of("one") is second
