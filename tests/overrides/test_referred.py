"""A referral as it stands, for whoever tells somebody of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import orjson
import pytest

from tests.builders import a_referral
from tests.recorded import CLINICIAN, GP, recorded
from triage import persons
from triage.config import Settings
from triage.domain.caller import Caller, Role
from triage.domain.referred import Cancelled, Referred
from triage.errors import NotRecordedError
from triage.overrides import referred_in
from triage.persons import Reason
from triage.rulebook import Rulebook
from triage.store.entries import Kind, NewEntry
from triage.store.log import DecisionLog
from triage.store.opening import open_log

OPERATOR = Caller(Role.OPERATOR, "an-operator", "command line")

OVERRIDE = {
    "route": "cmht",
    "urgency": "urgent",
    "reason": "clinical_judgement",
    "from": {"route": "iapt_step_2", "urgency": "routine"},
    "team": {"id": "another", "name": "Another Team"},
    "respond_by": "2026-11-26T12:00:00Z",
}


@pytest.fixture
def log(log_settings: Settings) -> Iterator[DecisionLog]:
    with closing(open_log(log_settings)) as opened:
        yield opened


@pytest.fixture
def decision(log: DecisionLog, rulebook: Rulebook) -> Referred:
    """A decision that nothing else was recorded about."""
    (answered,) = recorded(log, rulebook, [a_referral()])
    found = referred_in(log, answered.decision_id)
    assert found.decision == orjson.loads(answered.body)
    return found


def added(log: DecisionLog, kind: Kind, about: str, **parts: object) -> int:
    """An entry about a decision; its number."""
    return log.append(NewEntry(kind, CLINICIAN, parts, about)).sequence


def test_what_nobody_touched_stands_as_it_was_decided(decision: Referred) -> None:
    route = decision.decision["route"]
    assert (decision.stands.route, decision.stands.by) == (route["id"], "decision")
    assert decision.referral["ods_code"] == "C86001"
    assert decision.identity is not None
    assert decision.identity["reference"] == "ref-test"
    assert decision.cancelled is None


def test_it_is_found_by_every_entry_that_is_about_it(log: DecisionLog, decision: Referred) -> None:
    override = added(log, Kind.OVERRIDE, decision.id, **OVERRIDE, lowers=False)
    view = added(log, Kind.VIEW, decision.id, what="decision")
    found = [referred_in(log, which) for which in (1, override, view, decision.id)]
    assert found == [found[0]] * 4
    assert (found[0].stands.route, found[0].stands.team["name"]) == ("cmht", "Another Team")
    assert found[0].decision == decision.decision


def test_an_override_that_waits_for_a_second_person_does_not_stand(
    log: DecisionLog, decision: Referred
) -> None:
    added(log, Kind.OVERRIDE, decision.id, **OVERRIDE, lowers=True)
    assert referred_in(log, decision.id).stands == decision.stands


def test_the_newest_cancellation_says_why(log: DecisionLog, decision: Referred) -> None:
    added(log, Kind.CANCELLATION, decision.id, status="revoked")
    assert referred_in(log, decision.id).cancelled is Cancelled.REVOKED
    number = added(log, Kind.CANCELLATION, decision.id, status="entered-in-error")
    assert referred_in(log, number).cancelled is Cancelled.ENTERED_IN_ERROR


def test_who_was_erased_is_not_named_any_more(log: DecisionLog, decision: Referred) -> None:
    (one,) = persons.of_decision(log, decision.id)
    persons.erase(log, one, OPERATOR, Reason.PERSON_REQUEST)
    found = referred_in(log, decision.id)
    assert found.identity is None
    assert found.decision["reference"] is None
    assert found.stands == decision.stands


def test_what_is_not_there_or_about_nothing_is_told(log: DecisionLog, decision: Referred) -> None:
    about_nothing = log.append(NewEntry(Kind.SEARCH, GP, {"filters": {}})).sequence
    for which in ("no such decision", 99, about_nothing):
        with pytest.raises(NotRecordedError):
            referred_in(log, which)
    assert referred_in(log, 1) == decision
