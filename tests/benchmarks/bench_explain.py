"""How long reasons and changes take on the shipped rules, beside a decision. Never asserted."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from pytest_benchmark.fixture import BenchmarkFixture

from tests.benchmarks.figures import timed
from tests.random_things import Drawer
from triage.decide import Decider
from triage.diagram import Outcome
from triage.domain.pseudonymised import Pseudonymised
from triage.explain import Explainer

Say = Callable[[str], None]

Decided = tuple[Pseudonymised, Outcome]

DRAWN = 1_000


def drawn(ready: Decider) -> list[Decided]:
    """Random referrals, with what was decided of each."""
    drawer, random = Drawer(ready.rulebook), Random(0)
    referrals = [ready.known(drawer.referral(random)) for _ in range(DRAWN)]
    return [(each, outcome_of(ready, each)) for each in referrals]


def outcome_of(ready: Decider, referral: Pseudonymised) -> Outcome:
    decision = ready.conclude(referral)
    return Outcome(decision.route.route.id, decision.urgency.id)


def test_reasons_and_changes_beside_a_decision(
    benchmark: BenchmarkFixture, ready: Decider, say: Say
) -> None:
    explainer, every = Explainer(ready.rulebook, ready.diagram), drawn(ready)
    decided = timed(lambda each: ready.conclude(each[0]), every, 3)
    say(f"{'a decision:':28} {decided}")
    ways: dict[str, Callable[[Decided], object]] = {
        "what alone decides it": lambda each: explainer.sufficient(*each),
        "what would alter the route": lambda each: explainer.changes(*each),
    }
    for name, way in ways.items():
        found = timed(way, every, 3)
        say(f"{name + ':':28} {found}   {found.p50 / decided.p50:4.1f} times a decision")
        benchmark.extra_info[name] = found.p99
    lengths = sorted(len(explainer.sufficient(*each).answers) for each in every)
    say(f"facts in a reason: median {lengths[DRAWN // 2]}, most {lengths[-1]}")
    benchmark(lambda: [explainer.sufficient(*each) for each in every[:100]])


def test_ready_to_explain(benchmark: BenchmarkFixture, ready: Decider, say: Say) -> None:
    """Making an explainer of a diagram that stands."""
    made = timed(lambda _: Explainer(ready.rulebook, ready.diagram), [None], 20)
    say(f"an explainer: {made.p50 / 1e3:.1f} ms")
    benchmark.pedantic(Explainer, (ready.rulebook, ready.diagram), rounds=3)
