"""What ``make prove`` adds to pytest: it goes on where it was broken off, and tells what was done.

What was proved of the very same files is left out until all of it was proved.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path

import pytest

FOLDERS = ("triage", "schemas", "rules", "tests")

KINDS = (".py", ".yaml", ".html", ".css", ".js")


@cache
def _key() -> str:
    """What is remembered belongs to these files."""
    found = sha256()
    for path in _files():
        found.update(f"{path}\0{path.stat().st_size}\0".encode() + path.read_bytes())
    return f"proved/{found.hexdigest()}"


def _files() -> Iterator[Path]:
    for folder in FOLDERS:
        yield from sorted(one for one in Path(folder).rglob("*.*") if one.suffix in KINDS)


class Proving:
    """Remembers which tests passed."""

    def __init__(self, config: pytest.Config) -> None:
        assert config.cache is not None
        self._cache, self._is_worker = config.cache, hasattr(config, "workerinput")
        self._is_all = not config.getoption("keyword")
        self._proved: list[str] = self._cache.get(_key(), [])

    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        """Leave out what was proved before."""
        proved = set(self._proved)
        config.hook.pytest_deselected(items=[one for one in items if one.nodeid in proved])
        items[:] = [one for one in items if one.nodeid not in proved]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Remember at once: whoever breaks off does not say so."""
        if report.when == "call" and report.passed and not self._is_worker:
            self._proved.append(report.nodeid)
            self._cache.set(_key(), self._proved)

    def pytest_sessionfinish(self, exitstatus: int) -> None:
        """Begin anew next time, where all was proved."""
        if exitstatus == pytest.ExitCode.OK and self._is_all and not self._is_worker:
            self._cache.set(_key(), [])

    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[str, str, str] | None:
        """Say on the line of a test what it says it did."""
        if not (report.passed and report.when == "call" and report.user_properties):
            return None
        said = ", ".join(f"{value} {name}" for name, value in report.user_properties)
        return "passed", ".", f"PASSED ({said})"


def pytest_configure(config: pytest.Config) -> None:
    """Called by pytest."""
    config.pluginmanager.register(Proving(config))
