"""The digest of a rulebook: the same for the same content, another for another."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.builders import a_referral, nothing_asked, referral_builder
from tests.edited_rules import EditedRules
from triage.decide import Decider
from triage.rulebook import Rulebook, load_rulebook, shipped_rules


def digest(rules: EditedRules) -> str:
    return load_rulebook(rules.directory).stamp.digest


def test_a_copy_of_the_files_has_the_same_digest(
    edited_rules: EditedRules, rulebook: Rulebook
) -> None:
    assert digest(edited_rules) == rulebook.stamp.digest
    assert re.fullmatch(r"sha256:[0-9a-f]{64}", rulebook.stamp.digest)


def test_comments_and_white_space_do_not_change_it(
    edited_rules: EditedRules, rulebook: Rulebook
) -> None:
    for path in edited_rules.directory.glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        path.write_text(f"# A comment.\n\n{text}\n\n# Another.\n", encoding="utf-8")
    assert digest(edited_rules) == rulebook.stamp.digest


@pytest.mark.parametrize("flow", [False, True], ids=["a line for each", "in brackets"])
def test_quoting_and_layout_do_not_change_it(
    edited_rules: EditedRules, rulebook: Rulebook, flow: bool
) -> None:
    rewrite(edited_rules.directory, lambda content: dumped(content, flow=flow))
    assert digest(edited_rules) == rulebook.stamp.digest


def test_the_order_of_keys_changes_neither_the_digest_nor_any_decision(
    edited_rules: EditedRules, rulebook: Rulebook, decider: Decider
) -> None:
    rewrite(edited_rules.directory, lambda content: dumped(content, sort_keys=True))
    reordered = load_rulebook(edited_rules.directory)
    assert reordered.stamp.digest == rulebook.stamp.digest
    other = Decider(reordered)
    for referral in (
        a_referral(),
        a_referral(intent="strong", daily_functioning="marked", substance_use="dependent"),
        nothing_asked().build(),
        referral_builder(phq9_total=22, harm_injury="life_threatening").without("plan").build(),
        referral_builder(serious_harm_history=True).of_patient(age=15).rated(risk="low").build(),
    ):
        assert other.decide(referral).as_dict() == decider.decide(referral).as_dict()
    other.close()


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (
            "levels.yaml",
            "{phq9_total: {at_least: 20}, because",
            "{phq9_total: {at_least: 21}, because",
        ),
        ("rulebook.yaml", "    value: 365", "    value: 366"),
        ("rulebook.yaml", 'version: "2026.1"', 'version: "2026.2"'),
        ("vocabulary.yaml", "    title: Emergency now", "    title: An emergency now"),
        ("safety.yaml", "    title: An emergency goes to", "    title: An emergency is for"),
        ("safety.yaml", "There is an emergency now.", "There is an emergency now!"),
        ("eligibility.yaml", "      - {title: last year below,", "      - {title: a year below,"),
        ("service_directory.yaml", "01632 960001", "01632 960009"),
        ("pathways.yaml", "    when: {veteran: {is: true}}", "    when: {veteran: {is: false}}"),
    ],
)
def test_every_word_and_number_that_matters_changes_it(
    edited_rules: EditedRules, rulebook: Rulebook, file: str, old: str, new: str
) -> None:
    edited_rules.replace(file, old, new)
    assert digest(edited_rules) != rulebook.stamp.digest


def test_the_order_of_routes_changes_it(edited_rules: EditedRules, rulebook: Rulebook) -> None:
    def reversed_routes(content: dict[str, Any]) -> str:
        if "routes" in content and "answers" in content:
            content = {**content, "routes": list(reversed(content["routes"]))}
        return dumped(content)

    rewrite(edited_rules.directory, reversed_routes)
    assert digest(edited_rules) != rulebook.stamp.digest


def test_a_number_and_the_same_digits_in_quotes_are_not_one(
    edited_rules: EditedRules, rulebook: Rulebook
) -> None:
    edited_rules.replace("vocabulary.yaml", '  "99": Not known', '  "99 ": Not known')
    assert digest(edited_rules) != rulebook.stamp.digest


def test_every_decision_carries_the_digest(decider: Decider, rulebook: Rulebook) -> None:
    told = decider.decide(a_referral()).as_dict()["rulebook"]
    assert told == {
        "id": "doncaster",
        "version": rulebook.stamp.version,
        "digest": rulebook.stamp.digest,
    }


def test_the_shipped_files_and_a_path_to_them_are_one_rulebook(rulebook: Rulebook) -> None:
    assert load_rulebook(Path(str(shipped_rules()))).stamp == rulebook.stamp


Write = Callable[[dict[str, Any]], str]


def rewrite(directory: Path, write: Write) -> None:
    """Write every rule file anew from its content."""
    content = load_rulebook(directory).content
    for path in directory.glob("*.yaml"):
        path.write_text(write(content[path.name]), encoding="utf-8")


class _AllQuoted(yaml.SafeDumper):
    """Writes every text in quotes."""


_AllQuoted.add_representer(
    str, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"')
)


def dumped(content: Any, *, flow: bool = False, sort_keys: bool = False) -> str:
    text: str = yaml.dump(
        content,
        Dumper=_AllQuoted,
        sort_keys=sort_keys,
        allow_unicode=True,
        width=60,
        default_flow_style=flow,
    )
    return text


def test_a_reason_to_decide_otherwise_changes_it(
    edited_rules: EditedRules, rulebook: Rulebook
) -> None:
    edited_rules.replace("vocabulary.yaml", "The team cannot take the referral", "No room")
    assert digest(edited_rules) != rulebook.stamp.digest
