"""A diagram that was built is kept by its digest, and nothing that is not it is believed."""

from __future__ import annotations

import ast
import json
import resource
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

import pytest

from tests.edited_rules import EditedRules
from triage.diagram import Diagram, kept
from triage.diagram.kept import MADE_BY, kept_diagram
from triage.rulebook import Rulebook, load_rulebook


def the_file(folder: Path, rulebook: Rulebook) -> Path:
    return folder / f"{rulebook.stamp.digest.removeprefix('sha256:')}.json"


def same(one: Diagram, other: Diagram) -> bool:
    return (one.depths, one.children, one.outcomes) == (
        other.depths,
        other.children,
        other.outcomes,
    )


def never(*_: object) -> Diagram:
    raise AssertionError("it was built")


def test_it_is_built_once_and_then_read(
    rulebook: Rulebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = kept_diagram(rulebook, tmp_path)
    assert the_file(tmp_path, rulebook).is_file()
    monkeypatch.setattr(Diagram, "of", never)
    assert same(kept_diagram(rulebook, tmp_path), built)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text[:-9],
        lambda _text: "",
        lambda _text: "[]",
        lambda text: text.replace('"crisis"', '"iapt_step_2"'),
        lambda text: text.replace('"code":"', '"code":"0'),
        lambda text: json.dumps({**json.loads(text), "nodes": [], "checksum": ""}),
    ],
)
def test_what_is_not_as_it_was_written_is_built_anew(
    rulebook: Rulebook, tmp_path: Path, spoil: object
) -> None:
    built = kept_diagram(rulebook, tmp_path)
    file = the_file(tmp_path, rulebook)
    written = file.read_text()
    file.write_text(spoil(written))  # type: ignore[operator]
    assert file.read_text() != written
    assert same(kept_diagram(rulebook, tmp_path), built)
    assert file.read_text() == written


def test_what_other_code_made_is_built_anew(
    rulebook: Rulebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("triage.diagram.kept._code", lambda: "of yesterday")
    kept_diagram(rulebook, tmp_path)
    before = the_file(tmp_path, rulebook).read_text()
    monkeypatch.undo()
    kept_diagram(rulebook, tmp_path)
    assert the_file(tmp_path, rulebook).read_text() != before


@pytest.fixture
def code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the code that makes diagrams, taken for that code."""
    for package in MADE_BY:
        shutil.copytree(folder_of(package), tmp_path / package)
    monkeypatch.setattr(kept, "files", lambda package: tmp_path / package)
    return tmp_path


def folder_of(package: str) -> Path:
    return Path(str(import_module(package).__file__)).parent


@pytest.mark.parametrize(
    "file",
    [
        "triage.diagram/model.py",
        "triage.diagram/questionnaires.py",
        "triage.domain/conditions.py",
        "triage.rulebook/conditions.py",
    ],
)
def test_whatever_is_changed_in_the_code_that_makes_diagrams_makes_it_other_code(
    rulebook: Rulebook, tmp_path: Path, code: Path, file: str
) -> None:
    def written() -> str:
        kept_diagram(rulebook, tmp_path / "diagrams")
        return the_file(tmp_path / "diagrams", rulebook).read_text(encoding="utf-8")

    before = written()
    assert written() == before
    with (code / file).open("a", encoding="utf-8") as changed:
        changed.write("# changed\n")
    assert written() != before


def test_what_diagrams_come_of_is_in_the_code_that_is_looked_at() -> None:
    imported = {
        module
        for package in MADE_BY
        for path in folder_of(package).rglob("*.py")
        for module in imports_of(path)
        if module.startswith("triage.")
    }
    others = {one for one in imported if not one.startswith(MADE_BY)}
    assert others == {"triage.errors", "triage.nearest", "triage.wire"}


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (each.name for each in node.names)


def test_the_diagram_of_other_rules_is_not_taken_for_it(
    rulebook: Rulebook, edited_rules: EditedRules, tmp_path: Path
) -> None:
    edited_rules.set_value("phq9_more_severe", 12)
    other = load_rulebook(edited_rules.directory)
    kept_diagram(other, tmp_path)
    the_file(tmp_path, other).rename(the_file(tmp_path, rulebook))
    assert same(kept_diagram(rulebook, tmp_path), Diagram.of(rulebook))


def test_a_folder_that_cannot_be_written_to_is_no_fault(rulebook: Rulebook, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    assert same(kept_diagram(rulebook, blocked / "diagrams"), Diagram.of(rulebook))


def test_nothing_half_written_is_left(rulebook: Rulebook, tmp_path: Path) -> None:
    kept_diagram(rulebook, tmp_path)
    assert [each.suffix for each in tmp_path.iterdir()] == [".json"]


@contextmanager
def no_room_past(size: int) -> Iterator[None]:
    """No file grows past so many bytes: writing on fails as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("room", [0, 100, 5_000])
def test_of_a_disk_that_is_full_nothing_is_taken(
    rulebook: Rulebook, tmp_path: Path, room: int
) -> None:
    with no_room_past(room):
        built = kept_diagram(rulebook, tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert same(kept_diagram(rulebook, tmp_path), built)
    assert the_file(tmp_path, rulebook).stat().st_size > room


def test_a_file_that_cannot_be_put_in_its_place_is_not_left_beside_it(
    rulebook: Rulebook, tmp_path: Path
) -> None:
    in_the_way = the_file(tmp_path, rulebook)
    in_the_way.mkdir()
    kept_diagram(rulebook, tmp_path)
    assert list(tmp_path.iterdir()) == [in_the_way]
