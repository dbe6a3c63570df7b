"""The shipped rules with a change to what is written."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from triage.diagram import Outcome
from triage.diagram.walks import referral_of
from triage.domain.pseudonymised import Pseudonymised, pseudonymised
from triage.rulebook import Rulebook, rulebook_of

Content = dict[str, Any]
Change = Callable[[Content], object]


def written(rulebook: Rulebook, change: Change) -> Rulebook:
    """The rulebook with a change to what is written."""
    content = json.loads(json.dumps(rulebook.content))
    change(content)
    return rulebook_of(json.dumps(content))


def rule_in(content: Content, name: str) -> Content:
    rulesets = content["rulebook.yaml"]["rulesets"]
    rules = [rule for each in rulesets for rule in content[f"{each}.yaml"]["rules"]]
    found: Content = next(rule for rule in rules if rule["id"] == name)
    return found


def answer_in(content: Content, name: str) -> Content:
    answers = content["vocabulary.yaml"]["answers"]
    found: Content = next(answer for answer in answers if answer["name"] == name)
    return found


def districts_in(content: Content, place: str) -> list[str]:
    found: list[str] = content["service_directory.yaml"]["places"][place]["postcode_districts"]
    return found


def known(given: dict[str, Any], rulebook: Rulebook) -> Pseudonymised:
    """What rules may know of a referral."""
    return pseudonymised(referral_of(given), rulebook.vocabulary, rulebook.directory)


def set_value(name: str, value: int) -> Change:
    return lambda content: content["rulebook.yaml"]["values"][name].update(value=value)


STEP_3, STEP_2 = Outcome("iapt_step_3", "routine"), Outcome("iapt_step_2", "routine")
