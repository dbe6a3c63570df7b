"""A yardstick for the machine: the bare engine on sixty made-up rules and forty facts.

A decision is told as a multiple of it, which stays the same on a slower or a busier machine.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import durable_rules_engine as durable
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from tests.benchmarks.figures import timed
from triage.decide import Decider
from triage.domain.referral import Referral

Say = Callable[[str], None]

FACTS, RULES, HIGHEST = 40, 60, 28


@pytest.fixture
def bare() -> Iterator[Callable[[str], int]]:
    """Runs the bare engine on a message and counts what fired."""
    handle = durable.create_ruleset("yardstick", json.dumps(made_up_rules(Random(1))))

    def run(message: str) -> int:
        fired = 0
        _, session = durable.assert_fact(handle, message)
        started = durable.start_action_for_state(handle, session)
        frame = started and started[1]
        while frame:
            fired += 1
            frame = durable.complete_and_start_action(handle, session)
        durable.retract_fact(handle, '{"sid":"s","id":"r"}')
        return fired

    yield run
    durable.delete_state(handle, "s")
    durable.delete_ruleset(handle)


def made_up_rules(random: Random) -> dict[str, Any]:
    """Sixty rules of two or three comparisons, and one that is always true."""

    def comparison() -> dict[str, Any]:
        return {"$gte": {f"f{random.randrange(FACTS)}": random.randrange(8, 24)}}

    rules: dict[str, Any] = {
        f"r{number}": {
            "all": [{"m": {"$and": [comparison() for _ in range(random.choice((2, 3)))]}}]
        }
        for number in range(RULES)
    }
    return {**rules, "always": {"all": [{"m": {"f0": 0}}]}}


def message(random: Random) -> str:
    facts = {f"f{number}": random.randrange(HIGHEST) for number in range(FACTS)}
    return json.dumps({"sid": "s", "id": "r", **facts, "f0": 0})


def test_a_decision_as_a_multiple_of_the_bare_engine(
    benchmark: BenchmarkFixture,
    bare: Callable[[str], int],
    ready: Decider,
    referrals: list[Referral],
    say: Say,
) -> None:
    random = Random(2)
    messages = [message(random) for _ in range(50)]
    fired = sum(map(bare, messages)) / len(messages)
    yardstick, decision = timed(bare, messages), timed(ready.decide, referrals)
    say(f"the bare engine, {fired:.1f} of {RULES} rules fire: {yardstick}")
    say(f"a full decision: {decision}   {decision.p50 / yardstick.p50:4.1f} times the bare engine")
    benchmark.extra_info["ratio"] = decision.p50 / yardstick.p50
    benchmark(lambda: [bare(each) for each in messages])
