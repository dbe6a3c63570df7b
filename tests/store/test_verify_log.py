"""What the stand-alone verifier says of an export, and that it stands alone."""

from __future__ import annotations

import ast
import gzip
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.store.desk import LOG, VKEY, Desk, head_at, index_of
from tests.store.made_logs import KEY, ORIGIN, Item, MadeLog, Row, exported, line
from tests.store.tampering import ANOTHER_KEY, row_of
from triage import verify_log
from triage.store.checkpoint import Head
from triage.store.keys import SigningKey
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


def test_an_export_may_be_packed(desk: Desk) -> None:
    packed = gzip.compress("".join(exported(LOG.items)).encode())
    assert desk.ask(desk.file("log.gz", packed), "--key", VKEY)[0] == 0
    for damaged in (packed[:-20], packed[:200] + b"damaged" + packed[207:]):
        status, said = desk.ask(desk.file("log.gz", damaged), "--key", VKEY)
        why = "the file is damaged or cut short, and cannot be unpacked"
        assert (status, said) == (1, f"NOT PROVED: {why}.\n")


def test_every_signature_is_checked_when_asked(desk: Desk) -> None:
    items = list(LOG.items)
    at = items.index(head_at(20))
    items[at] = replace(head_at(20), signature=bytes(64))
    size = head_at(20).head.size
    assert desk.check(items)[0] == 0
    status, said = desk.check(items, "--every-head")
    assert status == 1
    assert said == (
        f"NOT PROVED: the head over {size} entries is not signed by a key given (line {at + 2}), "
        "though every entry is as it was signed. Entries 1 to 60 are as they were signed.\n"
    )
    assert "other heads" not in desk.check(LOG.items, "--every-head")[1]


@pytest.mark.parametrize("form", ["note", "answer", "line"])
def test_a_head_may_be_kept_in_any_form_it_was_given_in(desk: Desk, form: str) -> None:
    head = head_at(30)
    forms = {
        "note": head.note(),
        "answer": json.dumps(head.as_dict()),
        "line": line({"head": head.note()}),
    }
    status, said = desk.check(LOG.items, "--head", desk.file("kept", forms[form]))
    assert status == 0
    assert said.endswith("Of the same history: 1 head(s) held elsewhere.\n")


def test_a_key_may_stand_in_a_file_and_a_log_may_change_its_key(desk: Desk) -> None:
    frontier = Frontier()
    items: list[Item] = []
    for item in LOG.items:
        if isinstance(item, Row):
            frontier.append(leaf_hash(item.leaf))
            items.append(item)
        else:
            items.append((KEY if frontier.size < 30 else ANOTHER_KEY).sign(item.head))
    keys = desk.file("keys", f"{VKEY}\n\n{ANOTHER_KEY.vkey(ORIGIN)}\n")
    assert desk.ask(desk.export(items), "--key", keys, "--every-head")[0] == 0
    old = [desk.export(items), "--key", VKEY, "--key", ANOTHER_KEY.vkey(ORIGIN)]
    assert desk.ask(*old)[0] == 0
    assert desk.ask(desk.export(items), "--key", VKEY)[0] == 1


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


def test_an_export_of_another_log_is_not_proved(desk: Desk) -> None:
    lines = list(exported(LOG.items))
    lines[0] = line({"format": 1, "log": "another", "keys": []})
    status, said = desk.ask(desk.file("log.ndjson", "".join(lines)), "--key", VKEY)
    assert (status, said) == (
        1,
        f"NOT PROVED: the export is of the log another, the key is of {ORIGIN}.\n",
    )


def test_what_cannot_be_checked_is_said_apart_from_what_is_not_proved(desk: Desk) -> None:
    export = desk.export(LOG.items)
    kept = desk.file("kept", LOG.heads[0].note())
    other = SigningKey(Ed25519PrivateKey.generate()).vkey("another")
    foreign = desk.file("foreign", ANOTHER_KEY.sign(LOG.heads[0].head).note())
    wrong = {
        ("missing.ndjson", "--key", VKEY): "missing.ndjson cannot be read",
        (desk.file("empty", "{}\n"), "--key", VKEY): "this is not an export of the log in format 1",
        (export, "--key", "no key"): "no key cannot be read",
        (export, "--key", desk.file("none", "\n")): "no key is given",
        (export, "--key", "a+b+c"): "the key is not an Ed25519 key written as name+id+key",
        (export, "--key", VKEY.replace("+", "+0", 1)): "the key is miswritten",
        (export, "--key", VKEY, "--key", other): "the keys are not all of one log",
        (export, "--key", VKEY, "--head", "missing"): "missing cannot be read",
        (export, "--key", VKEY, "--head", export): "does not hold a head",
        (export, "--key", other, "--head", kept): f"is of the log {ORIGIN}, the key of another",
        (export, "--key", VKEY, "--head", foreign): "is not signed by a key given",
        ("--proof", export, "--key", VKEY): "this is not a proof as the service gives it",
    }
    for arguments, problem in wrong.items():
        status, said = desk.ask(*arguments)
        assert (status, problem in said) == (2, True), said


@pytest.mark.parametrize("arguments", [[], ["--key", VKEY], ["x", "--proof", "y", "--key", VKEY]])
def test_half_a_question_is_answered_with_how_to_ask(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        verify_log.main(arguments)
    assert ended.value.code == 2
    assert "usage: verify_log.py [EXPORT | --proof FILE] --key KEY" in capsys.readouterr().err


def test_a_terminal_is_told_how_far_it_is(
    desk: Desk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verify_log, "MANY", 40)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    verify_log.main([desk.export(LOG.items), "--key", VKEY])
    assert capsys.readouterr().err == "\r\033[K40 lines\r\033[K80 lines\r\033[K"


SOURCE = Path(verify_log.__file__)


def test_it_imports_nothing_but_the_standard_library() -> None:
    tree = ast.parse(SOURCE.read_text(encoding="utf-8"), feature_version=(3, 9))
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert imported <= sys.stdlib_module_names


def test_it_runs_elsewhere_with_nothing_installed(desk: Desk) -> None:
    copied = desk.file("verify_log.py", SOURCE.read_bytes())
    command = [sys.executable, "-I", "-S", copied, desk.export(LOG.items), "--key", VKEY]
    run = subprocess.run(command, cwd=desk.folder, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.startswith("PROVED: the 60 entries")
    run = subprocess.run([*command[:4], "--help"], capture_output=True, text=True, check=False)
    assert "Get it from the people who run the log" in run.stdout.replace("get it", "Get it")
