"""Entries as they stand, sound or not, and what the log keeps beside them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest
from sqlalchemy import text

from tests.builders import a_referral
from tests.recorded import recorded
from triage.config import Settings
from triage.rulebook import Rulebook
from triage.store.kept import keys_of, rulebooks_of
from triage.store.log import DecisionLog
from triage.store.near import Otherwise, entries_near
from triage.store.opening import open_log


@pytest.fixture
def log(log_settings: Settings, rulebook: Rulebook) -> Iterator[DecisionLog]:
    """A log of three decisions."""
    with closing(open_log(log_settings)) as log:
        recorded(log, rulebook, [a_referral()] * 3)
        yield log


def test_sound_entries_are_shown_with_those_around_them(log: DecisionLog) -> None:
    near = entries_near(log.database, 2, 1)
    assert [one.sequence for one in near] == [1, 2, 3]
    assert all(one.is_sound and one.kind == "decision" for one in near)
    assert [one.sequence for one in entries_near(log.database, 3, 0)] == [3]


def test_what_an_entry_says_otherwise_than_its_columns_is_named(log: DecisionLog) -> None:
    with log.database.write() as connection:
        refuse_nothing = "SET LOCAL session_replication_role = replica"
        if log.database.is_sqlite:
            refuse_nothing = "DROP TRIGGER entries_refuses_update"
        connection.execute(text(refuse_nothing))
        connection.execute(text("UPDATE entries SET urgency = 'soon' WHERE sequence = 2"))
        connection.execute(text("UPDATE entries SET leaf = hashes WHERE sequence = 3"))
    _, second, third = entries_near(log.database, 2, 1)
    assert (second.hash_fits, second.is_sound) == (True, False)
    assert second.otherwise == (Otherwise("urgency", "soon", "routine"),)
    assert (third.hash_fits, third.otherwise) == (False, None)


def test_keys_and_rulebooks_are_listed(log: DecisionLog, rulebook: Rulebook) -> None:
    (key,) = keys_of(log.database)
    assert (key.vkey, key.from_size) == (log.vkey, 0)
    (book,) = rulebooks_of(log.database)
    stamp = rulebook.stamp
    assert (book.digest, book.id, book.version) == (stamp.digest, stamp.id, stamp.version)
