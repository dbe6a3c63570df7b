"""The log verified where it is kept: what is proved, and of what only others can tell."""

from __future__ import annotations

import threading
import uuid
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import text

from tests.store.lived_logs import OPERATOR, LivedLog, lived, tampering
from triage import persons
from triage.config import Settings
from triage.errors import DamagedLogError, LogError
from triage.rulebook import Rulebook
from triage.store import stretches, verification
from triage.store.entries import Kind, NewEntry, columns
from triage.store.keys import PersonKey, SigningKey
from triage.store.log import DecisionLog
from triage.store.opening import database_of, open_log
from triage.store.tables import ENTRIES
from triage.store.verification import Elsewhere, HeldHead, verify


def test_an_honest_log_is_proved(lived_log: LivedLog) -> None:
    log = lived_log
    found = log.verified([log.heads[0], log.heads[-1]])
    assert (found.entries, found.heads, found.held) == (log.size, len(log.heads), 2)
    assert found.head == log.heads[-1]
    assert found.erased >= 3
    assert found.people_found
    told = found.as_dict()
    assert told["proved"] is True
    assert told["head"]["root"] == log.heads[-1].head.root.hex()


def test_a_log_without_entries_is_proved(log_settings: Settings) -> None:
    with closing(open_log(log_settings)) as log:
        found = verify(log.database, Elsewhere([HeldHead(log.head(), "the head of nothing")]))
    assert (found.entries, found.head, found.heads, found.held) == (0, None, 0, 1)


def test_where_no_log_was_begun_there_is_nothing_to_prove(log_settings: Settings) -> None:
    with closing(database_of(log_settings)) as database, pytest.raises(LogError, match="no log"):
        verify(database)


def test_no_private_key_is_needed_and_nothing_is_written(copied: LivedLog) -> None:
    before = copied.file.read_bytes()
    settings = replace(copied.settings, keys=copied.file.parent / "nowhere")
    with closing(database_of(settings)) as database:
        found = verify(database)
    assert (found.entries, found.people_found) == (copied.size, False)
    assert copied.file.read_bytes() == before


def test_another_log_s_key_for_people_is_not_used(copied: LivedLog, tmp_path: Path) -> None:
    other = PersonKey.create(tmp_path / "other")
    with closing(database_of(copied.settings)) as database:
        assert not verify(database, Elsewhere(person_key=other)).people_found


def test_it_is_told_how_far_it_is(copied: LivedLog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verification, "STRETCH", 16)
    told: list[tuple[int, int]] = []
    with closing(database_of(copied.settings)) as database:
        verify(database, watcher=lambda done, of: told.append((done, of)), workers=1)
    assert told == [
        *((done, copied.size) for done in range(16, copied.size, 16)),
        (copied.size, copied.size),
    ]


@pytest.mark.parametrize("stretch", [1, 2, 4, 64])
def test_it_does_not_matter_how_the_log_is_cut_up(
    copied: LivedLog, stretch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verification, "STRETCH", stretch)
    with closing(database_of(copied.settings)) as database:
        assert verify(database, workers=1).entries == copied.size


def test_what_was_erased_and_is_there_again_is_named(
    log_settings: Settings, rulebook: Rulebook
) -> None:
    log = lived(log_settings, rulebook, Random(4), 40)
    with closing(open_log(log_settings)) as opened:
        one = _erasable(opened)
        with opened.database.read() as connection:
            wanted = text("SELECT * FROM identities WHERE sequence = :at")
            kept = dict(connection.execute(wanted, {"at": one}).mappings().one())
        _erase(opened, one)
    with tampering(log) as connection:
        names = ", ".join(kept)
        places = ", ".join(f":{name}" for name in kept)
        statement = f"INSERT INTO identities ({names}) VALUES ({places})"  # noqa: S608
        connection.execute(text(statement), kept)
    with pytest.raises(DamagedLogError, match="was erased, and is there again") as caught:
        log.verified()
    assert caught.value.first == one


def _erasable(log: DecisionLog) -> int:
    """The first decision of which the identity is there."""
    wanted = (
        "SELECT min(i.sequence) FROM identities i JOIN entries e ON e.sequence = i.sequence"
        " WHERE e.kind = 'decision'"
    )
    with log.database.read() as connection:
        return int(connection.execute(text(wanted)).scalar_one())


def _erase(log: DecisionLog, sequence: int) -> None:
    entry = log.entry(sequence)
    assert entry is not None
    (found,) = persons.of_decision(log, entry.id)
    assert persons.erase(log, found, OPERATOR, persons.Reason.RECORDED_IN_ERROR)


