"""The log on both databases: what is recorded stays, in its order, and can be proved."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from sqlalchemy import text

from triage.config import Settings
from triage.domain.caller import Caller, Role
from triage.errors import ConflictError, LogError, LogUnavailableError, SettingsError
from triage.store.entries import Entry, Identity, Kind, NewEntry, Retry
from triage.store.log import DecisionLog
from triage.store.merkle import check_consistency, check_inclusion, leaf_hash
from triage.store.opening import open_log

CALLER = Caller(Role.CLINICIAN, "a-clinician", "a-client", "an-issuer")


@pytest.fixture
def log(log_settings: Settings) -> Iterator[DecisionLog]:
    opened = open_log(log_settings)
    yield opened
    opened.close()


def a_view(**others: object) -> NewEntry:
    return NewEntry(Kind.VIEW, CALLER, {"what": "decision"}, **others)  # type: ignore[arg-type]


def test_entries_are_numbered_from_one_without_a_gap(log: DecisionLog) -> None:
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: log.append(a_view()), range(100)))
    assert sorted(entry.sequence for entry in found) == list(range(1, 101))
    for entry in found:
        assert log.entry(entry.sequence) == entry
        assert entry.content["sequence"] == entry.sequence


def test_every_entry_leads_to_the_head_and_every_size_to_the_next(log: DecisionLog) -> None:
    entries = [log.append(a_view()) for _ in range(21)]
    head = log.head()
    assert head.head.size == len(entries)
    for entry in entries:
        proof = log.inclusion(entry.sequence)
        assert proof is not None
        found = leaf_hash(entry.leaf)
        assert found == proof.leaf_hash
        assert check_inclusion(found, entry.sequence - 1, 21, proof.path, head.head.root)
    assert log.inclusion(0) is None
    assert log.inclusion(22) is None


def test_a_log_that_grew_begins_with_what_it_was(log: DecisionLog) -> None:
    heads = []
    for _ in range(13):
        log.append(a_view())
        heads.append(log.head().head)
    for old in heads:
        for new in heads[old.size - 1 :]:
            path = log.consistency(old.size, new.size)
            assert path is not None
            assert check_consistency(old.size, new.size, old.root, new.root, path)
    assert log.consistency(3, 14) is None
    assert log.consistency(4, 3) is None


def test_two_processes_append_to_one_log(log_settings: Settings) -> None:
    with closing(open_log(log_settings)) as first, closing(open_log(log_settings)) as second:
        for log in (first, second, second, first, first):
            log.append(a_view())
        assert second.append(a_view()).sequence == 6
        assert first.head() == second.head()


def a_retry(key: bytes = b"k", request: bytes = b"r") -> Retry:
    return Retry(key, request)


def test_what_is_sent_again_is_recorded_once(log: DecisionLog) -> None:
    first = log.append(a_view(retry=a_retry()))
    again = log.append(a_view(retry=a_retry()))
    assert again == Entry(first.sequence, first.id, first.at, first.leaf, repeated=True)
    assert not first.repeated
    assert log.append(a_view(retry=a_retry(b"another"))).sequence == 2


def test_what_is_sent_many_times_at_once_is_recorded_once(log: DecisionLog) -> None:
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: log.append(a_view(retry=a_retry())), range(40)))
    assert {entry.sequence for entry in found} == {1}
    assert [entry.repeated for entry in found].count(False) == 1


def test_a_key_is_for_one_request(log: DecisionLog) -> None:
    log.append(a_view(retry=a_retry()))
    with pytest.raises(ConflictError):
        log.append(a_view(retry=a_retry(request=b"another")))
    assert log.head().head.size == 1


def test_what_is_refused_leaves_no_gap(log: DecisionLog) -> None:
    def refuse(_connection: object) -> None:
        raise ConflictError("no longer")

    log.append(a_view())
    with pytest.raises(ConflictError, match="no longer"):
        log.append(a_view(guard=refuse))
    assert log.append(a_view()).sequence == 2


def test_an_identity_is_kept_apart_behind_its_commitment(log: DecisionLog) -> None:
    identity = Identity(b'{"nhs_number":"9990000026"}', person=b"p" * 32, gender="2")
    entry = log.append(a_view(identity=identity))
    assert b"9990000026" not in entry.leaf
    assert entry.content["commitment"] == identity.commitment
    recorded = log.recorded(entry.id)
    assert recorded is not None
    assert recorded.identity == identity


@pytest.mark.parametrize("table", ["entries", "heads", "rulebooks", "log", "signing_keys", "fired"])
@pytest.mark.parametrize("change", ["UPDATE {} SET {} = {}", "DELETE FROM {}"])
def test_the_database_refuses_to_change_what_only_grows(
    log: DecisionLog, table: str, change: str
) -> None:
    columns = {"entries": "kind", "heads": "at", "rulebooks": "id", "log": "origin"}
    column = columns.get(table, {"signing_keys": "vkey", "fired": "rule"}.get(table, ""))
    log.append(a_view())
    statement = change.format(table, column, column)
    _write(log, *ROWS)
    with pytest.raises(LogUnavailableError) as caught:
        _write(log, statement)
    assert "only grows" in str(caught.value.__cause__)


ROWS = (
    "INSERT INTO rulebooks VALUES ('d', 'i', 'v', 'c', 'f')",
    "INSERT INTO rule_names VALUES (1, 'n')",
    "INSERT INTO fired VALUES (1, 1)",
)


def _write(log: DecisionLog, *statements: str) -> None:
    with log.database.write() as connection:
        for statement in statements:
            connection.execute(text(statement))


def test_nothing_is_put_on_top_of_a_log_that_was_cut(
    log: DecisionLog, log_settings: Settings
) -> None:
    for _ in range(5):
        log.append(a_view())
    _write(log, _without_trigger(log), "DELETE FROM entries WHERE sequence > 3")
    with closing(open_log(log_settings)) as cut, pytest.raises(LogError, match="log verify"):
        cut.append(a_view())


def _without_trigger(log: DecisionLog) -> str:
    if log.database.is_sqlite:
        return "DROP TRIGGER entries_refuses_delete"
    return "DROP TRIGGER entries_only_grows ON entries"


def test_a_log_is_opened_with_its_own_keys_or_not_at_all(log_settings: Settings) -> None:
    open_log(log_settings).close()
    assert log_settings.keys is not None
    (log_settings.keys / "log-signing-key.pem").unlink()
    with pytest.raises(SettingsError, match="key"):
        open_log(log_settings)
