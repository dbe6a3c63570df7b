"""What the documents say is true of the code: commands, answers, settings, rules and files."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from schemas.referral import ReferralReader
from triage.cli import VERBS
from triage.cli.rules import VERBS as RULES_VERBS
from triage.config import Settings
from triage.decide import Decider
from triage.rulebook import Rulebook

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
DEPLOYMENT = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
HAZARDS = (ROOT / "docs" / "clinical-safety" / "hazard-log.md").read_text(encoding="utf-8")
RULES_README = (ROOT / "rules" / "README.md").read_text(encoding="utf-8")
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("rules/*.md")]


def found(pattern: str, text: str) -> str:
    """The one thing in a text that a pattern asks for."""
    (match,) = re.findall(pattern, text, re.DOTALL)
    return str(match)


def holds(whole: Any, part: Any) -> bool:
    """Is a shortened answer a part of the whole one?"""
    if isinstance(part, dict):
        return all(name in whole and holds(whole[name], value) for name, value in part.items())
    if isinstance(part, list):
        return all(any(holds(one, each) for one in whole) for each in part)
    return bool(whole == part)


def test_the_answer_in_the_readme_is_the_answer_to_its_referral(decider: Decider) -> None:
    referral = json.loads(found(r"/v1/triage [^\n]*-d '\s*(\{.*?\})'\n", README))
    shown = json.loads(found(r"```json\n(.*?)```", README))
    reader = ReferralReader(decider.rulebook.vocabulary)
    decision = decider.decide(reader.read(referral, datetime.now(UTC))).as_dict()
    assert holds(json.loads(json.dumps(decision)), shown)


def test_every_make_command_in_the_documents_is_in_the_makefile() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for page in PAGES:
        named = re.findall(r"(?:^|`)make ([a-z]+)", page.read_text(encoding="utf-8"), re.MULTILINE)
        assert set(named) <= targets, page.name


def test_every_verb_in_the_documents_exists() -> None:
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        assert set(re.findall(r"triage rules ([a-z]+)", text)) <= set(RULES_VERBS), page.name
        verbs = re.findall(r"(?:^|[`/])triage ([a-z]+)", text, re.MULTILINE)
        assert set(verbs) <= set(VERBS), page.name


def test_every_setting_is_documented_with_what_holds_without_it() -> None:
    for field in fields(Settings):
        row = found(rf"\| `TRIAGE_{field.name.upper()}` \| ([^|]*) \|", DEPLOYMENT)
        if field.default is not None:
            assert row == f"`{field.default}`"


def test_every_rule_that_the_hazard_log_names_exists(rulebook: Rulebook) -> None:
    named = set(re.findall(r"`([a-z0-9]+(?:-[a-z0-9]+)+)`", HAZARDS))
    assert len(named) > 10
    assert named <= {rule.id for rule in rulebook.rules}


def test_the_example_of_a_rule_is_the_shipped_rule(rulebook: Rulebook) -> None:
    (example,) = yaml.safe_load(found(r"```yaml\n(- id: .*?)```", RULES_README))
    shipped = {
        rule["id"]: rule
        for ruleset in rulebook.rulesets
        for rule in rulebook.content[ruleset.file]["rules"]
    }[example["id"]]
    assert {key: example[key] for key in ("when", "then", "because")} == {
        key: shipped[key] for key in ("when", "then", "because")
    }


def test_every_rule_file_is_described() -> None:
    for file in (ROOT / "rules").glob("*.yaml"):
        assert f"`{file.name}`" in RULES_README


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_documents_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []
