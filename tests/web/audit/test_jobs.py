"""Work goes on while pages tell how far it is, and says so where it came to nothing."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus

import pytest

from tests.web.audit.asking import begun, ended
from tests.web.decision.desk import AUDITOR, OPERATOR, Desk
from triage.domain.caller import Caller, Role
from triage.store.jobs import SILENT, Job, Jobs, State
from triage.web.audit.jobs import Progress

MEI = Caller(Role.AUDITOR, AUDITOR)

A_JOB = Job(
    id="an-id",
    kind="verification",
    asked={},
    by=MEI,
    state=State.RUNNING,
    done=0,
    total=0,
    result=None,
    problem=None,
    begun_at="2026-11-20T09:30:00.000Z",
    beat_at="2026-11-20T09:30:00.000Z",
)


def test_it_is_said_aloud_in_ten_steps() -> None:
    steps = {
        Progress.of(replace(A_JOB, done=n, total=1000), "entries").step for n in range(1, 1001)
    }
    assert len(steps) == 11
    assert Progress.of(A_JOB, "entries").words == "It has begun."
    halfway = Progress.of(replace(A_JOB, done=4096, total=8192), "entries")
    assert halfway.words == "50 percent done: 4,096 of 8,192 entries."


def test_a_part_says_aloud_only_what_is_new_and_asks_for_the_page_in_the_end(desk: Desk) -> None:
    jobs, browser = Jobs(desk.log.database), desk.browser(AUDITOR)
    job = jobs.begin("verification", {"head": "as it is"}, MEI)
    jobs.beat(job.id, 300, 1000)
    address, as_part = f"/audit/jobs/{job.id}", {"HX-Request": "true"}
    assert "See how far it is" in browser.get(address).text
    part = browser.client.get(f"{address}?said=3", headers=as_part)
    assert "hx-swap-oob" in part.text
    assert "<html" not in part.text
    assert "hx-swap-oob" not in browser.client.get(f"{address}?said=4", headers=as_part).text
    jobs.fail(job.id, "the log cannot be reached")
    assert browser.client.get(address, headers=as_part).headers["HX-Refresh"] == "true"
    page = browser.page(address).text
    assert "It could not be done" in page
    assert "The log cannot be reached." in page


def test_work_that_broke_off_is_begun_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    job = Jobs(desk.log.database).begin("verification", {"head": ""}, MEI)
    browser = desk.browser(AUDITOR)
    with monkeypatch.context() as patch:
        patch.setattr("triage.store.jobs.SILENT", -SILENT)
        assert "It broke off" in browser.page(f"/audit/jobs/{job.id}").text
    Jobs(desk.log.database).fail(job.id, "it broke off")


def test_the_same_is_not_done_twice_at_once(desk: Desk) -> None:
    asked = {"from": "2026-01-01", "to": "2026-01-02"}
    job = Jobs(desk.log.database).begin("figures", asked, MEI)
    browser = desk.browser(AUDITOR)
    assert begun(browser, "/audit/figures", **asked) == f"/audit/jobs/{job.id}"
    Jobs(desk.log.database).fail(job.id, "it is over")


def test_who_may_not_begin_some_work_may_not_see_it(desk: Desk) -> None:
    browser, operator = desk.browser(AUDITOR), desk.browser(OPERATOR)
    address = begun(browser, "/audit/figures", **{"from": "2026-01-01", "to": "2026-01-02"})
    ended(browser, address)
    assert operator.get(address).status_code == HTTPStatus.FORBIDDEN
    assert address not in operator.page("/audit").links
    assert address in browser.page("/audit").links


def test_work_that_is_not_there_says_so(desk: Desk) -> None:
    answer = desk.browser(AUDITOR).get("/audit/jobs/00000000-0000-4000-8000-000000000000")
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert "No work of that id is kept here" in answer.text
