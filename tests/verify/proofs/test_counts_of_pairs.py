"""The counts of proofs that compare referrals are those of trying every pair of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from tests.campaigns import share
from tests.verify.proofs.edited import Edited, a_rule, both, proved, to
from tests.verify.proofs.small import FAULTS, READ, number_in, tried, tried_with, without_phq9
from tests.verify.proofs.tried import AXES, Place, Tried, ages, answered, moved
from triage.diagram.questionnaires import item9_steps
from triage.rulebook import Rulebook
from triage.verify.proofs.fairness import fair_by_protected
from triage.verify.proofs.monotone import worse_is_never_less_urgent
from triage.verify.proofs.overlay import no_less_urgent_than_the_base

# --- a worse answer ---


def milder_than(every: Tried, place: Place) -> Iterator[Place]:
    """The same referral with each milder answer to one question; of none, with the mildest."""
    for name in READ:
        at = every.at(name)
        for value in range(1, place[at]) if place[at] else (1,):
            yield moved(place, at, value)


def milder_item9(every: Tried) -> Mapping[int, set[int]]:
    """Which values of PHQ-9 are milder in item 9 than each."""
    at = every.at("phq9")
    found: dict[int, set[int]] = {}

    def places(facts: Mapping[str, Any]) -> list[int]:
        wanted = {n: facts[n] for n in ("phq9_total", "phq9_item9") if n in facts}
        return [place for place, one in enumerate(every.axes[at].facts) if one == wanted]

    for milder, worse in item9_steps(2, in_full=False):
        for place in places(worse.facts):
            found.setdefault(place, set()).update(places(milder.facts))
    return found


def less_urgent(every: Tried, place: Place, milder: Sequence[Place]) -> bool:
    return any(every.ranks[one] < every.ranks[place] for one in milder)


@pytest.mark.parametrize("fault", FAULTS)
def test_as_many_are_less_urgent_than_with_a_milder_answer(small: Edited, fault: str) -> None:
    every = tried_with(small, *FAULTS[fault], a_rule("v", {"veteran": {"is": True}}, to("cmht")))
    proof = proved(worse_is_never_less_urgent, every.rulebook)
    worse = every.count(lambda place: less_urgent(every, place, [*milder_than(every, place)]))
    assert proof.cells == every.cells
    assert proof.against == worse > 0


ITEM9: tuple[dict[str, Any], ...] = (
    {"phq9_total": {"at_most": 15}},
    {"phq9_item9": {"is": 0}},
    {"phq9_item9": {"is": 1}},
    {"phq9_item9": {"known": True}},
    {"phq9_total": {"is": 12}},
    {"phq9_total": {"known": True}},
    {"not": {"phq9_total": {"is": 20}}},
    {"all": [{"phq9_total": {"at_least": 18}}, {"plan": {"is": "none"}}]},
    {"any": [{"phq9_total": {"is": 20}}, {"phq9_item9": {"is": 2}}]},
    {"all": [{"phq9_total": {"below": 5}}, {"phq9_item9": {"at_most": 2}}]},
)
"""Where somebody is more urgent, so that a worse item 9 may be less."""


@pytest.mark.parametrize("when", ITEM9[: share(len(ITEM9))], ids=str)
def test_as_many_are_less_urgent_than_with_a_milder_item_9(
    small: Edited, when: dict[str, Any]
) -> None:
    small.add(a_rule("f", when, {"urgency": "urgent"}), file="safety.yaml")
    every = tried(small)
    proof = proved(worse_is_never_less_urgent, every.rulebook)
    at, milder = every.at("phq9"), milder_item9(every)

    def is_worse(place: Place) -> bool:
        nine = [moved(place, at, value) for value in milder.get(place[at], ())]
        return less_urgent(every, place, [*milder_than(every, place), *nine])

    assert proof.against == every.count(is_worse) > 0


def test_an_exception_tells_as_many_as_it_is_needed_for(small: Edited) -> None:
    small.content["rulebook.yaml"]["promises"]["exceptions"] = [
        {
            "id": "agreed",
            "title": "Agreed",
            "answer": "plan",
            "when": {"veteran": {"is": True}},
            "basis": {"source": "local", "where": "nowhere", "sign_off": True},
        }
    ]
    veterans = a_rule("v", {"veteran": {"is": True}}, to("cmht"))
    every = tried_with(small, *FAULTS["plan"], veterans)
    proof = proved(worse_is_never_less_urgent, every.rulebook)
    plan, veteran = every.at("plan"), every.at("veteran")

    def worse(place: Place, *, exempt: bool) -> bool:
        values = range(1, place[plan]) if place[plan] else (1,)
        milder = [moved(place, plan, value) for value in values]
        served = AXES["veteran"][place[veteran]] is True
        return less_urgent(every, place, milder) and served == exempt

    assert proof.against == every.count(lambda place: worse(place, exempt=False))
    assert number_in(proof.said[-1]) == every.count(lambda place: worse(place, exempt=True)) > 0


# --- protected facts ---


def differing(every: Tried, name: str) -> int:
    """How many would go elsewhere with another value of one fact."""
    at = every.at(name)

    def outcome(place: Place) -> tuple[str | None, int]:
        return every.leads[place], every.ranks[place]

    def differs(place: Place) -> bool:
        values = range(len(every.axes[at].facts))
        return any(outcome(moved(place, at, value)) != outcome(place) for value in values)

    return every.count(differs)


def test_as_many_depend_on_whether_somebody_served(small: Edited) -> None:
    rule = a_rule(
        "v",
        both({"veteran": {"is": True}}, {"plan": {"in": ["none", "passive"]}}),
        to("cmht", "soon"),
        distinguishes=["veteran"],
    )
    every = tried_with(small, rule)
    proof = proved(fair_by_protected, every.rulebook)
    (said,) = (one for one in proof.said if one.startswith("veteran: by v ("))
    assert number_in(said) == differing(every, "veteran") > 0


def test_as_many_depend_on_age(cut: Rulebook) -> None:
    edited = without_phq9(Edited(cut))
    edited.drop("rated-high")
    edited.rule("risk-medium")["when"]["any"].pop()
    edited.rule("young").update(distinguishes=["age"], basis=a_rule("", {})["basis"])
    rulebook = edited.rulebook()
    every = Tried(rulebook, [*map(answered, READ), ages()])
    proof = proved(fair_by_protected, rulebook)
    assert (proof.holds, proof.cells) == (True, every.cells)
    assert number_in(proof.said[0]) == differing(every, "age") > 0


# --- a local rulebook ---


def test_as_many_are_less_urgent_than_by_the_base_and_as_many_are_waived(small: Edited) -> None:
    there = tried(small)
    local = Edited(there.rulebook)
    local.drop("medium-today")
    stamp, front = there.rulebook.stamp, local.content["rulebook.yaml"]
    front["extends"] = {"rulebook": stamp.id, "version": stamp.version, "digest": stamp.digest}
    front["waivers"] = [
        {
            "id": "agreed",
            "title": "Agreed",
            "when": {"phq9_total": {"at_least": 12}},
            "urgency": {"from": "same_day", "to": "routine"},
            "basis": a_rule("", {})["basis"],
        }
    ]
    here = tried(local)
    proof = proved(no_less_urgent_than_the_base, replace(here.rulebook, base=there.rulebook))
    later = [place for place in here.places if here.ranks[place] > there.ranks[place]]
    waived = [
        place
        for place in later
        if here.facts(place).get("phq9_total", 0) >= 12 and here.ranks[place] == 4
    ]
    assert proof.cells == here.cells
    assert proof.against == len(later) - len(waived) > 0
    assert number_in(proof.said[0]) == len(waived) > 0
