"""`triage log export`: what it writes is proved by the stand-alone verifier, or it says why not."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

import triage.verify_log
from tests.bulk import fill
from tests.cli.command import triage as run
from tests.databases import environment_of
from tests.search.conftest import AUDITOR, a_decision
from triage.cli import main
from triage.config import Settings
from triage.searching import Exporter
from triage.store import export as exporting
from triage.store.log import DecisionLog
from triage.store.opening import open_log
from triage.store.search import last_entry

ENTRIES = 700


@dataclass(frozen=True)
class Filled:
    """A log of some hundred entries, and the folder that exports go to."""

    settings: Settings
    folder: Path
    log: DecisionLog

    def export(self, *arguments: str | Path) -> Result:
        """Run the verb on this log, in this process."""
        asked = ["log", "export", *map(str, arguments)]
        return CliRunner().invoke(main, asked, env=environment_of(self.settings))

    def verified(self, path: Path, *arguments: str) -> str:
        """What the verifier says of an export, as an auditor would ask it."""
        command = [sys.executable, "-I", triage.verify_log.__file__, str(path)]
        key = ["--key", self.log.vkey]
        found = subprocess.run([*command, *key, *arguments], capture_output=True, check=False)
        assert not found.stderr
        return found.stdout.decode()


@pytest.fixture
def filled(log_settings: Settings, tmp_path: Path) -> Iterator[Filled]:
    fill(log_settings, ENTRIES)
    folder = tmp_path / "exports"
    folder.mkdir()
    with closing(open_log(log_settings)) as log:
        yield Filled(log_settings, folder, log)


@pytest.mark.parametrize("name", ["log.ndjson", "log.ndjson.gz"])
def test_the_verifier_proves_what_was_exported(filled: Filled, name: str) -> None:
    file = filled.folder / name
    done = run("log", "export", "-o", str(file), environment=environment_of(filled.settings))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert filled.verified(file, "--every-head").startswith(f"PROVED: the {ENTRIES + 1} entries")
    assert [one.name for one in filled.folder.iterdir()] == [name]
    assert file.stat().st_mode & 0o077 == 0
    assert file.read_bytes().startswith(b"\x1f\x8b") is name.endswith("gz")
    entry = filled.log.entry(ENTRIES + 1)
    assert entry is not None
    assert (entry.content["kind"], entry.content["what"]) == ("export", "log")
    assert entry.content["by"]["client"] == "command line"


def test_it_can_be_sent_on_instead_of_written(filled: Filled) -> None:
    done = filled.export()
    lines = done.stdout.splitlines()
    file = filled.folder / "log.ndjson"
    file.write_text(done.stdout, encoding="utf-8")
    assert json.loads(lines[0]) == {
        "format": 1,
        "log": filled.log.origin,
        "keys": [filled.log.vkey],
    }
    assert "PROVED" in filled.verified(file)


def test_a_later_part_is_put_behind_an_earlier_export(filled: Filled) -> None:
    file = filled.folder / "log.ndjson"
    assert filled.export("-o", file).exit_code == 0
    for _ in range(3):
        filled.log.append(a_decision(filled.log))
    later = filled.export("--from-sequence", str(ENTRIES + 2))
    head = filled.folder / "head"
    head.write_text(filled.log.head().note(), encoding="utf-8")
    assert filled.verified(file, "--head", str(head)).startswith("NOT PROVED: truncated")
    with file.open("a", encoding="utf-8") as written:
        written.write(later.stdout)
    assert f"PROVED: the {ENTRIES + 5} entries" in filled.verified(file, "--head", str(head))


def test_a_log_that_grows_meanwhile_is_exported_as_it_was(
    filled: Filled, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "AT_ONCE", 16)
    stop = threading.Event()

    def record() -> None:
        while not stop.is_set():
            filled.log.append(a_decision(filled.log))

    recorder = threading.Thread(target=record)
    recorder.start()
    told: list[tuple[int, int]] = []
    try:
        exporter = Exporter(filled.log, lambda done, last: told.append((done, last)))
        lines = b"".join(exporter.whole_log(1, AUDITOR))
    finally:
        stop.set()
        recorder.join()
    file = filled.folder / "log.ndjson"
    file.write_bytes(lines)
    assert filled.verified(file).startswith("PROVED")
    last = told[-1][1]
    assert told[-1] == (last, last)
    assert ENTRIES < last < last_entry(filled.log)


def change(filled: Filled, statement: str) -> None:
    """Change the log behind its back."""
    allow = "DROP TRIGGER entries_refuses_update"
    if not filled.log.database.is_sqlite:
        allow = "SET LOCAL session_replication_role = replica"
    with filled.log.database.write() as connection:
        connection.execute(text(allow))
        connection.execute(text(statement))


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE entries SET leaf = hashes WHERE sequence = 300", "bad entry is entry 300"),
        ("UPDATE entries SET hashes = leaf WHERE sequence = 512", "entry 512"),
    ],
)
def test_a_damaged_log_is_exported_as_it_is(filled: Filled, statement: str, words: str) -> None:
    change(filled, statement)
    file = filled.folder / "log.ndjson"
    done = filled.export("-o", file)
    assert done.exit_code == 0, done.stderr
    assert words in filled.verified(file)


def test_a_log_whose_end_is_damaged_is_exported_though_nothing_can_be_recorded(
    filled: Filled,
) -> None:
    change(filled, "UPDATE entries SET hashes = leaf WHERE sequence = 700")
    file = filled.folder / "log.ndjson"
    done = filled.export("-o", file)
    assert done.exit_code == 0
    assert "could not be recorded" in done.stderr
    assert f"entry {ENTRIES}" in filled.verified(file)


def test_decisions_are_exported_by_the_filters_of_a_search(filled: Filled) -> None:
    asked = ("--route", "cmht", "--route", "crisis", "--not-overridden", "--urgency", "urgent")
    done = filled.export("--format", "ndjson", *asked)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert found
    assert {one["decision"]["route"]["id"] for one in found} <= {"cmht", "crisis"}
    assert {one["decision"]["urgency"] for one in found} == {"urgent"}
    table = filled.folder / "decisions.csv.gz"
    assert filled.export("--format", "csv", *asked, "-o", table).exit_code == 0
    ids = [line.split(",")[0] for line in gzip.decompress(table.read_bytes()).decode().splitlines()]
    assert ids == ["decision_id", *(one["id"] for one in found)]
    entry = filled.log.entry(last_entry(filled.log))
    assert entry is not None
    filters = {"route": ["cmht", "crisis"], "urgency": ["urgent"], "overridden": False}
    assert entry.content["filters"] == filters


WRONG = [
    (("--format", "csv", "--route", "cmth", "--from", "3"), "did you mean cmht?"),
    (("--route", "cmht"), "takes no filters"),
    (("--format", "csv", "--from-sequence", "2"), "whole log alone"),
    (("--from-sequence", "0"), "is not in the range"),
    (("--format", "xlsx"), "is not one of"),
]


@pytest.mark.parametrize(("arguments", "words"), WRONG)
def test_what_is_asked_for_wrongly_leaves_nothing_behind(
    filled: Filled, arguments: tuple[str, ...], words: str
) -> None:
    file = filled.folder / "file"
    done = filled.export("-o", file, *arguments)
    assert done.exit_code == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(filled.folder.iterdir())
    assert last_entry(filled.log) == ENTRIES


@pytest.mark.parametrize("where", ["nowhere/file", "file/file", "."])
def test_where_nothing_can_be_written_it_says_so(filled: Filled, where: str) -> None:
    (filled.folder / "file").write_bytes(b"kept")
    done = filled.export("-o", filled.folder / where)
    assert done.exit_code == 2
    assert "Traceback" not in done.stderr
    assert [one.name for one in filled.folder.iterdir()] == ["file"]
    assert last_entry(filled.log) == ENTRIES


def test_a_file_is_only_there_when_it_is_whole(
    filled: Filled, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = filled.folder / "log.ndjson"
    file.write_bytes(b"the last export")

    def broken(*_arguments: object) -> Iterator[bytes]:
        yield b"{}"
        raise KeyboardInterrupt

    monkeypatch.setattr(Exporter, "whole_log", broken)
    assert filled.export("-o", file).exit_code == 1
    assert file.read_bytes() == b"the last export"
    assert [one.name for one in filled.folder.iterdir()] == ["log.ndjson"]


def test_an_empty_log_is_exported_with_the_entry_that_says_so(
    log_settings: Settings, tmp_path: Path
) -> None:
    with closing(open_log(log_settings)) as log:
        filled = Filled(log_settings, tmp_path, log)
        done = filled.export()
        file = tmp_path / "log.ndjson"
        file.write_text(done.stdout, encoding="utf-8")
        assert "PROVED: the 1 entries" in filled.verified(file)


def test_without_a_log_there_is_nothing_to_export(tmp_path: Path) -> None:
    nowhere = {"TRIAGE_DATABASE_URL": f"sqlite:///{tmp_path}/none.db", "TRIAGE_KEYS": str(tmp_path)}
    done = run("log", "export", "-o", str(tmp_path / "file"), environment=nowhere)
    assert done.returncode == 2
    assert "there is no log" in done.stderr
    assert not list(tmp_path.iterdir())
