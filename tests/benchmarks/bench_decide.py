"""How long a full decision takes, where the time goes, how it grows. Printed, never asserted."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from tests.benchmarks.figures import timed
from tests.edited_rules import EditedRules
from tests.facts import facts_of
from triage.decide import Decider
from triage.domain.referral import Referral
from triage.domain.rules import Stage
from triage.domain.vocabulary import Facts
from triage.engine import Engine
from triage.rulebook import load_rulebook
from triage.wire import as_bytes

Say = Callable[[str], None]


def test_a_full_decision_with_every_reason(
    benchmark: BenchmarkFixture, ready: Decider, referrals: list[Referral], say: Say
) -> None:
    found = timed(ready.decide, referrals)
    say(f"a full decision: {found}   {found.a_second:,.0f} a second on one core")
    benchmark.extra_info["p50_us"] = found.p50
    benchmark.extra_info["rules"] = len(ready.rulebook.rules)
    benchmark(lambda: [ready.decide(referral) for referral in referrals])


def test_where_the_time_of_a_decision_goes(
    benchmark: BenchmarkFixture, ready: Decider, referrals: list[Referral], say: Say
) -> None:
    runs = runs_of_the_engine(ready, referrals)
    engine = Engine(ready.rulebook)
    decisions = [ready.decide(referral) for referral in referrals]
    whole = timed(ready.decide, referrals)
    phases = {
        "facts": timed(lambda each: facts_of(each, ready.rulebook), referrals),
        "engine, all stages": timed(lambda each: [engine.fired(*run) for run in each], runs),
    }
    rest = whole.p50 - sum(phase.p50 for phase in phases.values())
    for name, phase in phases.items():
        say(f"{name + ':':32} {phase}   {phase.p50 / whole.p50:5.0%} of a decision")
    say(f"{'conclusions, reasons, gaps:':32} p50 {rest:7.1f} us{'':21}{rest / whole.p50:5.0%}")
    say(f"{'then as_dict:':32} {timed(lambda each: each.as_dict(), decisions)}")
    said = [decision.as_dict() for decision in decisions]
    say(f"{'then JSON:':32} {timed(as_bytes, said)}")
    benchmark(lambda: [engine.fired(*run) for each in runs for run in each])
    engine.close()


def runs_of_the_engine(
    ready: Decider, referrals: list[Referral]
) -> list[list[tuple[Stage, Facts]]]:
    """For each referral, the stages run and the facts that each was given."""
    noted: list[list[tuple[Stage, Facts]]] = []
    real = Engine.fired

    def noting(engine: Engine, stage: Stage, facts: Facts) -> Any:
        noted[-1].append((stage, dict(facts)))
        return real(engine, stage, facts)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Engine, "fired", noting)
        for referral in referrals:
            noted.append([])
            ready.decide(referral)
    return noted


@pytest.mark.parametrize("times", [1, 2, 3, 4])
def test_how_a_decision_grows_with_the_rules(
    benchmark: BenchmarkFixture,
    edited_rules: EditedRules,
    referrals: list[Referral],
    say: Say,
    times: int,
) -> None:
    copy_rules(edited_rules.directory, times)
    shipped, decider = Decider(load_rulebook()), Decider(load_rulebook(edited_rules.directory))
    before, grown = timed(shipped.decide, referrals, 50), timed(decider.decide, referrals, 50)
    count, ratio = len(decider.rulebook.rules), grown.p50 / before.p50
    say(f"{count:4} rules: {grown}   {ratio:4.2f} times the shipped {len(shipped.rulebook.rules)}")
    benchmark.extra_info["ratio"] = ratio
    benchmark(lambda: [decider.decide(referral) for referral in referrals])
    shipped.close()
    decider.close()


def copy_rules(directory: Path, times: int) -> None:
    """Write every rule so many times, each copy under an id of its own."""
    for path in directory.glob("*.yaml"):
        head, found, rules = path.read_text(encoding="utf-8").partition("\nrules:\n")
        if found:
            rules, otherwise, tail = rules.partition("\notherwise:\n")
            copies = [
                re.sub(r"(?m)^(  - id: .*)$", rf"\g<1>-copy-{number}", rules)
                for number in range(1, times)
            ]
            whole = "\n".join([rules, *copies])
            path.write_text(f"{head}{found}{whole}\n{otherwise}{tail}", encoding="utf-8")


def test_ready_to_decide(benchmark: BenchmarkFixture, say: Say) -> None:
    """Reading the rulebook strictly and making the engine."""
    loaded = timed(lambda _: load_rulebook(), [None], 10)
    rulebook = load_rulebook()
    made = timed(lambda _: Decider(rulebook).close(), [None], 10)
    say(f"the rulebook: {loaded.p50 / 1e3:.0f} ms   the engine: {made.p50 / 1e3:.0f} ms")
    benchmark.pedantic(load_rulebook, rounds=3)
