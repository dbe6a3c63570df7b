"""A rulebook that was kept as JSON is the rulebook it was, to the last word."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import pytest

from tests.edited_rules import EditedRules
from triage.errors import RulebookError
from triage.rulebook import Rulebook, load_rulebook, rulebook_of

ODD_TEXTS = (
    "010",
    "no",
    "null",
    "2026.10",
    "~",
    "- a: b # c",
    "{x}",
    'a "quoted" one, it\'s said',
    "back\\slash",
    "a line\nand another\n\n  and a third\ttab",
    " spaces about ",
    "naïve façade, 10 °C, 😀",
    "\u0085 \u2028 \u2029 \ufeff \x7f \x00 \u00a0",
    "x" * 70_000,
)


def kept(rulebook: Rulebook) -> str:
    """The rulebook as the decision log keeps it."""
    return json.dumps(rulebook.content, ensure_ascii=False)


def told(value: Any) -> Any:
    """A part of a rulebook as plain values, without the places in files."""
    if is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: told(getattr(value, field.name))
            for field in fields(value)
            if field.name not in ("line", "file")
        }
    if isinstance(value, Mapping):
        return {str(key): told(each) for key, each in value.items()}
    if isinstance(value, (tuple, list)):
        return [told(each) for each in value]
    if isinstance(value, frozenset):
        return sorted(map(repr, value))
    return value


def test_the_shipped_rulebook_comes_back_whole(rulebook: Rulebook) -> None:
    assert told(rulebook_of(kept(rulebook))) == told(rulebook)


@pytest.mark.parametrize("text", ODD_TEXTS, ids=lambda text: ascii(text)[:20])
def test_every_text_comes_back_as_it_was(edited_rules: EditedRules, text: str) -> None:
    path = edited_rules.directory / "rulebook.yaml"
    titled = path.read_text(encoding="utf-8").split("\n")
    place = next(at for at, line in enumerate(titled) if line.startswith("title:"))
    titled[place] = f"title: {yaml_of(text)}"
    path.write_text("\n".join(titled), encoding="utf-8")
    edited = load_rulebook(edited_rules.directory)
    assert edited.title == text
    back = rulebook_of(kept(edited))
    assert back.title == text
    assert back.stamp == edited.stamp


def yaml_of(text: str) -> str:
    """A text between YAML's double quotes."""
    return '"' + "".join(each if each.isalnum() else f"\\U{ord(each):08x}" for each in text) + '"'


EDITS = (
    ("levels.yaml", "{phq9_total: {at_least: 20}, because", "{phq9_total: {at_least: 21}, because"),
    ("rulebook.yaml", "    value: 365", "    value: 366"),
    ("rulebook.yaml", 'version: "2026.1"', 'version: "010"'),
    ("vocabulary.yaml", "    title: Emergency now", "    title: An emergency now"),
    ("safety.yaml", "    title: An emergency goes to", "    title: An emergency is for"),
    ("safety.yaml", "There is an emergency now.", "There is an emergency now! 😀"),
    ("eligibility.yaml", "      - {title: last year below,", "      - {title: a year below,"),
    ("service_directory.yaml", "01632 960001", "01632 960009"),
    ("pathways.yaml", "    when: {veteran: {is: true}}", "    when: {veteran: {is: false}}"),
)


@pytest.mark.parametrize(("file", "old", "new"), EDITS)
def test_every_edited_rulebook_comes_back_whole(
    edited_rules: EditedRules, file: str, old: str, new: str
) -> None:
    edited_rules.replace(file, old, new)
    edited = load_rulebook(edited_rules.directory)
    assert told(rulebook_of(kept(edited))) == told(edited)


@pytest.mark.parametrize("content", ["", "[]", "null", "{", "[" * 5_000, "{}", '{"a": 1}'])
def test_what_is_no_rulebook_is_refused(content: str) -> None:
    with pytest.raises(RulebookError, match=r"rulebook\.yaml"):
        rulebook_of(content)


def test_a_rulebook_without_one_of_its_files_is_refused(rulebook: Rulebook) -> None:
    less = {name: one for name, one in rulebook.content.items() if name != "levels.yaml"}
    with pytest.raises(RulebookError, match=r"levels\.yaml:1: is missing"):
        rulebook_of(json.dumps(less))
