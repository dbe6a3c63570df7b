"""Breaches of what is promised of unknown risk: too late, or a route that is never taken."""

from __future__ import annotations

from typing import Any

from tests.verify.proofs.edited import a_rule, to
from tests.verify.proofs.faults.drawn import Draws, Fault, must, one_of
from tests.verify.proofs.faults.pool import Sample

REVIEW = "review-risk-unknown"
NEVER = ("iapt_step_2", "iapt_step_3", "active_monitoring", "counselling")


def unseen(draws: Draws) -> Fault:
    """Somebody of the pool whose risk is unknown is not seen as is promised."""
    return one_of(draws.random, WAYS)(draws)


def _dropped(draws: Draws) -> Fault:
    draws.edited.drop(REVIEW)
    return _shown(draws, "nobody reviews unknown risk")


def _later(draws: Draws) -> Fault:
    route = draws.random.choice(("clinical_review", "cmht", "substance_misuse"))
    draws.edited.rule(REVIEW)["then"] = [to(route, draws.random.choice(("soon", "routine")))]
    return _shown(draws, f"unknown risk may wait: {draws.edited.rule(REVIEW)['then']}")


def _elsewhere(draws: Draws) -> Fault:
    """As soon as is promised, and to where it must not go."""
    urgency = draws.random.choice(("same_day", "urgent", "very_urgent"))
    draws.edited.rule(REVIEW)["then"] = [to(draws.random.choice(NEVER), urgency)]
    return _shown(draws, f"unknown risk goes elsewhere: {draws.edited.rule(REVIEW)['then']}")


def _of_fewer(draws: Draws) -> Fault:
    """The review is asked for more than that risk is unknown."""
    rule = draws.edited.rule(REVIEW)
    more = draws.true_of(draws.sample(_is_unknown), draws.random.randint(1, 3))
    rule["when"] = {"all": [rule["when"], *more]}
    return _shown(draws, f"only some unknown risk is reviewed: {more}")


def _put_before(draws: Draws) -> Fault:
    """A route that must not be taken takes precedence over the review."""
    routes: list[Any] = draws.edited.words("routes")
    route = draws.edited.route(draws.random.choice(("counselling", "active_monitoring")))
    routes.remove(route)
    routes.insert(draws.random.randint(0, 2), route)
    when = draws.joined(draws.true_of(draws.sample(_is_unknown), draws.random.randint(1, 2)))
    draws.put(a_rule("first", when, to(route["name"])))
    return _shown(draws, f"{route['name']} comes before the review: {when}")


def _in_its_place(draws: Draws) -> Fault:
    """A route that must not be taken takes the place of the review."""
    route = draws.edited.route(draws.random.choice(("counselling", "active_monitoring", "cmht")))
    route["replaces"] = ["clinical_review"]
    when = draws.joined(draws.true_of(draws.sample(_is_unknown), draws.random.randint(1, 2)))
    draws.put(a_rule("instead", when, to(route["name"])))
    return _shown(draws, f"{route['name']} takes the place of the review: {when}")


def _is_unknown(sample: Sample) -> bool:
    return sample.concluded.levels["risk"] == "unknown" and sample.lead == "clinical_review"


def _shown(draws: Draws, said: str) -> Fault:
    """Is there somebody of the pool, of unknown risk, who is not seen as is promised?"""
    plain = draws.plain()
    unknown = [one for one in draws.pool.samples if _is_unknown(one)]
    draws.random.shuffle(unknown)
    found = (plain.of_facts(one.facts) for one in unknown[:60])
    must(any(one and (one.rank > 2 or one.route in NEVER) for one in found))
    return Fault(said, draws.edited.rulebook())


WAYS = {
    "dropped": _dropped,
    "later": _later,
    "elsewhere": _elsewhere,
    "of fewer": _of_fewer,
    "of fewer again": _of_fewer,
    "put before": _put_before,
    "in its place": _in_its_place,
}
