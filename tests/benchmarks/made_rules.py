"""More rules, made up: each asks two or three questions of one group, as local rules do."""

from __future__ import annotations

import json
from collections.abc import Iterator
from random import Random
from typing import Any

from triage.domain.vocabulary import Kind, Term
from triage.rulebook import Rulebook, rulebook_of

KINDS = (Kind.BOOLEAN, Kind.CHOICE, Kind.NUMBER)

CONCLUSIONS: tuple[dict[str, Any], ...] = (
    {"support": "debt"},
    {"alert": "senior_review"},
    {"route": {"to": "iapt_step_3", "urgency": "routine"}},
    {"route": {"to": "cmht", "urgency": "soon"}},
    {"route": {"to": "counselling", "urgency": "routine"}},
)


def grown(rulebook: Rulebook, times: int, seed: int = 0) -> Rulebook:
    """The rulebook with so many times its rules. The new ones make no sense."""
    content = json.loads(json.dumps(rulebook.content))
    count = len(rulebook.rules) * (times - 1)
    content["eligibility.yaml"]["rules"] += made_rules(rulebook, count, Random(seed))
    return rulebook_of(json.dumps(content))


def made_rules(rulebook: Rulebook, count: int, random: Random) -> Iterator[dict[str, Any]]:
    """So many rules."""
    groups: dict[str, list[Term]] = {}
    for one in rulebook.vocabulary.answers.values():
        if one.term.kind in KINDS and one.group != "safety":
            groups.setdefault(one.group, []).append(one.term)
    for number in range(count):
        read = random.sample(random.choice(list(groups.values())), random.randint(2, 3))
        yield {
            "id": f"made-{number}",
            "title": "Made for a benchmark",
            "basis": {"source": "local", "where": "nowhere"},
            "when": {"all": [{term.name: comparison(term, random)} for term in read]},
            "because": "It was made so.",
            "then": [random.choice(CONCLUSIONS)],
            "examples": [
                {"title": "one", "given": {}, "fires": True},
                {"title": "other", "given": {}, "fires": False},
            ],
        }


def comparison(term: Term, random: Random) -> dict[str, Any]:
    """A comparison with an answer, as it is written."""
    if term.kind is Kind.BOOLEAN:
        return {"is": random.random() < 0.5}
    if term.kind is Kind.CHOICE:
        return {"is": random.choice(term.choices)}
    return {"at_least": random.randint(term.low + 1, term.high)}
