"""What the stand-alone verifier says of an export."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from tests.store.desk import LOG, VKEY, Desk, head_at, index_of
from tests.store.made_logs import KEY, ORIGIN, Item, MadeLog, Row, committed, exported, line
from tests.store.tampering import ANOTHER_KEY, row_of
from triage.store.checkpoint import Head
from triage.store.merkle import (
    HASH_BYTES,
    Frontier,
    leaf_hash,
)


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    """A desk to check exports at."""
    return Desk(tmp_path, capsys)


def test_an_honest_log_is_proved(desk: Desk) -> None:
    status, said = desk.check(LOG.items)
    last = LOG.heads[-1].head
    assert status == 0
    assert said == (
        f"PROVED: the 60 entries of this export are the log {ORIGIN}\n"
        f"as its key signed it at {last.at}: numbered without a gap, none changed, added, taken "
        f"out or moved. The root of that head is {last.root.hex()}.\n"
        f"{len(LOG.heads) - 1} other heads have the root of their entries. Their signatures add "
        "nothing to this, and were not checked; --every-head checks them.\n"
        "No head held elsewhere was given. Only with one (--head) can it be seen whether the end "
        "of the log was cut off, or all of it written anew with its own key.\n"
    )


def changed(at: int, **parts: object) -> list[Item]:
    """The log with one entry that says something else."""
    row = row_of(LOG, at)
    other = replace(row, entry={**row.entry, **parts})
    return [other if item is row else item for item in LOG.items]


def test_a_changed_entry_is_named(desk: Desk) -> None:
    status, said = desk.check(changed(17, decision={"route": "cmht"}))
    where = f"line {index_of(17) + 2}"
    assert status == 1
    assert said == (
        "NOT PROVED: the first bad entry is entry 17: it is not what its hash says "
        f"({where}). Entries 1 to 16 are as they were signed.\n"
    )


def without(sequence: int) -> list[Item]:
    """The log without one of its entries."""
    return [item for item in LOG.items if item is not row_of(LOG, sequence)]


def test_an_entry_that_is_gone_is_named(desk: Desk) -> None:
    alone, within, last = gone()
    said = desk.check(without(alone))[1]
    assert f"bad entry is entry {alone}: an entry is missing: the signed head over {alone}" in said
    said = desk.check(without(within))[1]
    assert f"bad entry is entry {within}: it is missing here: entry {within + 1} stands" in said
    said = desk.check(without(last))[1]
    start = LOG.around(last)[0]
    assert f"is one of the entries {start} to {last}: an entry is missing: the signed" in said


def gone() -> tuple[int, int, int]:
    """An entry that is a commit by itself, one within a commit, and the last of one."""
    around = {sequence: LOG.around(sequence) for sequence in range(10, 60)}
    alone = next(one for one, (start, end) in around.items() if start == end)
    within = next(one for one, (start, end) in around.items() if start < one < end)
    last = next(one for one, (start, end) in around.items() if start < one == end)
    return alone, within, last


def test_an_entry_that_stands_twice_is_named(desk: Desk) -> None:
    items = list(LOG.items)
    items.insert(index_of(17) + 1, items[index_of(17)])
    said = desk.check(items)[1]
    assert "the first bad entry is entry 17: it stands here twice, the second time in" in said


def test_an_entry_in_the_wrong_place_is_named(desk: Desk) -> None:
    items = list(LOG.items)
    items.insert(index_of(30), items[index_of(17)])
    said = desk.check(items)[1]
    assert "entry 30: entry 17 stands in its place, a second time" in said


def test_an_entry_that_gives_itself_another_number_is_named(desk: Desk) -> None:
    said = desk.check(changed(17, sequence=3))[1]
    assert "entry 17: it says of itself that it is entry 3" in said


@pytest.mark.parametrize("sequence", [None, "17", 17.0, True])
def test_an_entry_without_a_number_is_named(desk: Desk, sequence: object) -> None:
    assert "does not hold an entry" in desk.check(changed(17, sequence=sequence))[1]


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "not JSON",
        '{"leaf":17,"hashes":"00"}',
        '{"leaf":"{}"}',
        '{"leaf":"{}","hashes":"0g"}',
        '{"leaf":"\\ud800","hashes":""}',
        '{"leaf":"[1]","hashes":""}',
        '{"leaf":"' + "[" * 100_000 + '","hashes":""}',
        "[" * 100_000,
        "",
    ],
)
def test_a_line_that_holds_no_entry_is_named(desk: Desk, text: str) -> None:
    lines = list(exported(LOG.items))
    lines[index_of(17) + 1] = f"{text}\n"
    status, said = desk.ask(desk.file("log.ndjson", "".join(lines)), "--key", VKEY)
    where = f"line {index_of(17) + 2}"
    assert status == 1
    assert f"the first bad entry is entry 17: {where} does not hold an entry." in said


def test_a_line_that_holds_half_a_head_is_named(desk: Desk) -> None:
    for note in ("", "log\n1\n\n", f"{ORIGIN}\n01\nAAAA\n\n— x AAAA\n", f"{ORIGIN}\n1\nAAAA\n\n"):
        lines = [*exported(LOG.items), line({"head": note})]
        status, said = desk.ask(desk.file("log.ndjson", "".join(lines)), "--key", VKEY)
        assert status == 1
        assert f"NOT PROVED: line {len(lines)} holds a head that is not one: " in said


def test_hashes_beside_an_entry_that_were_changed_are_not_held_against_it(desk: Desk) -> None:
    row = row_of(LOG, 17)
    other = replace(row, hashes=bytes(HASH_BYTES))
    items = [other if item is row else item for item in LOG.items]
    said = desk.check(items)[1]
    assert "entry 17: the hashes beside it were changed; the entry is as signed at " in said


def test_hashes_that_stand_for_several_entries_are_followed(desk: Desk) -> None:
    """The entry was put right with its own hash; that over two entries gives it away."""
    log = MadeLog.drawn(Random(1), 8)
    rows = [item for item in log.items if isinstance(item, Row)]
    entry = {**rows[2].entry, "by": None}
    own = leaf_hash(Row(entry, b"").leaf)
    rows[2] = Row(entry, own)
    said = desk.check([*rows, log.heads[-1]])[1]
    assert "the first bad entry is one of the entries 3 to 4: entries 3 to 4 do not come" in said
    assert "Entries 1 to 2 are as they were signed." in said


def test_entries_that_no_head_covers_are_named(desk: Desk) -> None:
    last = LOG.heads[-2].head.size
    said = desk.check(LOG.items[:-1])[1]
    named = "entry 60" if last == 59 else f"one of the entries {last + 1} to 60"
    assert f"the first bad entry is {named}: no signed head covers it. Entries 1 to {last}" in said


def test_a_head_that_the_key_did_not_sign_is_named(desk: Desk) -> None:
    forged = ANOTHER_KEY.sign(LOG.heads[-1].head)
    said = desk.check([*LOG.items[:-1], forged])[1]
    assert "the head over 60 entries is not signed by a key given" in said


def test_a_head_in_the_wrong_place_is_noticed(desk: Desk) -> None:
    early, late = list(LOG.items), list(LOG.items)
    head = head_at(20)
    early.remove(head)
    early.insert(index_of(20) - 3, head)
    late.remove(head)
    late.append(head)
    said = desk.check(early)[1]
    assert "an entry is missing: the signed head over 20 entries stands after 17" in said
    assert f"the signed head over {head.head.size} entries stands after 60" in desk.check(late)[1]


def test_an_export_without_heads_proves_nothing(desk: Desk) -> None:
    assert desk.check([]) == (
        1,
        "NOT PROVED: the export holds no signed head, so nothing is proved.\n",
    )
    empty = KEY.sign(Head(ORIGIN, 0, Frontier().root(), "2026-11-22T10:15:00.000Z"))
    assert desk.check([empty])[0] == 0


def test_a_log_cut_short_is_told_by_a_head_held_elsewhere(desk: Desk) -> None:
    kept = desk.file("kept", LOG.heads[-1].note())
    size = head_at(30).head.size
    cut = LOG.items[: LOG.items.index(head_at(30)) + 1]
    assert desk.check(cut)[0] == 0
    status, said = desk.check(cut, "--head", kept)
    assert status == 1
    assert said == (
        f"NOT PROVED: truncated: the head held elsewhere covers 60 entries, the export holds "
        f"{size}. That head was signed at {LOG.heads[-1].head.at} ({kept}). Entries 1 to {size} "
        "are as they were signed.\n"
    )


def test_a_second_history_is_told_by_a_head_held_elsewhere(desk: Desk) -> None:
    other = MadeLog.drawn(Random(8), 60)
    kept = head_at(30)
    status, said = desk.check(other.items, "--head", desk.file("kept", kept.note()))
    assert status == 1
    assert said.startswith(
        "NOT PROVED: forked: the log signed two histories. The head held elsewhere over "
        f"{kept.head.size} entries, signed at {kept.head.at} ("
    )
    assert said.endswith(
        "is not of the one in this export. They part at one of the entries 1 to "
        f"{kept.head.size}.\n"
    )


def test_of_several_things_wrong_the_first_is_named(desk: Desk) -> None:
    start = next(one for one in range(1, 60) if LOG.around(one)[1] - one > 2)
    items = changed(start + 1, by=None)
    del items[index_of(start + 2)]
    said = desk.check(items)[1]
    assert f"is one of the entries {start} to {start + 1}: it is not what its hash says" in said


def test_a_doubt_that_no_head_clears_up_is_told(desk: Desk) -> None:
    last = LOG.heads[-2].head.size
    said = desk.check(changed(last + 1, by=None)[:-1])[1]
    assert f"the first bad entry is entry {last + 1}: it is not what its hash says" in said


def test_a_head_held_elsewhere_narrows_down_what_nobody_signed(desk: Desk) -> None:
    """Without the log's key another history can be written, but no head over it signed."""
    entries = [{**entry, "by": None} for entry in LOG.entries]
    kept = desk.file("kept", head_at(20).note())
    forged = committed(entries, LOG.sizes, ANOTHER_KEY)
    unsigned = [item for item in forged if isinstance(item, Row)]
    named = f"the first bad entry is one of the entries 1 to {head_at(20).head.size}: "
    assert f"{named}no signed head covers it" in desk.check(unsigned, "--head", kept)[1]
    named = f"the first bad entry is entry 1: the head over {LOG.sizes[0]} entries is not signed"
    assert LOG.sizes[0] == 1
    assert named in desk.check(forged, "--head", kept)[1]


def test_a_head_held_elsewhere_proves_what_it_covers(desk: Desk) -> None:
    """The log's own heads from a point on are gone; the one that was kept stands in for them."""
    heads = LOG.heads[5:]
    items = [item for item in LOG.items if item not in heads]
    assert desk.check(items, "--head", desk.file("kept", LOG.heads[-1].note()))[0] == 0
    earlier = LOG.heads[-3]
    said = desk.check(items, "--head", desk.file("kept", earlier.note()))[1]
    assert f"Entries 1 to {earlier.head.size} are as they were signed." in said


def test_an_export_of_another_log_is_not_proved(desk: Desk) -> None:
    lines = list(exported(LOG.items))
    lines[0] = line({"format": 1, "log": "another", "keys": []})
    status, said = desk.ask(desk.file("log.ndjson", "".join(lines)), "--key", VKEY)
    assert (status, said) == (
        1,
        f"NOT PROVED: the export is of the log another, the key is of {ORIGIN}.\n",
    )
