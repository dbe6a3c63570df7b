"""How many questions calls take: of a made-up mix of callers, and beside the best there can be."""

from __future__ import annotations

from statistics import mean

from tests.live_call.calls import Order, as_live_calls_go, as_written, called, every_question
from tests.live_call.mix import callers
from tests.live_call.optimum import SmallCalls
from tests.live_call.small_rulebooks import about_needs
from triage.diagram import Diagram
from triage.live_call import LiveCall
from triage.rulebook import Rulebook

CALLERS = 100
FEWER = 0.7
"""The share of a script's questions that may be left."""

NEAR = 1.05


def test_calls_take_far_fewer_questions_than_a_script_and_fewer_than_one_that_leaves_out(
    live_call: LiveCall, rulebook: Rulebook, diagram: Diagram
) -> None:
    def mean_of(order: Order) -> float:
        return mean(len(called(caller, order, rulebook)[1]) for caller in callers(CALLERS))

    live, written = mean_of(as_live_calls_go(live_call)), mean_of(as_written(rulebook, diagram))
    assert live <= FEWER * len(every_question(rulebook, diagram))
    assert live < written


def test_calls_are_near_the_best_that_trying_every_order_finds() -> None:
    cut_down = about_needs()
    calls, live_call = SmallCalls(cut_down), LiveCall(cut_down.rulebook, cut_down.diagram)
    live, best = calls.of(as_live_calls_go(live_call)), calls.best(danger_first=False)
    assert best <= live + 1e-9
    assert live <= NEAR * best


def test_no_order_is_better_than_the_best() -> None:
    cut_down = about_needs()
    calls = SmallCalls(cut_down)
    written = calls.of(as_written(cut_down.rulebook, cut_down.diagram))
    assert calls.best(danger_first=False) <= calls.best(danger_first=True) <= written
