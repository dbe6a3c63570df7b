"""Who claims a delivery has it for a while, the most urgent first; nobody has it for ever."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.builders import A_PRACTICE, referral_builder
from tests.databases import log_settings as log_settings_of
from tests.outbox.conftest import URGENCIES
from tests.outbox.entries import GP, rows, to_tell, told_of
from triage.config import Settings
from triage.decide import Decider
from triage.domain.telling import Telling
from triage.errors import LogUnavailableError
from triage.recording import Recorder
from triage.rulebook import Rulebook
from triage.store.among import Among, Full
from triage.store.database import Database
from triage.store.deliveries import Due, delivery_id
from triage.store.entries import written
from triage.store.log import DecisionLog
from triage.store.opening import open_log
from triage.store.outbox import Outbox

NOW = datetime.now(UTC) + timedelta(hours=1)
"""A moment after everything that these tests record."""

LEASE = timedelta(minutes=5)


def claimed(outbox: Outbox, most: int = 10, now: datetime = NOW) -> list[Due]:
    """What is claimed then."""
    return outbox.claim(now, most, LEASE)


def sequences(found: list[Due]) -> list[int]:
    """The entries of these."""
    return [one.sequence for one in found]


def test_the_most_urgent_are_claimed_first_then_those_due_longest(
    log: DecisionLog, outbox: Outbox
) -> None:
    told_of(log, "routine", "soon", "emergency", "routine", "same_day", "emergency")
    assert sequences(claimed(outbox, 3)) == [3, 6, 5]
    assert sequences(claimed(outbox)) == [2, 1, 4]


def test_urgencies_of_another_rulebook_come_after_those_that_are_known(
    log: DecisionLog, outbox: Outbox
) -> None:
    told_of(log, "by_and_by", "routine")
    log.append(to_tell("routine"))
    assert sequences(claimed(outbox)) == [2, 3, 1]
    told_of(log, "b", "a")
    assert sequences(claimed(Outbox(log.database))) == [4, 5]


def test_what_was_claimed_says_what_it_is(log: DecisionLog, outbox: Outbox) -> None:
    entry = log.append(to_tell("soon", "webhook"))
    told = delivery_id(entry.id, "webhook")
    assert claimed(outbox) == [Due(told, 1, "webhook", 1, written(NOW + LEASE), None)]


def test_what_is_claimed_is_claimed_by_nobody_else_until_the_lease_ends(
    log: DecisionLog, outbox: Outbox
) -> None:
    told_of(log, "soon")
    assert [one.attempts for one in claimed(outbox)] == [1]
    just_before = NOW + LEASE - timedelta(seconds=1)
    assert claimed(outbox, now=just_before) == []
    assert [one.attempts for one in claimed(outbox, now=NOW + LEASE)] == [2]


def test_what_is_not_due_is_not_claimed(log: DecisionLog, outbox: Outbox) -> None:
    told_of(log, "soon", "soon")
    first, second = claimed(outbox)
    outbox.failed(first, "timed_out", NOW + timedelta(minutes=1))
    outbox.failed(second, "timed_out", NOW + timedelta(minutes=2))
    assert claimed(outbox) == []
    assert sequences(claimed(outbox, now=NOW + timedelta(minutes=1))) == [1]


def test_only_what_was_due_by_a_moment_is_claimed(log: DecisionLog, outbox: Outbox) -> None:
    told_of(log, "soon", "soon")
    first, _ = claimed(outbox)
    outbox.failed(first, "timed_out", NOW + timedelta(seconds=1))
    later = NOW + LEASE
    assert sequences(outbox.claim(later, 10, LEASE, Among(NOW))) == [2]


def test_what_was_delivered_is_never_claimed_again(log: DecisionLog, outbox: Outbox) -> None:
    told_of(log, "soon")
    (one,) = claimed(outbox)
    outbox.delivered(one, NOW)
    assert claimed(outbox, now=NOW + timedelta(days=30)) == []
    assert rows(log.database, "state, leased_until, failure") == [("delivered", None, None)]
    assert outbox.counts() == (0, 0)


def test_who_came_too_late_changes_nothing_for_who_has_it_now(
    log: DecisionLog, outbox: Outbox
) -> None:
    told_of(log, "soon")
    (late,) = claimed(outbox)
    (now_theirs,) = claimed(outbox, now=NOW + LEASE)
    for said in (
        lambda: outbox.failed(late, "timed_out", NOW),
        lambda: outbox.buried(late, "status_404"),
        lambda: outbox.dropped(late),
    ):
        said()
        assert rows(log.database, "state, attempts, failure") == [("waiting", 2, None)]
    outbox.delivered(late, NOW)
    outbox.failed(now_theirs, "timed_out", NOW)
    assert rows(log.database, "state, failure") == [("delivered", None)]


@dataclass
class Claims:
    """Claimed by one, let be tried again as if for the first time, and claimed by another."""

    lost: Due
    theirs: Due


@pytest.fixture
def claims(log: DecisionLog, outbox: Outbox) -> Claims:
    """Two claims that count the same attempt."""
    told_of(log, "soon")
    (lost,) = claimed(outbox)
    after = NOW + LEASE
    assert outbox.revive([lost.id], after) == [lost.id]
    (theirs,) = claimed(outbox, now=after)
    assert (lost.attempts, theirs.attempts) == (1, 1)
    return Claims(lost, theirs)


def test_a_claim_that_was_lost_is_known_from_one_that_counts_the_same(
    log: DecisionLog, outbox: Outbox, claims: Claims
) -> None:
    outbox.failed(claims.lost, "timed_out", NOW)
    outbox.buried(claims.lost, "status_404")
    outbox.dropped(claims.lost)
    still = [("waiting", None, claims.theirs.leased_until)]
    assert rows(log.database, "state, failure, leased_until") == still
    assert claimed(outbox, now=NOW + LEASE) == []
    outbox.failed(claims.theirs, "timed_out", NOW)
    assert rows(log.database, "state, failure") == [("waiting", "timed_out")]


def test_what_was_delivered_too_late_leaves_the_claim_of_another_as_it_is(
    log: DecisionLog, outbox: Outbox, claims: Claims
) -> None:
    outbox.delivered(claims.lost, NOW)
    held = [("delivered", claims.theirs.leased_until)]
    assert rows(log.database, "state, leased_until") == held
    assert claimed(outbox, now=NOW + timedelta(days=30)) == []


def test_what_a_newer_version_wrote_is_claimed_with_its_own_word(
    log: DecisionLog, outbox: Outbox
) -> None:
    told_of(log, "soon", "routine")
    with log.database.change() as connection:
        connection.execute(text("UPDATE outbox SET channel = 'fax' WHERE sequence = 1"))
    assert [one.channel for one in claimed(outbox)] == ["fax", "letter"]


def test_what_is_under_way_is_not_claimed_again_though_its_lease_has_ended(
    log: DecisionLog, outbox: Outbox
) -> None:
    told_of(log, "soon", "soon")
    first, second = claimed(outbox)
    among = Among(but=frozenset([first.id]))
    assert outbox.claim(NOW + LEASE, 10, LEASE, among)[0].id == second.id
    assert outbox.claim(NOW + LEASE, 10, LEASE, among) == []


@dataclass
class OneEach:
    """Room for one more delivery to each organisation, and to the one of no code."""

    taken: set[str] = field(default_factory=set)
    channels: frozenset[str] = frozenset(["message"])

    def full(self) -> list[Full]:
        """Those who got one."""
        return [Full(self.channels, frozenset([one])) for one in self.taken]

    def take(self, channel: str, ods_code: str | None) -> bool:
        """Is it the first?"""
        if channel not in self.channels:
            return True
        is_first = (ods_code or "") not in self.taken
        self.taken.add(ods_code or "")
        return is_first


def by(channel: str, _code: str | None) -> str:
    """Everybody is told by one channel."""
    return channel


def referred_by(log: DecisionLog, rulebook: Rulebook, *whose: tuple[str, str, str]) -> None:
    """Decisions, by code, channel and plan; each with an entry about it that is told as well."""
    for code, channel, plan in whose:
        referrer = replace(A_PRACTICE, ods_code=code)
        referral = replace(referral_builder(plan=plan), referrer=referrer).build()
        telling = Telling(partial(by, channel))
        with closing(Decider(rulebook)) as decider:
            recorder = Recorder(decider, log, telling)
            decision = recorder.record(referral, GP)
        urgency = "routine" if plan == "none" else "very_urgent"
        log.append(to_tell(urgency, channel, about=decision.decision_id))


def codes(found: list[Due]) -> list[tuple[int, str | None]]:
    """The entries of these, and who referred."""
    return [(one.sequence, one.ods_code) for one in found]


def test_who_has_no_room_for_more_is_passed_over_and_the_most_urgent_of_the_others_come_first(
    log: DecisionLog, outbox: Outbox, rulebook: Rulebook
) -> None:
    referred_by(log, rulebook, ("B2B", "message", "none"), ("A1A", "message", "active"))
    referred_by(log, rulebook, ("C3C", "letter", "none"))
    found = outbox.claim(NOW, 3, LEASE, Among(room=OneEach()))
    assert codes(found) == [(3, "A1A"), (1, "B2B"), (5, "C3C")]
    assert codes(outbox.claim(NOW, 3, LEASE, Among(room=OneEach({"A1A", "B2B"})))) == [(6, "C3C")]
    assert codes(claimed(outbox)) == [(4, "A1A"), (2, "B2B")]


class Others(OneEach):
    """Room for nobody but one who is named."""

    def full(self) -> list[Full]:
        """Everybody else."""
        return [Full(self.channels, frozenset(["A1A"]), but=True)]


def test_everybody_who_is_not_named_can_be_passed_over(
    log: DecisionLog, outbox: Outbox, rulebook: Rulebook
) -> None:
    referred_by(log, rulebook, ("B2B", "message", "active"), ("A1A", "message", "none"))
    log.append(to_tell("emergency", "message"))
    assert codes(outbox.claim(NOW, 1, LEASE, Among(room=Others()))) == [(3, "A1A")]


def test_what_is_given_up_waits_for_a_person(log: DecisionLog, outbox: Outbox) -> None:
    told_of(log, "soon", "soon")
    first, second = claimed(outbox)
    outbox.buried(first, "status_404")
    outbox.dropped(second)
    assert claimed(outbox, now=NOW + timedelta(days=30)) == []
    assert outbox.counts() == (0, 1)
    assert [(one.id, one.failure, one.kind) for one in outbox.dead(10)] == [
        (first.id, "status_404", "override")
    ]
    assert outbox.revive([first.id, second.id, "no such id"], NOW) == [first.id]
    assert [one.attempts for one in claimed(outbox)] == [1]


def test_everything_given_up_is_tried_again_at_once(log: DecisionLog, outbox: Outbox) -> None:
    told_of(log, *["soon"] * 5)
    for one in claimed(outbox, 3):
        outbox.buried(one, "status_404")
    assert outbox.revive_dead(NOW) == 3
    assert outbox.revive_dead(NOW) == 0
    assert sorted(sequences(claimed(outbox))) == [1, 2, 3, 4, 5]


def test_what_waits_for_its_next_turn_can_be_tried_now_but_not_what_is_under_way(
    log: DecisionLog, outbox: Outbox
) -> None:
    told_of(log, "soon", "soon")
    first, second = claimed(outbox)
    outbox.failed(first, "timed_out", NOW + timedelta(hours=6))
    assert outbox.revive([one.id for one in (first, second)], NOW) == [first.id]
    assert sequences(claimed(outbox)) == [1]


def test_many_are_revived_by_their_ids(log: DecisionLog, outbox: Outbox) -> None:
    told_of(log, *["soon"] * 250)
    taken = claimed(outbox, 250)
    for one in taken:
        outbox.buried(one, "status_404")
    found = [one.id for one in taken]
    assert sorted(outbox.revive(found, NOW)) == sorted(found)


def test_lists_have_an_end(log: DecisionLog, outbox: Outbox) -> None:
    told_of(log, *["soon"] * 5)
    assert [one.sequence for one in outbox.waiting(3)] == [1, 2, 3]
    assert outbox.dead(3) == []


def test_of_many_who_claim_at_once_each_delivery_has_one(
    log: DecisionLog, log_settings: Settings
) -> None:
    told_of(log, *["soon"] * 60)
    with closing(open_log(log_settings)) as other, ThreadPoolExecutor(8) as threads:
        boxes = [Outbox(one.database) for one in (log, other)] * 4

        def claim_all(outbox: Outbox) -> list[str]:
            found: list[str] = []
            while some := claimed(outbox, 3):
                found += [one.id for one in some]
            return found

        taken = [id_ for each in threads.map(claim_all, boxes) for id_ in each]
    assert len(taken) == len(set(taken)) == 60


def test_nobody_waits_for_who_claims_in_postgresql(tmp_path: Path) -> None:
    """Somebody claims and does not come to an end; others record, and claim the rest."""
    held = text("SELECT id FROM outbox WHERE sequence = 1 FOR UPDATE")
    with log_settings_of("postgresql", tmp_path) as settings, closing(open_log(settings)) as log:
        told_of(log, "soon", "routine")
        outbox = Outbox(log.database, URGENCIES)
        with log.database.change() as connection:
            assert connection.execute(held).all()
            assert sequences(claimed(outbox)) == [2]
            assert log.append(to_tell("soon")).sequence == 3
            assert sequences(claimed(outbox)) == [3]
        assert sequences(claimed(outbox)) == [1]


def test_an_outbox_that_cannot_be_reached_says_so() -> None:
    outbox = Outbox(Database("postgresql://nobody@127.0.0.1:1/nowhere"))
    with pytest.raises(LogUnavailableError):
        claimed(outbox)
