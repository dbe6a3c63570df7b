"""A copy of the shipped rule files that a test may edit before it is loaded."""

from __future__ import annotations

from pathlib import Path

from triage.rulebook import shipped_rules


class EditedRules:
    """The shipped rule files in a directory of a test's own."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        for file in shipped_rules().iterdir():
            if file.name.endswith(".yaml"):
                (directory / file.name).write_bytes(file.read_bytes())

    def replace(self, file: str, old: str, new: str) -> int:
        """Put new text for old, which must stand there once; gives the line it begins in."""
        path = self.directory / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        path.write_text(text.replace(old, new), encoding="utf-8")
        return text[: text.index(old)].count("\n") + 1

    def set_value(self, name: str, value: int | str) -> None:
        """Give a named value another value."""
        path = self.directory / "rulebook.yaml"
        head, tail = path.read_text(encoding="utf-8").split(f"\n  {name}:\n", 1)
        before, after = tail.split("    value: ", 1)
        _, rest = after.split("\n", 1)
        text = f"{head}\n  {name}:\n{before}    value: {value}\n{rest}"
        path.write_text(text, encoding="utf-8")

    def append(self, file: str, text: str) -> int:
        """Add text at the end of a file; gives the line it begins in."""
        path = self.directory / file
        before = path.read_text(encoding="utf-8").rstrip("\n") + "\n"
        path.write_text(before + text, encoding="utf-8")
        return before.count("\n") + 1
