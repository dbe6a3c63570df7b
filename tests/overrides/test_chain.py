"""Whatever clinicians do, in whatever order: what stands is what a plain reading says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from tests import databases
from tests.builders import a_referral
from tests.campaigns import share
from tests.databases import KINDS
from triage.decide import Decider
from triage.domain.caller import Caller, Role
from triage.domain.overriding import Asked
from triage.errors import ConflictError, NotRecordedError
from triage.overrides import Overrides, chain_of, history_of
from triage.reading import decision_in
from triage.recording import Recorder, decision_of
from triage.store.log import DecisionLog
from triage.store.opening import open_log

RANKS = {"emergency": 0, "very_urgent": 1, "urgent": 2, "same_day": 2, "soon": 3, "routine": 4}

ROUTES = ("emergency", "crisis", "clinical_review", "cmht", "counselling", "iapt_step_2")

PEOPLE = (
    Caller(Role.CLINICIAN, "a", None, "here"),
    Caller(Role.CLINICIAN, "b", None, "here"),
    Caller(Role.CLINICIAN, "a", None, "there"),
    Caller(Role.DEVELOPER),
)

people = st.sampled_from(PEOPLE)


@dataclass(frozen=True)
class Desk:
    """One log, in which each run makes a decision of its own."""

    log: DecisionLog
    recorder: Recorder
    overrides: Overrides


@dataclass
class Known:
    """What the plain reading knows of an override."""

    goes: tuple[str, str]
    by: Caller
    state: str


class Clinicians(RuleBasedStateMachine):
    """Several people decide otherwise about one decision; the model is a list and a pair."""

    desk: Desk

    def __init__(self) -> None:
        super().__init__()
        self._known: dict[str, Known] = {}
        self._hops = 0

    @initialize(history=st.booleans())
    def decide(self, *, history: bool) -> None:
        referral = a_referral(serious_harm_history=history)
        answered = self.desk.recorder.record(referral, PEOPLE[0])
        self._id, self._body = answered.decision_id, answered.body
        self._stands = ("cmht", "urgent") if history else ("iapt_step_2", "routine")

    @rule(route=st.sampled_from(ROUTES), urgency=st.sampled_from(list(RANKS)), by=people)
    def override(self, route: str, urgency: str, by: Caller) -> None:
        goes = (route, urgency)
        asked = Asked(route, urgency, "in_care", f"To {route}.")
        if goes == self._stands or goes in [one.goes for one in self._waiting()]:
            with pytest.raises(ConflictError):
                self.desk.overrides.override(self._id, asked, by, datetime.now(UTC))
            return
        made = self.desk.overrides.override(self._id, asked, by, datetime.now(UTC)).override
        for one in self._waiting():
            one.state = "superseded"
        new = Known(goes, by, "awaiting_second_person")
        self._known[made.id] = new
        if RANKS[urgency] <= RANKS[self._stands[1]]:
            self._put_in_force(new)
        assert made.standing == new.state

    @rule(place=st.integers(0, 30), by=people)
    def confirm(self, place: int, by: Caller) -> None:
        id_, one = self._pick(place)
        known = by.subject and one.by.subject
        another = known and (by.subject, by.issuer) != (one.by.subject, one.by.issuer)
        if one.state == "awaiting_second_person" and another:
            made = self.desk.overrides.confirm(self._id, id_, by)
            self._put_in_force(one)
            assert made.override.standing == "in_force"
        else:
            with pytest.raises((ConflictError, NotRecordedError)):
                self.desk.overrides.confirm(self._id, id_, by)

    @rule(place=st.integers(0, 30), by=people)
    def withdraw(self, place: int, by: Caller) -> None:
        id_, one = self._pick(place)
        if one.state == "awaiting_second_person":
            one.state = "withdrawn"
            made = self.desk.overrides.withdraw(self._id, id_, by)
            assert made.override.standing == "withdrawn"
        else:
            with pytest.raises((ConflictError, NotRecordedError)):
                self.desk.overrides.withdraw(self._id, id_, by)

    @invariant()
    def what_stands_is_what_the_model_says(self) -> None:
        chain = chain_of(self.desk.log, self._id)
        assert (chain.stands.route, chain.stands.urgency) == self._stands
        assert {one.id: one.standing for one in chain.overrides} == {
            id_: one.state for id_, one in self._known.items()
        }
        assert len(self._waiting()) == (chain.waiting is not None)
        assert chain.hops == self._hops

    def teardown(self) -> None:
        """The first decision is as it was, and the history tells the same as the chain."""
        if not hasattr(self, "_id"):
            return
        assert decision_of(decision_in(self.desk.log, self._id)) == self._body
        history = history_of(self.desk.log, self._id, with_views=True)
        assert (history["standing"]["route"], history["standing"]["urgency"]) == self._stands
        self._nothing_was_lowered_by_one_person(history["entries"])

    def _nothing_was_lowered_by_one_person(self, entries: list[dict[str, object]]) -> None:
        """Read from the entries alone: who put each lower urgency in force, and who asked."""
        by_id = {one["id"]: one for one in entries}
        stood = RANKS[str(entries[0]["urgency"])]
        for one in entries[1:]:
            if one["kind"] == "override_withdrawal" or one.get("lowers"):
                continue
            rank = RANKS[str(one["urgency"])]
            if rank > stood:
                assert one["kind"] == "override_confirmation"
                assert one["by"] != by_id[one["override_id"]]["by"]
            stood = rank

    def _waiting(self) -> list[Known]:
        return [one for one in self._known.values() if one.state == "awaiting_second_person"]

    def _pick(self, place: int) -> tuple[str, Known]:
        """An override by its place, the newest first; now and then one that is not there."""
        found = list(self._known.items())[::-1]
        return found[place] if place < len(found) else (self._id, Known(("", ""), PEOPLE[0], ""))

    def _put_in_force(self, new: Known) -> None:
        for one in self._known.values():
            if one.state == "in_force":
                one.state = "superseded"
        new.state = "in_force"
        self._hops += new.goes[0] != self._stands[0]
        self._stands = new.goes


@pytest.fixture(scope="module", params=KINDS)
def desk(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, decider: Decider
) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("chain")
    with (
        databases.log_settings(request.param, folder) as found,
        closing(open_log(found)) as log,
    ):
        yield Desk(log, Recorder(decider, log), Overrides(decider.rulebook, log))


def test_what_stands_is_what_a_plain_reading_says(desk: Desk) -> None:
    class AtTheDesk(Clinicians):
        pass

    AtTheDesk.desk = desk
    run_state_machine_as_test(
        AtTheDesk,
        settings=settings(
            max_examples=share(500),
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
