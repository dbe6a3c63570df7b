"""Which rules clinicians decide otherwise about most, counted as a person would count by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from random import Random
from typing import Any

import pytest

from schemas.overrides import MostOverriddenSchema
from tests.builders import a_referral
from tests.bulk import fill
from tests.overrides.desk import Desk, made, refused
from triage.config import Settings
from triage.decide import Decider
from triage.domain.caller import Caller, Role
from triage.domain.overriding import Asked
from triage.overrides import Overrides, chain_of, rules_most_overridden
from triage.recording import Recorder
from triage.rulebook import Rulebook
from triage.store import batch
from triage.store.entries import Kind, rules_fired
from triage.store.log import DecisionLog
from triage.store.opening import open_log
from triage.store.overridden import tally

FIRST, SECOND = Caller(Role.CLINICIAN, "first"), Caller(Role.CLINICIAN, "second")

Clock = Callable[[str], None]


@pytest.fixture
def log(log_settings: Settings) -> Iterator[DecisionLog]:
    with closing(open_log(log_settings)) as opened:
        yield opened


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Sets the time at which entries are recorded."""
    return lambda at: monkeypatch.setattr(batch, "now", lambda: at)


class Office:
    """Records decisions and overrides of them."""

    def __init__(self, decider: Decider, log: DecisionLog) -> None:
        self.recorder, self.log = Recorder(decider, log), log
        self.overrides = Overrides(decider.rulebook, log)

    def decide(self, **answers: Any) -> str:
        """A decision."""
        return self.recorder.record(a_referral(**answers), FIRST).decision_id

    def override(self, id_: str, route: str, urgency: str, reason: str = "in_care") -> str:
        """An override, as it is asked for."""
        asked = Asked(route, urgency, reason, "So it is.")
        return self.overrides.override(id_, asked, FIRST, datetime.now(UTC)).override.id


@pytest.fixture
def office(decider: Decider, log: DecisionLog) -> Office:
    return Office(decider, log)


def told(office: Office, rulebook: Rulebook, *days: date | None) -> dict[str, Any]:
    first, last = (*days, None, None)[:2]
    found = rules_most_overridden(office.log, rulebook, first, last)
    assert MostOverriddenSchema().validate(found) == {}
    return found


def rule(found: dict[str, Any], name: str) -> dict[str, Any]:
    (one,) = (each for each in found["rules"] if each["rule"] == name)
    return dict(one)


def test_nothing_was_overridden(office: Office, rulebook: Rulebook) -> None:
    assert told(office, rulebook)["decisions"] == 0
    office.decide()
    found = told(office, rulebook)
    assert (found["decisions"], found["overridden"], found["rules"]) == (1, 0, [])


def test_a_rule_counts_what_it_fired_in_and_what_of_that_was_overridden(
    office: Office, rulebook: Rulebook
) -> None:
    mild = [office.decide() for _ in range(3)]
    severe = [office.decide(phq9_total=21) for _ in range(2)]
    office.override(mild[0], "cmht", "routine", "team_declined")
    office.override(mild[1], "counselling", "routine", "team_declined")
    office.override(severe[0], "cmht", "urgent", "risk_judgement")
    found = told(office, rulebook)
    assert (found["decisions"], found["overridden"]) == (5, 3)
    low, high = rule(found, "severity-low"), rule(found, "severity-high")
    assert (low["fired"], low["overridden"]) == (3, 2)
    assert low["reasons"] == [{"reason": "team_declined", "decisions": 2}]
    decided = {"route": "iapt_step_2", "urgency": "routine"}
    assert low["flows"] == [
        {"from": decided, "to": {"route": "cmht", "urgency": "routine"}, "decisions": 1},
        {"from": decided, "to": {"route": "counselling", "urgency": "routine"}, "decisions": 1},
    ]
    assert (high["fired"], high["overridden"]) == (2, 1)
    assert high["title"] == next(one.title for one in rulebook.rules if one.id == "severity-high")
    counts = [one["overridden"] for one in found["rules"]]
    assert counts == sorted(counts, reverse=True)


def test_what_waits_or_was_withdrawn_does_not_count(office: Office, rulebook: Rulebook) -> None:
    decision = office.decide(serious_harm_history=True)
    waiting = office.override(decision, "cmht", "routine")
    assert told(office, rulebook)["overridden"] == 0
    office.overrides.withdraw(decision, waiting, FIRST)
    assert told(office, rulebook)["overridden"] == 0
    again = office.override(decision, "cmht", "soon", "wrong_answers")
    office.overrides.confirm(decision, again, SECOND)
    found = told(office, rulebook)
    assert found["overridden"] == 1
    assert found["rules"][0]["reasons"] == [{"reason": "wrong_answers", "decisions": 1}]
    assert found["rules"][0]["flows"][0]["to"] == {"route": "cmht", "urgency": "soon"}


