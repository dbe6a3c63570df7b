"""Gaps: somebody whom no rule sends anywhere."""

from __future__ import annotations

from collections.abc import Callable

from tests.verify.proofs.edited import a_rule, to
from tests.verify.proofs.faults.drawn import BESIDE, FIRM, Draws, Fault, must, one_of
from tests.verify.proofs.faults.pool import Sample


def gap(draws: Draws) -> Fault:
    """A gap of some sort, with a referral of the pool in it."""
    return one_of(draws.random, WAYS)(draws)


def _silent(draws: Draws) -> Fault:
    """The rule that says otherwise concludes no route; other rules catch some of them."""
    random, edited = draws.random, draws.edited
    count = random.randint(1, 2)
    edited.content["stepped_care.yaml"]["otherwise"]["then"] = random.sample(BESIDE, count)
    for number in range(random.randint(0, 3)):
        when = draws.joined(draws.true_of(draws.sample(), random.randint(1, 3)))
        route = random.choice(("iapt_step_2", "iapt_step_3", "cmht", "counselling"))
        draws.put(a_rule(f"catches-{number}", when, to(route, random.choice(("soon", "routine")))))
    return _shown(draws, "otherwise concludes no route", lambda one: one.lead == "iapt_step_2")


def _in_a_circle(draws: Draws) -> Fault:
    """The routes that are asked for at once each take the place of the next."""
    sample = draws.sample(lambda one: len(one.claimed) > 1 and one.claimed <= set(FIRM))
    circle = draws.random.sample(sorted(sample.claimed), len(sample.claimed))
    for one, other in zip(circle, (*circle[1:], circle[0]), strict=True):
        route = draws.edited.route(one)
        route["replaces"] = list(dict.fromkeys((*route.get("replaces", ()), other)))
    return _shown(draws, f"{' and '.join(circle)} replace one another", lambda one: one is sample)


def _shown(draws: Draws, said: str, likely: Callable[[Sample], bool]) -> Fault:
    """Is there a referral without a route among those that are likely to have none?"""
    plain = draws.plain()
    must(any(plain.of_facts(one.facts) is None for one in draws.pool.samples if likely(one)))
    return Fault(said, draws.edited.rulebook())


WAYS = {"silent": _silent, "in a circle": _in_a_circle}
