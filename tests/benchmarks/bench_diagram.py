"""How long the diagram takes to build, how large it is, how both grow. Printed, never asserted."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from tests.benchmarks.figures import timed
from tests.benchmarks.made_rules import grown
from tests.facts import facts_of
from triage.decide import Decider
from triage.diagram import Diagram
from triage.domain.referral import Referral
from triage.rulebook import Rulebook, load_rulebook
from triage.verify import check

Say = Callable[[str], None]


@pytest.mark.parametrize("times", [1, 2, 4])
def test_how_the_diagram_grows_with_the_rules(
    benchmark: BenchmarkFixture, say: Say, times: int
) -> None:
    shipped = load_rulebook()
    more = grown(shipped, times)
    before, after = built(shipped), built(more)
    nodes = len(Diagram.of(more))
    say(
        f"{len(more.rules):4} rules: {nodes:7,} nodes, built in {after / 1e3:8.1f} ms,"
        f" {after / before:6.1f} times the shipped {len(shipped.rules)}"
    )
    benchmark.extra_info["nodes"] = nodes
    benchmark.extra_info["ratio"] = after / before
    benchmark.pedantic(lambda: Diagram.of(more), rounds=1)


def built(rulebook: Rulebook) -> float:
    """Microseconds to build the diagram."""
    return timed(lambda _: Diagram.of(rulebook), [None, None], 2).p50


def test_a_walk_beside_a_decision(
    benchmark: BenchmarkFixture, ready: Decider, referrals: list[Referral], say: Say
) -> None:
    diagram = Diagram.of(ready.rulebook)
    seen = [(facts_of(each, ready.rulebook), each.answers) for each in referrals]
    walk, whole = timed(lambda one: diagram.outcome(*one), seen), timed(ready.decide, referrals)
    say(f"a walk of {len(diagram)} nodes: {walk}   {walk.p50 / whole.p50:.1%} of a decision")
    benchmark(lambda: [diagram.outcome(*one) for one in seen])


def test_the_whole_check_beside_loading(benchmark: BenchmarkFixture, say: Say) -> None:
    rulebook = load_rulebook()
    loading = timed(lambda _: load_rulebook(), [None], 5)
    checking = timed(lambda _: check(rulebook), [None], 5)
    say(
        f"the check with every proof: {checking.p50 / 1e3:.0f} ms,"
        f" {checking.p50 / loading.p50:.1f} times reading the files"
    )
    benchmark.pedantic(lambda: check(rulebook), rounds=2)
