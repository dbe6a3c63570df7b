"""Overlays that a test writes beside the rule files it may edit, and what they may say."""

from __future__ import annotations

from pathlib import Path

from tests.edited_rules import EditedRules
from triage.errors import RulebookError, RuleFault
from triage.rulebook import load_rulebook

HEADING = """\
overlay: {name}
title: Triage in {name}
version: "7"
status: draft
owner: Clinical lead
extends: {{rulebook: doncaster, version: "2026.1", directory: ".."}}
"""

LOCAL = '{source: local, where: "Agreed here", sign_off: true}'

SOONER = f"values: {{active_monitoring_review_days: {{value: 7, basis: {LOCAL}}}}}\n"

A_RULE = f"""\
    - id: made-here
      title: Made here
      basis: {LOCAL}
      when: {{veteran: {{is: true}}}}
      because: "It was made so."
      then:
        - support: debt
      examples:
        - {{title: fires, given: {{veteran: true}}, fires: true}}
        - {{title: fires not, given: {{veteran: false}}, fires: false}}
"""

ADDING = f"rules:\n  pathways:\n{A_RULE}"

RETIRING = f"""\
retired:
  - {{rule: debt-support, because: "Nobody here gives it.", basis: {LOCAL}}}
"""

WAIVING = f"""\
waivers:
  - id: later-here
    title: Later here
    when: {{veteran: {{is: false}}}}
    urgency: {{from: soon, to: routine}}
    basis: {LOCAL}
"""

SOURCE = "sources: {{here: {{title: {title}, authority: local}}}}\n"


def beside(*others: str) -> str:
    """The part that lays other overlays over the base as well."""
    return f"beside: [{', '.join(f'../{other}' for other in others)}]\n"


def write(rules: EditedRules, name: str, *parts: str) -> Path:
    """Write an overlay of the edited rules; gives its directory."""
    directory = rules.directory / name
    directory.mkdir(exist_ok=True)
    text = HEADING.format(name=name) + "".join(parts)
    (directory / "overlay.yaml").write_text(text, encoding="utf-8")
    return directory


def edit(directory: Path, old: str, new: str) -> int:
    """Put new text for old in an overlay, which must stand there once; gives its line."""
    path = directory / "overlay.yaml"
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def faults_of(directory: Path) -> tuple[RuleFault, ...]:
    """Why a directory gives no rulebook."""
    try:
        load_rulebook(directory)
    except RulebookError as error:
        return error.faults
    return ()
