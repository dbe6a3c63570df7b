"""How long it takes to say what is next on a call, and how many questions calls take. Printed."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from statistics import mean

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from tests.benchmarks.figures import timed
from tests.live_call.calls import Order, as_live_calls_go, as_written, called, every_question
from tests.live_call.mix import KINDS, callers
from tests.live_call.optimum import SmallCalls
from tests.live_call.small_rulebooks import CUT_DOWN
from tests.random_things import Drawer
from triage.decide import Decider
from triage.diagram import Diagram
from triage.diagram.asking import Questions
from triage.domain.pseudonymised import Pseudonymised
from triage.live_call import LiveCall

Say = Callable[[str], None]

REFERRALS, CALLERS = 2_000, 1_000


@pytest.fixture(scope="module")
def diagram(ready: Decider) -> Diagram:
    return Diagram.of(ready.rulebook)


def test_what_is_next_on_a_call(
    benchmark: BenchmarkFixture, ready: Decider, diagram: Diagram, say: Say
) -> None:
    random, drawer = Random(0), Drawer(ready.rulebook)
    drawn = [ready.known(drawer.referral(random)) for _ in range(REFERRALS)]
    stood = where_calls_stood(ready, diagram)
    for what, referrals in (("random referrals", drawn), ("calls", stood)):
        live_call = LiveCall(ready.rulebook, diagram)
        first = timed(live_call.live, referrals, 1)
        again = timed(live_call.live, referrals, 1)
        decided = timed(ready.conclude, referrals, 1)
        say(f"{len(referrals):5} {what + ', first time:':30} {first}")
        say(f"{'':5} {what + ', again:':30} {again}")
        say(
            f"{'':5} {'a full decision of each:':30} {decided}"
            f"   a first time takes {first.p50 / decided.p50:4.2f} of it"
        )
        benchmark.extra_info[what] = {"p50_us": first.p50, "p99_us": first.p99}
    benchmark(lambda: [LiveCall(ready.rulebook, diagram).live(each) for each in stood[:20]])


def where_calls_stood(ready: Decider, diagram: Diagram) -> list[Pseudonymised]:
    """Every standing that calls of the mix came to before one question or another, once each."""
    questions = Questions(diagram, ready.rulebook.vocabulary)
    following = as_live_calls_go(LiveCall(ready.rulebook, diagram))
    found: dict[object, Pseudonymised] = {}

    def noting(referral: Pseudonymised) -> str | None:
        found.setdefault(questions.standing(referral), referral)
        return following(referral)

    for caller in callers(CALLERS):
        called(caller, noting, ready.rulebook)
    return list(found.values())


def test_how_many_questions_calls_take(
    benchmark: BenchmarkFixture, ready: Decider, diagram: Diagram, say: Say
) -> None:
    rulebook = ready.rulebook
    live = as_live_calls_go(LiveCall(rulebook, diagram))
    script = len(every_question(rulebook, diagram))
    asked, written = (
        questions_by_kind(ready, order) for order in (live, as_written(rulebook, diagram))
    )
    say(f"{CALLERS:,} callers of a made-up mix, mean questions; a script of all asks {script}")
    say("as written: in the order of the vocabulary, leaving out what no longer matters")
    for kind in ("all", *KINDS):
        mine, other = mean(asked[kind]), mean(written[kind])
        say(
            f"{kind + ':':16} {mine:5.2f}, {1 - mine / script:3.0%} fewer than the script;"
            f" as written {other:5.2f}, so {1 - mine / other:3.0%} fewer"
        )
        benchmark.extra_info[kind] = {"asked": mine, "as_written": other, "script": script}
    benchmark(lambda: [called(caller, live, rulebook) for caller in callers(10)])


def questions_by_kind(ready: Decider, order: Order) -> dict[str, list[int]]:
    """How many questions each caller of the mix was asked, by kind."""
    found: dict[str, list[int]] = {kind: [] for kind in ("all", *KINDS)}
    for caller in callers(CALLERS):
        number = len(called(caller, order, ready.rulebook)[1])
        found[caller.kind].append(number)
        found["all"].append(number)
    return found


@pytest.mark.parametrize("name", ["needs", "danger"])
def test_how_far_from_the_best_there_can_be(
    benchmark: BenchmarkFixture, name: str, say: Say
) -> None:
    cut_down = CUT_DOWN[name]()
    rulebook, diagram, calls = cut_down.rulebook, cut_down.diagram, SmallCalls(cut_down)
    live = calls.of(as_live_calls_go(LiveCall(rulebook, diagram)))
    written = calls.of(as_written(rulebook, diagram))
    best, free = calls.best(danger_first=True), calls.best(danger_first=False)
    say(
        f"rules about {name}: {live:.3f} questions; as written {written:.3f};"
        f" at best {free:.3f}, with danger first {best:.3f}"
    )
    benchmark.extra_info["over_the_best"] = live / free
    benchmark.pedantic(calls.best, kwargs={"danger_first": True}, rounds=1)
