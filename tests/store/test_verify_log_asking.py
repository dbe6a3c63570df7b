"""How the stand-alone verifier is asked, and that it stands alone."""

from __future__ import annotations

import ast
import gzip
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.store.desk import LOG, VKEY, Desk, head_at
from tests.store.made_logs import KEY, ORIGIN, Item, Row, exported, line
from tests.store.tampering import ANOTHER_KEY
from triage import verify_log
from triage.store.keys import SigningKey
from triage.store.merkle import (
    Frontier,
    leaf_hash,
)


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    """A desk to check exports at."""
    return Desk(tmp_path, capsys)


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
