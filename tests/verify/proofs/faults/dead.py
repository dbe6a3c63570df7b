"""Dead rules: conditions that never hold at once."""

from __future__ import annotations

from random import Random
from typing import Any

from tests.plain_reader import PlainReader
from tests.verify.proofs.edited import Written, a_rule, to
from tests.verify.proofs.faults.drawn import BESIDE, FIRM, URGENCIES, Draws, Fault, must, one_of
from triage.domain.vocabulary import Kind, Term


def dead(draws: Draws) -> Fault:
    """A rule that never fires, new or one of the shipped ones made so."""
    return one_of(draws.random, WAYS)(draws)


def clash(draws: Draws) -> list[Written]:
    """Conditions that never hold at once, by what the answers are or by what they come to."""
    if draws.random.random() < 0.5:
        name = draws.random.choice(list(draws.rulebook.vocabulary.answers))
        found = _of_one(draws.rulebook.vocabulary.terms[name], draws.random)
        must(found)
        return found
    return [dict(one) for one in draws.random.choice(COMING_TO)]


def _of_one(term: Term, random: Random) -> list[Written]:
    """Two comparisons with one answer that exclude each other."""
    name = term.name
    if random.random() < 0.2:
        return [{name: {"known": False}}, {name: {"known": True}}]
    match term.kind:
        case Kind.BOOLEAN:
            return [{name: {"is": True}}, {name: {"is": False}}]
        case Kind.CHOICE:
            some = random.sample(term.choices, random.randint(1, len(term.choices) - 1))
            return [{name: {"in": some}}, {"not": {name: {"in": some}}}]
        case Kind.NUMBER:
            low = random.randint(term.low + 1, term.high)
            return [{name: {"at_least": low}}, {name: {"below": random.randint(1, low)}}]
        case _:
            return []


COMING_TO: tuple[tuple[Written, ...], ...] = (
    ({"risk_level": {"is": "low"}}, {"plan": {"is": "active"}}),
    ({"risk_level": {"in": ["low", "medium"]}}, {"serious_harm_history": {"is": True}}),
    ({"risk_level": {"is": "unknown"}}, {"intent": {"is": "strong"}}),
    ({"risk_level": {"is": "medium"}}, {"protective_factors": {"known": False}}),
    ({"current_danger": {"is": True}}, {"route": {"is": "cmht"}}),
    ({"current_danger": {"is": False}}, {"veteran": {"is": True}}),
    ({"phq9_caseness": {"is": True}}, {"phq9_total": {"at_most": 9}}),
    ({"gad7_caseness": {"is": False}}, {"gad7_total": {"at_least": 8}}),
    ({"phq9_total": {"at_least": 25}}, {"phq9_item9": {"is": 0}}),
    ({"phq9_impossible": {"is": True}}, {"phq9_total": {"known": False}}),
    ({"severity_level": {"is": "low"}}, {"phq9_total": {"at_least": 10}}),
    ({"severity_level": {"in": ["low", "medium"]}}, {"gad7_total": {"above": 14}}),
    ({"impairment_level": {"is": "low"}}, {"daily_functioning": {"is": "moderate"}}),
    ({"complexity_level": {"is": "unknown"}}, {"rated_complexity": {"known": True}}),
    ({"has_long_term_condition": {"is": False}}, {"long_term_conditions": {"includes": "asthma"}}),
    ({"route": {"is": "iapt_step_2"}}, {"risk_level": {"is": "unknown"}}),
    ({"route": {"in": ["iapt_step_2", "iapt_step_3"]}}, {"age": {"below": 18}}),
    ({"routes": {"includes": "iapt_step_3"}}, {"routes": {"includes": "cmht"}}),
    ({"route": {"is": "active_monitoring"}}, {"perinatal": {"is": True}}),
    ({"route": {"is": "counselling"}}, {"phq9_item9": {"at_least": 1}}),
)
"""What cannot be of one referral, by the shipped rules or by how scores are made."""

LATE = ("route", "routes")


def _new(draws: Draws) -> Fault:
    random, parts = draws.random, clash(draws)
    parts += draws.true_of(draws.sample(), random.randint(0, 2))
    then: list[dict[str, Any]] = [random.choice(BESIDE)]
    if not any(part.keys() & LATE for part in parts) and random.random() < 0.6:
        then = [to(random.choice(FIRM), random.choice(URGENCIES))]
    rule = a_rule("never", draws.joined(parts), *then)
    draws.put(rule)
    return _shown(draws, "never", "a new rule")


def _shipped(draws: Draws) -> Fault:
    """A shipped rule asks for more than can be."""
    rule = draws.random.choice([*draws.edited.rules()])
    rule["when"] = {"all": [rule["when"], *clash(draws)]}
    return _shown(draws, rule["id"], "a shipped rule")


def _shown(draws: Draws, name: str, said: str) -> Fault:
    """Does it never fire on what the pool knows, each of its answers being as it asks or not?"""
    when = draws.edited.rule(name)["when"]
    reader = PlainReader(draws.edited.content)
    must(not any(reader.holds(when, one.known) for one in draws.pool.samples))
    return Fault(f"{said}: {when}", draws.edited.rulebook(), name)


WAYS = {"new": _new, "shipped": _shipped}
