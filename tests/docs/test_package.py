"""What is installed: everything that is needed to run, at versions locked by hash."""

from __future__ import annotations

import re
from pathlib import Path
from zipfile import ZipFile

import pytest
from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).parents[2]
NAME = r"[a-z0-9.-]+(?:\[[a-z, ]+\])?"
"""A package, with the extras that are wanted of it."""

LOCKS = ("requirements.lock", "requirements-dev.lock")


@pytest.fixture(scope="module")
def wheel_files(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names of the files in a wheel built from this checkout."""
    directory = tmp_path_factory.mktemp("wheel")
    (wheel,) = WheelBuilder(str(ROOT)).build(directory=str(directory), versions=["standard"])
    return set(ZipFile(wheel).namelist())


@pytest.mark.parametrize("pattern", ["rules/*.yaml", "triage/pages/templates/*", "triage/**/*.py"])
def test_the_wheel_holds_the_rules_the_templates_and_the_code(
    pattern: str, wheel_files: set[str]
) -> None:
    wanted = {str(path.relative_to(ROOT)) for path in ROOT.glob(pattern) if path.is_file()}
    assert wanted
    assert wanted <= wheel_files


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_holds_a_hash_for_every_version_and_no_address(name: str) -> None:
    text = (ROOT / name).read_text()
    assert "://" not in text
    assert "index-url" not in text
    for entry in re.split(r"\n(?=\S)", text.strip()):
        assert re.match(rf"{NAME}==\S+", entry), entry.splitlines()[0]
        assert "--hash=sha256:" in entry, entry.splitlines()[0]


def test_both_locks_agree_on_every_version_they_share() -> None:
    run, dev = (
        dict(re.findall(rf"^({NAME})==(\S+)", text, re.MULTILINE)) for text in map(_read, LOCKS)
    )
    assert run.items() <= dev.items()


def _read(name: str) -> str:
    return (ROOT / name).read_text()


def test_every_dependency_is_in_the_lock() -> None:
    project = (ROOT / "pyproject.toml").read_text()
    needed = project.split("[project.optional-dependencies]")[0]
    wanted = re.findall(r'^  "([a-z-]+)[>=]', needed, re.MULTILINE)
    assert len(wanted) > 5
    for name in wanted:
        assert re.search(rf"^{name}(\[.*\])?==", _read("requirements.lock"), re.MULTILINE), name
