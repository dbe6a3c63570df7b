"""A small log is counted as a person would count it by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from tests.builders import A_PRACTICE, ReferralBuilder, referral_builder
from tests.recorded import CLINICIAN
from triage import persons
from triage.config import Settings
from triage.decide import Decider
from triage.domain.caller import Caller, Role
from triage.domain.overriding import Asked
from triage.domain.referral import Patient
from triage.errors import LogError
from triage.overrides import Overrides
from triage.persons import Reason
from triage.recording import Recorder
from triage.reporting import Figures, Period, figures_of
from triage.reporting.figures import Part
from triage.store.entries import Kind, NewEntry
from triage.store.log import DecisionLog
from triage.store.opening import open_log

NUMBER = "9990000026"
PERIOD = Period(date(2026, 10, 19), date(2026, 11, 1))
AS_OF = datetime(2026, 11, 9, 12, tzinfo=UTC)
FIRST_MOMENT, LAST_MOMENT = "2026-10-18T23:00:00Z", "2026-11-01T23:59:59Z"
"""Of a fortnight in which the clocks of the United Kingdom are put back."""

BEFORE, AFTER = "2026-10-18T22:59:59Z", "2026-11-02T00:00:00Z"


@pytest.fixture
def log(log_settings: Settings) -> Iterator[DecisionLog]:
    with closing(open_log(log_settings)) as opened:
        yield opened


class Office:
    """Records referrals, and what becomes of them."""

    def __init__(self, decider: Decider, log: DecisionLog) -> None:
        self.recorder, self.log = Recorder(decider, log), log
        self.overrides = Overrides(decider.rulebook, log)

    def refer(
        self,
        at: str,
        made: ReferralBuilder,
        ethnic_category: str | None = "A",
        supersedes: str | None = None,
    ) -> str:
        """A referral received at a moment, by the id of its decision."""
        patient = replace(made.patient, nhs_number=NUMBER, ethnic_category=ethnic_category)
        referral = replace(made.at(datetime.fromisoformat(at)).build(), patient=patient)
        told = replace(referral, supersedes=supersedes)
        return self.recorder.record(told, CLINICIAN).decision_id

    def override(self, id_: str, route: str, urgency: str, reason: str = "in_care") -> str:
        """An override of it."""
        asked = Asked(route, urgency, reason, "So it is.")
        return self.overrides.override(id_, asked, CLINICIAN, AS_OF).override.id


def counted(log: DecisionLog) -> Figures:
    return figures_of(log, PERIOD, AS_OF)


def test_referrals_count_as_they_stand_in_the_days_of_their_receipt(
    decider: Decider, log: DecisionLog
) -> None:
    office, mild = Office(decider, log), referral_builder()
    severe = referral_builder(phq9_total=21).from_source("B1")
    child = replace(mild, patient=Patient(age=17)).from_source("M7", A_PRACTICE)
    history = referral_builder(serious_harm_history=True)

    office.refer(BEFORE, mild)
    office.refer(AFTER, mild)
    office.refer(FIRST_MOMENT, mild)
    moved = office.refer("2026-10-25T23:59:00Z", mild, "Z")
    office.override(moved, "cmht", "urgent", "risk_judgement")
    office.refer("2026-10-26T00:00:00Z", child, None)
    erased = office.refer(LAST_MOMENT, severe, "M")
    waits = office.refer("2026-10-27T10:00:00Z", history, "99")
    office.override(waits, "iapt_step_2", "routine")
    lowered = office.refer("2026-10-27T10:00:00Z", history, "B1")
    second = Caller(Role.CLINICIAN, "second", "pages", "an-issuer")
    office.overrides.confirm(lowered, office.override(lowered, "cmht", "soon"), second)
    cancelled = office.refer("2026-10-28T10:00:00Z", mild)
    log.append(NewEntry(Kind.CANCELLATION, CLINICIAN, {"status": "revoked"}, cancelled))
    earlier = office.refer("2026-10-29T10:00:00Z", mild)
    office.refer("2026-10-30T10:00:00Z", mild, "99", supersedes=earlier)
    (one,) = persons.of_decision(log, erased)
    persons.erase(log, one, CLINICIAN, Reason.PERSON_REQUEST)

    counts = counted(log).counts
    assert counts[Part.RECEIVED] == {("counted",): 7, ("cancelled",): 1, ("superseded",): 1}
    assert counts[Part.STANDS] == {
        ("iapt_step_2",): 2,
        ("cmht",): 3,
        ("young_people",): 1,
        ("iapt_step_3",): 1,
    }
    assert counts[Part.DECIDED] == {
        ("iapt_step_2",): 3,
        ("cmht",): 2,
        ("young_people",): 1,
        ("iapt_step_3",): 1,
    }
    assert counts[Part.WEEK] == {
        ("2026-10-19", "iapt_step_2"): 1,
        ("2026-10-19", "cmht"): 1,
        ("2026-10-26", "young_people"): 1,
        ("2026-10-26", "iapt_step_3"): 1,
        ("2026-10-26", "cmht"): 2,
        ("2026-10-26", "iapt_step_2"): 1,
    }
    assert counts[Part.SOURCE][("B1", "iapt_step_3")] == 1
    assert counts[Part.AGE][("<18", "young_people")] == 1
    assert counts[Part.ETHNICITY] == {
        ("A", "iapt_step_2"): 1,
        ("Z", "cmht"): 1,
        ("", "young_people"): 1,
        ("", "iapt_step_3"): 1,
        ("99", "cmht"): 1,
        ("B1", "cmht"): 1,
        ("99", "iapt_step_2"): 1,
    }
    assert counts[Part.OVERRIDDEN] == {("iapt_step_2",): 1, ("cmht",): 1}
    assert counts[Part.REASON] == {("risk_judgement",): 1, ("in_care",): 1}
    assert counts[Part.CHANGE] == {("routine", "urgent"): 1, ("urgent", "soon"): 1}
    assert counts[Part.RULE][("step-2",)] == 3
    assert counts[Part.WAITING][("1", "iapt_step_2")] == 1
    assert counts[Part.WAITING][("0", "iapt_step_2")] == 1
    assert counts[Part.CLOCK] == {
        ("routine", "runs"): 4,
        ("urgent", "runs"): 1,
        ("urgent", "run_out"): 1,
        ("soon", "runs"): 1,
    }
    assert counts[Part.REFERRER] == {
        ("C86001", "iapt_step_2"): 2,
        ("C86001", "cmht"): 3,
        ("C86001", "young_people"): 1,
    }


def test_it_is_told_how_far_the_log_is_read(decider: Decider, log: DecisionLog) -> None:
    told: list[tuple[int, int]] = []
    Office(decider, log).refer(FIRST_MOMENT, referral_builder())
    figures_of(log, PERIOD, AS_OF, lambda done, total: told.append((done, total)))
    assert told == [(1, 1)]


def test_an_entry_that_cannot_be_read_is_named(decider: Decider, log: DecisionLog) -> None:
    id_ = Office(decider, log).refer(FIRST_MOMENT, referral_builder())
    log.append(NewEntry(Kind.OVERRIDE, CLINICIAN, {"lowers": False}, id_))
    with pytest.raises(LogError, match="entry 2 cannot be read"):
        counted(log)


def test_a_log_without_an_entry_counts_nothing(log: DecisionLog) -> None:
    assert not any(Counter(counted(log).counts[part]) for part in Part)
