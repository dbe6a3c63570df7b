"""Rules made in great number, to bring the engine to its limits."""

from __future__ import annotations

from collections.abc import Iterable

from tests.edited_rules import EditedRules


def rule(name: str, when: str, example: str) -> str:
    """A rule of the pathways that reads what is wanted and asks for debt advice."""
    return f"""
  - id: {name}
    title: Made for a test
    basis: {{source: qs115, where: "nowhere"}}
    when: {when}
    because: "It was made so."
    then:
      - support: debt
    examples:
      - {{title: fires, given: {example}, fires: true}}
      - {{title: fires not, given: {{}}, fires: false}}
"""


def add_rules(rules: EditedRules, texts: Iterable[str]) -> None:
    rules.append("pathways.yaml", "".join(texts))


def add_true_rules(rules: EditedRules, count: int) -> list[str]:
    """Rules that are all true at once of somebody who is 130 years old; gives their ids."""
    names = [f"made-{number:03}" for number in range(1, count + 1)]
    add_rules(
        rules,
        (
            rule(name, f"{{age: {{at_least: {number}}}}}", "{age: 130}")
            for number, name in enumerate(names, 1)
        ),
    )
    return names


def add_questions(rules: EditedRules, count: int) -> list[str]:
    """Questions to be answered with yes or no, put before all others; gives their names."""
    names = [f"made_{number:03}" for number in range(count)]
    entries = "".join(
        f"""  - name: {name}
    title: Made for a test
    question: "Was this made for a test?"
    type: boolean
    group: safety
"""
        for name in names
    )
    rules.replace("vocabulary.yaml", "\nanswers:\n", f"\nanswers:\n{entries}")
    return names
