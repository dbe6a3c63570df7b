"""`triage log`, as an auditor or an operator starts it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.cli.command import triage
from tests.cli.logs import ALog
from tests.cli.test_terminal import on_a_terminal
from tests.databases import environment_of, log_settings
from triage.config import Settings
from triage.store.checkpoint import SignedHead
from triage.store.merkle import check_inclusion


def tampered(log: ALog, *statements: str) -> None:
    """Do something to the database that it would refuse."""
    engine = create_engine(str(log.settings.database_url))
    with engine.begin() as connection:
        triggers = text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for name in connection.execute(triggers).scalars().all():
            connection.execute(text(f"DROP TRIGGER {name}"))
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def kept_head(log: ALog, folder: Path, *, as_json: bool = False) -> str:
    """The head of now in a file, as somebody keeps it elsewhere."""
    file = folder / "head.txt"
    with log.opened() as opened:
        head = opened.head()
    file.write_text(json.dumps(head.as_dict()) if as_json else head.note(), encoding="utf-8")
    return str(file)


def test_an_untouched_log_is_proved(log: ALog) -> None:
    done = triage("log", "verify", environment=log.environment)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("PROVED: the 4 entries in sqlite:///")
    assert "No head held elsewhere was given" in done.stdout
    assert done.stderr == ""


@pytest.mark.parametrize("as_json", [False, True], ids=["a note", "an answer"])
def test_a_head_held_elsewhere_is_proved_to_be_of_it(
    log: ALog, tmp_path: Path, as_json: bool
) -> None:
    head = kept_head(log, tmp_path, as_json=as_json)
    done = triage("log", "verify", "--head", head, environment=log.environment)
    assert done.returncode == 0, done.stderr
    assert "It goes on from every head held elsewhere that was given: 1." in done.stdout


def test_machines_get_json(log: ALog, tmp_path: Path) -> None:
    key = tmp_path / "log.vkey"
    key.write_text(triage("log", "key", environment=log.environment).stdout)
    done = triage("log", "verify", "--json", "--key", str(key), environment=log.environment)
    told = json.loads(done.stdout)
    assert (told["proved"], told["entries"], told["people_found"]) == (True, 4, True)
    tampered(log, "UPDATE entries SET urgency = 'never' WHERE sequence = 2")
    done = triage("log", "verify", "--json", environment=log.environment)
    assert done.returncode == 1
    assert json.loads(done.stdout) == {
        "proved": False,
        "problem": "it is found under another urgency than it says itself",
        "first": 2,
        "last": 2,
    }


def test_the_first_bad_entry_is_named(log: ALog) -> None:
    tampered(log, "UPDATE entries SET leaf = CAST('tea' AS BLOB) WHERE sequence > 2")
    done = triage("log", "verify", environment=log.environment)
    assert done.returncode == 1
    assert done.stdout == (
        "NOT PROVED: the first bad entry is entry 3: it is not what the hash beside it says.\n"
    )


def test_an_end_that_was_cut_off_is_seen_by_a_head_held_elsewhere(
    log: ALog, tmp_path: Path
) -> None:
    head = kept_head(log, tmp_path)
    cut = ("entries WHERE sequence > 2", "heads WHERE size > 2", "identities WHERE sequence > 2")
    beside = ("fired WHERE sequence > 2", "overridden", "outbox WHERE sequence > 2")
    tampered(log, *(f"DELETE FROM {one}" for one in (*cut, *beside)))  # noqa: S608
    assert triage("log", "verify", environment=log.environment).returncode == 0
    done = triage("log", "verify", "--head", head, environment=log.environment)
    assert done.returncode == 1
    assert "truncated" in done.stdout
    assert "one of the entries 3 to 4" in done.stdout


def test_a_bad_head_is_told_without_an_entry(log: ALog) -> None:
    tampered(log, "UPDATE heads SET at = '2026-01-01T00:00:00.000Z' WHERE size = 2")
    done = triage("log", "verify", environment=log.environment)
    assert done.stdout == (
        "NOT PROVED: the head over 2 entries is not signed by the key of the log.\n"
    )


def test_a_copy_is_verified_without_a_key(log: ALog, tmp_path: Path) -> None:
    copy = tmp_path / "elsewhere"
    copy.mkdir()
    with log.opened() as opened:
        opened.database.forget()
        shutil.copyfile(opened.database.file, copy / "copy.db")
    settings = Settings(database_url=f"sqlite:///{copy / 'copy.db'}", keys=copy / "none")
    done = triage("log", "verify", environment=environment_of(settings))
    assert done.returncode == 0, done.stderr
    assert "was not looked at" in done.stdout
    assert not (copy / "none").exists()


@pytest.mark.parametrize(
    ("content", "told"),
    [("tea", "does not hold a head"), ("{}", "does not hold a head"), ("[1]", "does not hold")],
)
def test_what_is_no_head_is_told(log: ALog, tmp_path: Path, content: str, told: str) -> None:
    file = tmp_path / "no-head.txt"
    file.write_text(content)
    done = triage("log", "verify", "--head", str(file), environment=log.environment)
    assert done.returncode == 2
    assert told in done.stderr


def test_where_there_is_no_log_it_says_so(tmp_path: Path) -> None:
    settings = Settings(database_url=f"sqlite:///{tmp_path / 'none.db'}", keys=tmp_path / "keys")
    for verb in (("verify",), ("head",), ("key",), ("proof", "1")):
        done = triage("log", *verb, environment=environment_of(settings))
        assert done.returncode == 2
        assert "there is no log" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_bar_is_shown_on_a_terminal(log: ALog) -> None:
    said = on_a_terminal("log", "verify", environment=log.environment)
    assert "verifying" in said
    assert "4/4" in said
    assert "PROVED" in said


def test_the_head_is_the_note_that_the_service_gives(log: ALog) -> None:
    done = triage("log", "head", environment=log.environment)
    with log.opened() as opened:
        assert SignedHead.parse(done.stdout) == opened.head()


def test_a_proof_leads_to_the_head(log: ALog) -> None:
    proof = json.loads(triage("log", "proof", "3", environment=log.environment).stdout)
    path = [bytes.fromhex(one) for one in proof["path"]]
    leaf, root = bytes.fromhex(proof["leaf_hash"]), bytes.fromhex(proof["head"]["root"])
    assert check_inclusion(leaf, proof["sequence"] - 1, proof["head"]["size"], path, root)
    done = triage("log", "proof", "5", environment=log.environment)
    assert done.returncode == 2
    assert "no entry of that number" in done.stderr


def test_a_log_on_postgresql_is_proved_too(tmp_path: Path) -> None:
    with log_settings("postgresql", tmp_path) as settings:
        environment = environment_of(settings)
        assert triage("log", "head", environment=environment).returncode == 0
        done = triage("log", "verify", environment=environment)
        assert done.returncode == 0, done.stderr
        assert "without an entry as yet" in done.stdout