def test_a_decision_overridden_twice_counts_once_with_what_stands(
    office: Office, rulebook: Rulebook
) -> None:
    decision = office.decide()
    office.override(decision, "cmht", "routine", "in_care")
    office.override(decision, "crisis", "very_urgent", "risk_judgement")
    found = told(office, rulebook)
    assert found["overridden"] == 1
    for one in found["rules"]:
        assert one["reasons"] == [{"reason": "risk_judgement", "decisions": 1}]
        assert [each["to"]["route"] for each in one["flows"]] == ["crisis"]


def test_days_are_those_of_the_united_kingdom(
    office: Office, rulebook: Rulebook, clock: Clock
) -> None:
    decisions = []
    for at in ("2026-06-30T22:59:59.999Z", "2026-06-30T23:00:00.000Z", "2026-07-01T22:59:59.999Z"):
        clock(at)
        decisions.append(office.decide())
    clock("2026-07-01T23:00:00.000Z")
    decisions.append(office.decide())
    for decision in decisions:
        office.override(decision, "cmht", "routine")

    def counts(*days: date | None) -> tuple[int, int]:
        found = told(office, rulebook, *days)
        for one in found["rules"]:
            assert one["overridden"] <= one["fired"] <= found["decisions"]
        return found["decisions"], found["overridden"]

    july = date(2026, 7, 1)
    assert counts(july, july) == (2, 2)
    assert counts(july) == (3, 3)
    assert counts(None, july) == (3, 3)
    assert counts(date(2026, 6, 30), date(2026, 6, 30)) == (1, 1)
    assert counts(date(2026, 7, 3)) == counts(None, date(2026, 6, 29)) == (0, 0)


def test_a_large_log_is_counted_as_by_hand(
    log_settings: Settings, log: DecisionLog, rulebook: Rulebook
) -> None:
    fill(log_settings, 5000)
    entries = [one.content for one in (log.entry(number) for number in range(1, 5001)) if one]
    random = Random(3)
    for _ in range(6):
        earliest, before = sorted(random.choice(entries)["at"] for _ in range(2))
        decided = [
            one
            for one in entries
            if one["kind"] == Kind.DECISION and earliest <= one["at"] < before
        ]
        ids = {one["id"]: one for one in decided}
        stands = {
            one["about"]: one
            for one in entries
            if one["kind"] == Kind.OVERRIDE and one["about"] in ids and not one.get("lowers")
        }
        moments = map(datetime.fromisoformat, (earliest, before))
        found = tally(log.database, *moments)
        assert found.decisions == len(decided)
        assert found.fired == Counter(name for one in decided for name in rules_fired(one))
        assert sorted((one.rules, one.decided, one.stands) for one in found.overridden) == sorted(
            (
                tuple(rules_fired(ids[about])),
                (ids[about]["decision"]["route"]["id"], ids[about]["decision"]["urgency"]),
                (one["route"], one["urgency"]),
            )
            for about, one in stands.items()
        )
    assert rules_most_overridden(log, rulebook, None, None)["overridden"] > 50


def test_the_list_is_for_clinicians_and_auditors(desk: Desk) -> None:
    decision = desk.refer()
    made(desk.override(decision, "cmht", "urgent"))
    for role in (Role.CLINICIAN, Role.AUDITOR):
        answer = desk.get("/v1/overrides", "reader", role)
        assert answer.status_code == 200
        assert answer.get_json()["overridden"] >= 1
    for role in (Role.GP_SYSTEM, Role.CALL_HANDLER, Role.OPERATOR):
        refused(desk.get("/v1/overrides", "reader", role), 403)
    assert desk.client.get("/v1/overrides").status_code == 200
    today = datetime.now(UTC).date().isoformat()
    answer = desk.get(f"/v1/overrides?from={today}&to={today}", "reader")
    assert (answer.get_json()["from"], answer.get_json()["to"]) == (today, today)


def test_a_chain_can_be_read_from_the_log_alone(office: Office) -> None:
    decision = office.decide()
    override = office.override(decision, "cmht", "urgent")
    chain = chain_of(office.log, decision)
    assert (chain.stands.by, chain.decided.route) == (override, "iapt_step_2")