@pytest.mark.parametrize(
    ("statement", "first"),
    [
        ("UPDATE entries SET leaf = CAST(leaf AS TEXT) WHERE sequence = 5", 5),
        ("UPDATE entries SET leaf = 7 WHERE sequence = 5", 5),
        ("UPDATE entries SET hashes = 'tea' WHERE sequence = 5", 5),
        ("UPDATE entries SET about = 7 WHERE sequence = 5", 5),
        ("UPDATE identities SET salt = 'tea' WHERE sequence = 1", 1),
        ("UPDATE identities SET content = 7 WHERE sequence = 1", 1),
        ("UPDATE identities SET person = 'tea' WHERE sequence = 1", 1),
        ("UPDATE heads SET root = 'tea' WHERE size = (SELECT min(size) FROM heads)", None),
        ("UPDATE heads SET signature = 7 WHERE size = (SELECT min(size) FROM heads)", None),
        ("UPDATE heads SET root = 'tea'", 0),
        ("UPDATE rulebooks SET content = 7", 1),
    ],
)
def test_what_is_not_kept_as_it_should_be_is_named(
    copied: LivedLog, statement: str, first: int | None
) -> None:
    with tampering(copied) as connection:
        connection.execute(text(statement))
    with pytest.raises(DamagedLogError) as caught:
        copied.verified()
    assert caught.value.first == (copied.heads[0].head.size if first is None else first)


def test_a_log_signed_anew_with_another_key_is_found_out(copied: LivedLog, tmp_path: Path) -> None:
    other = SigningKey.create(tmp_path / "other")
    origin = copied.heads[0].head.origin
    with tampering(copied) as connection:
        for one in copied.heads:
            signed = other.sign(one.head)
            connection.execute(
                text("UPDATE heads SET key_id = :key_id, signature = :signature WHERE size = :at"),
                {"key_id": signed.key_id, "signature": signed.signature, "at": one.head.size},
            )
        vkey = other.vkey(origin)
        connection.execute(
            text("UPDATE signing_keys SET vkey = :vkey, key_id = :key_id"),
            {"vkey": vkey, "key_id": vkey.split("+")[1]},
        )
    assert copied.verified().entries == copied.size, "nothing in the database tells"
    with pytest.raises(DamagedLogError, match="is not signed by the key of the log"):
        copied.verified([copied.heads[3]])
    published = copied.signing_key.vkey(origin)
    with (
        closing(database_of(copied.settings)) as database,
        pytest.raises(DamagedLogError, match="none of those that were published"),
    ):
        verify(database, Elsewhere(vkeys=[published]))


def test_a_key_signs_from_its_own_size_on(copied: LivedLog) -> None:
    with tampering(copied) as connection:
        connection.execute(text("UPDATE signing_keys SET from_size = 10"))
    with pytest.raises(DamagedLogError, match=r"head over .* is not signed by the key of the log"):
        copied.verified()


def test_heads_of_another_log_are_not_heads_of_this_one(copied: LivedLog) -> None:
    head = copied.heads[0].head
    other = copied.signing_key.sign(replace(head, origin="another/log"))
    with pytest.raises(DamagedLogError, match="the head held over"):
        copied.verified([other])


def test_a_log_that_grows_meanwhile_is_proved_as_it_was(
    log_settings: Settings, rulebook: Rulebook
) -> None:
    lived(log_settings, rulebook, Random(5), 40)
    view = NewEntry(Kind.VIEW, OPERATOR, {"what": "decision"})
    with closing(open_log(log_settings)) as log:
        stop = threading.Event()

        def grow() -> None:
            while not stop.is_set():
                log.append(view_again(view))

        growing = threading.Thread(target=grow)
        growing.start()
        try:
            sizes = [verify(log.database).entries for _ in range(10)]
        finally:
            stop.set()
            growing.join()
    assert sizes == sorted(sizes)
    assert sizes[-1] > sizes[0]


def view_again(view: NewEntry) -> NewEntry:
    """The same view by another id."""
    return replace(view, id=str(uuid.uuid4()))


LOOKED_AT = {
    "log",
    "signing_keys",
    "entries",
    "spans",
    "overridden",
    "rule_names",
    "fired",
    "rulebooks",
    "identities",
    "idempotency",
    "heads",
    "message_requests",
    "outbox",
}

PASSES = {"seen_tokens", "drafts", "jobs"}
"""What proves nothing: it changes and goes, and nothing of the log rests on it."""


def test_every_table_and_every_column_of_an_entry_is_looked_at() -> None:
    """A new one must be verified as well; then it is added here."""
    assert set(ENTRIES.metadata.tables) == LOOKED_AT | PASSES
    entry = {"kind": "view", "sequence": 1, "id": "", "at": "", "about": None}
    names = [column.name for column in stretches._COLUMNS]  # noqa: SLF001
    assert names == list(columns(entry))
    assert {*names, "leaf", "hashes"} == set(ENTRIES.metadata.tables["entries"].columns.keys())
