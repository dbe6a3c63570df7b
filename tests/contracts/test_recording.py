"""Referrals that are recorded: what is answered, and what is kept."""

from __future__ import annotations

import json
import logging
import uuid
from datetime import UTC, datetime
from typing import Any, NoReturn

import pytest
from werkzeug.test import TestResponse

from tests.contracts.desks import NOW, Desk, recorded, refused
from triage.api.examples import REFERRAL
from triage.domain.caller import Role
from triage.errors import LogUnavailableError
from triage.logs import JsonLine
from triage.store.database import Database

WORDS = "Zebedee Quillfeather"
"""Words that may name somebody: never in an entry, a reason or a line of the log."""


@pytest.fixture
def no_log(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing can be recorded."""

    def gone(_database: Database) -> NoReturn:
        raise LogUnavailableError("gone")

    monkeypatch.setattr(Database, "write", gone)


def leaf_of(desk: Desk, answer: TestResponse) -> dict[str, Any]:
    """The entry that an answer tells of."""
    entry = desk.log.entry(recorded(answer)["sequence"])
    assert entry is not None
    leaf: dict[str, Any] = json.loads(entry.leaf)
    return leaf


def test_a_recorded_decision_says_where_and_when_it_stands(desk: Desk) -> None:
    before = desk.size()
    answer = desk.refer()
    told = recorded(answer)
    assert answer.content_type == "application/json"
    assert answer.headers["Location"] == f"/v1/decisions/{told['decision_id']}"
    assert "Idempotent-Replayed" not in answer.headers
    assert str(uuid.UUID(told["decision_id"])) == told["decision_id"]
    assert told["sequence"] == desk.size() == before + 1
    written = datetime.strptime(told["decided_at"], "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
    assert abs((datetime.now(UTC) - written).total_seconds()) < 60
    assert (told["reference"], told["route"]["id"]) == (REFERRAL["reference"], "iapt_step_2")


def test_what_is_recorded_is_what_triage_says(desk: Desk) -> None:
    told = recorded(desk.refer())
    for name in ("decision_id", "sequence", "decided_at"):
        del told[name]
    asked = desk.triage(REFERRAL).get_json()
    del asked["live"]
    assert told == asked


def test_a_decision_is_read_again_byte_for_byte(desk: Desk) -> None:
    answer = desk.refer({**REFERRAL, "reference": "réf-😀"})
    assert "réf-😀".encode() in answer.data
    again = desk.get(answer.headers["Location"])
    assert (again.status_code, again.content_type) == (200, "application/json")
    assert again.data == answer.data


def test_what_would_be_decided_is_not_recorded(desk: Desk) -> None:
    before = desk.size()
    assert desk.triage(REFERRAL).status_code == 200
    assert desk.size() == before


def test_who_is_referred_and_from_where_must_be_said(desk: Desk) -> None:
    before = desk.size()
    problem = refused(desk.refer({"answers": {"plan": "active"}}), 422)
    assert [fault["field"] for fault in problem["errors"]] == ["patient", "source"]
    assert problem["safety"]["route"] == "crisis"
    assert desk.size() == before


def test_what_is_said_beside_the_answers_is_kept(desk: Desk) -> None:
    first = recorded(desk.refer())["decision_id"]
    answer = desk.refer({**REFERRAL, "supersedes": first, "consent_to_share": True})
    leaf = leaf_of(desk, answer)
    assert leaf["about"] == leaf["referral"]["supersedes"] == first
    assert leaf["referral"]["consent_to_share"] is True
    assert leaf["by"]["client"] == "a-gp-system"


def test_a_person_is_named_beside_the_entry_alone(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = desk.refer({**REFERRAL, "notes": WORDS, "reference": "ref-Zebedee"})
    leaf = json.dumps(leaf_of(desk, answer))
    lines = "".join(JsonLine().format(record) for record in caplog.records)
    patient = REFERRAL["patient"]
    for word in ("Zebedee", WORDS, patient["nhs_number"], patient["birth_date"], "DN1 1AA"):
        assert word not in leaf
        assert word not in lines + caplog.text
    assert WORDS not in answer.get_data(as_text=True)
    kept = desk.log.recorded(recorded(answer)["decision_id"])
    assert kept is not None
    assert kept.identity is not None
    assert json.loads(kept.identity.content)["notes"] == WORDS


@pytest.mark.parametrize("name", ["long_term_conditions", "adjustments"])
def test_somebodys_own_words_come_back_and_are_not_in_the_entry(desk: Desk, name: str) -> None:
    body = {**REFERRAL, "answers": {**REFERRAL["answers"], name: [WORDS]}}
    answer = desk.refer(body)
    assert WORDS in desk.triage(body).get_data(as_text=True)
    assert WORDS in answer.get_data(as_text=True)
    assert desk.get(answer.headers["Location"]).data == answer.data
    assert "Zebedee" not in json.dumps(leaf_of(desk, answer))


@pytest.mark.usefixtures("no_log")
def test_without_a_log_nothing_is_acknowledged_and_danger_still_told(desk: Desk) -> None:
    before = desk.size()
    answer = desk.refer(NOW)
    assert int(answer.headers["Retry-After"]) > 0
    problem = refused(answer, 503)
    assert "safety" not in problem
    assert "decision_id" not in problem
    worse = {**NOW, "answers": {**NOW["answers"], "plan": "active"}}
    assert refused(desk.refer(worse), 503)["safety"]["route"] == "crisis"
    assert desk.triage(worse).get_json()["route"]["id"] == "crisis"
    assert desk.size() == before


def test_a_decision_that_is_not_there_is_not_found(desk: Desk) -> None:
    for role in (Role.GP_SYSTEM, Role.AUDITOR):
        refused(desk.get(f"/v1/decisions/{uuid.uuid4()}", role), 404)
