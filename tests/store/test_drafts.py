"""A call in progress is there for whoever looks next, as it was left, and changes hands once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from triage.calls_noted import What, note
from triage.config import Settings
from triage.domain.caller import Caller, Role
from triage.domain.drafts import Draft, Way
from triage.errors import ChangedError
from triage.store import drafts as stored
from triage.store.drafts import Drafts
from triage.store.log import DecisionLog
from triage.store.opening import open_log
from triage.store.passing_tables import DRAFTS

ONE = Caller(Role.CALL_HANDLER, "one", "pages", "an-issuer")
OTHER = Caller(Role.CALL_HANDLER, "other", "pages", "an-issuer")

BODY = {"source": "B1", "answers": {"plan": "none"}, "notes": "Síle \u0000 \ud800"}


@pytest.fixture
def log(log_settings: Settings) -> Iterator[DecisionLog]:
    """A log of its own, without an entry."""
    with closing(open_log(log_settings)) as opened:
        yield opened


@pytest.fixture
def drafts(log: DecisionLog) -> Drafts:
    """The calls in progress beside that log: none."""
    return Drafts(log.database, log.person_key)


def a_draft(id_: str = "a-call", at: str = "2026-11-26T10:00:00.000Z", **more: object) -> Draft:
    """A call that was begun."""
    asked, skipped = ("plan", "intent"), ("phq9_items",)
    draft = Draft(id_, 1, Way.CALL, ONE, at, at, BODY, asked, skipped, route="crisis")
    return replace(draft, **more)  # type: ignore[arg-type]


def test_a_call_is_found_as_it_was_left(drafts: Drafts, log_settings: Settings) -> None:
    begun = a_draft()
    drafts.begin(begun)
    changed = replace(begun, body={"source": "B2"}, asked=(), offered=True, urgency="urgent")
    kept = drafts.put(changed)
    assert kept == replace(changed, version=2)
    with closing(open_log(log_settings)) as elsewhere:
        assert Drafts(elsewhere.database, elsewhere.person_key).one(begun.id) == kept
    assert drafts.put(replace(kept, body=BODY, holder=OTHER)).body == BODY
    assert drafts.one("another-call") is None


def test_of_two_changes_at_once_one_wins_and_the_other_is_told(
    drafts: Drafts, log_settings: Settings
) -> None:
    seen = a_draft()
    drafts.begin(seen)
    both = threading.Barrier(2)
    with closing(open_log(log_settings)) as elsewhere, ThreadPoolExecutor(2) as threads:
        desks = (drafts, Drafts(elsewhere.database, elsewhere.person_key))

        def changed(number: int) -> Draft | str:
            both.wait()
            try:
                return desks[number].put(replace(seen, holder=(ONE, OTHER)[number]))
            except ChangedError as error:
                return str(error)

        found = list(threads.map(changed, (0, 1)))
    (told,) = [one for one in found if isinstance(one, str)]
    assert "somebody changed or took this call" in told
    assert drafts.one(seen.id) in found


def test_calls_in_progress_are_those_not_decided_the_longest_alone_first(
    drafts: Drafts, monkeypatch: pytest.MonkeyPatch
) -> None:
    for id_, minute in (("late", 3), ("early", 1), ("decided", 2)):
        drafts.begin(a_draft(id_, f"2026-11-26T10:0{minute}:00.000Z"))
    drafts.decided(a_draft("decided"), "a-decision")
    assert [one.id for one in drafts.in_progress()] == ["early", "late"]
    monkeypatch.setattr(stored, "MOST", 1)
    assert [one.id for one in drafts.in_progress()] == ["late"]


def test_nothing_is_kept_of_a_decided_call_but_its_decision(
    drafts: Drafts, log: DecisionLog
) -> None:
    seen = a_draft(body={"patient": {"nhs_number": "9990000026"}}, offered=True)
    drafts.begin(seen)
    changed = drafts.put(seen)
    with pytest.raises(ChangedError, match="while it was recorded"):
        drafts.decided(seen, "a-decision")
    assert drafts.one(seen.id) == changed
    drafts.decided(changed, "a-decision")
    drafts.decided(changed, "another-decision")
    kept = drafts.one(seen.id)
    assert kept is not None
    assert (kept.decision_id, kept.body, kept.asked, kept.skipped) == ("a-decision", {}, (), ())
    with log.database.read() as connection:
        assert connection.execute(select(DRAFTS.c.person)).scalars().all() == [None]
    with pytest.raises(ChangedError, match="has been decided meanwhile"):
        drafts.put(replace(seen, version=kept.version))
    drafts.begin(a_draft("in-progress"))
    drafts.forget(datetime.now(UTC) - timedelta(hours=1))
    assert drafts.one(seen.id) is not None
    drafts.forget(datetime.now(UTC) + timedelta(hours=1))
    assert drafts.one(seen.id) is None
    assert drafts.one("in-progress") is not None


def test_a_call_that_is_thrown_away_is_still_known_of(drafts: Drafts, log: DecisionLog) -> None:
    seen = a_draft(urgency="very_urgent")
    drafts.begin(seen)
    note(log, seen, What.SEEN, OTHER)
    changed = drafts.put(seen)
    with pytest.raises(ChangedError, match="somebody changed or took this call"):
        note(log, seen, What.DISCARDED, ONE)
    assert drafts.one(seen.id) == changed
    entry = note(log, changed, What.DISCARDED, ONE)
    told = entry.content
    assert (entry.sequence, told["kind"], told["about"]) == (2, "call", None)
    assert (told["call"], told["what"], told["held_by"]) == (seen.id, "discarded", ONE.as_dict())
    assert (told["route"], told["urgency"]) == ("crisis", "very_urgent")
    assert drafts.one(seen.id) is None
    with pytest.raises(ChangedError, match="nothing is kept of it"):
        drafts.put(changed)


def test_a_call_is_taken_once_and_no_entry_says_otherwise(drafts: Drafts, log: DecisionLog) -> None:
    seen = a_draft(offered=True)
    drafts.begin(seen)
    note(log, seen, What.TAKEN, OTHER)
    with pytest.raises(ChangedError, match="somebody changed or took this call"):
        note(log, seen, What.TAKEN, replace(OTHER, subject="third"))
    kept = drafts.one(seen.id)
    assert kept is not None
    assert (kept.holder, kept.offered, kept.version, kept.body) == (OTHER, False, 2, BODY)
    assert log.head().head.size == 1
