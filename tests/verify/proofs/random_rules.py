"""Small rulebooks drawn at random, that a proof may be held against trying everything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any

from tests.verify.proofs.edited import Edited, Written, a_rule, to
from tests.verify.proofs.tried import AXES
from triage.errors import RulebookError
from triage.rulebook import Rulebook

ASKED = ("thoughts_of_harm", "plan", "serious_harm_history", "rated_risk", "veteran")
"""What random rules read of a referral: 720 referrals that differ in it."""

URGENCIES = ("emergency", "very_urgent", "urgent", "same_day", "soon", "routine")
FIRM = ("crisis", "clinical_review", "young_people", "cmht", "counselling")
GIVING_WAY = ("iapt_step_3", "iapt_step_2")
LEVELS = ("unknown", "low", "medium", "high")

READS: Mapping[str, Sequence[str]] = {
    "level": (),
    "flag": ("risk_level",),
    "route": ("risk_level", "current_danger"),
    "other": ("risk_level", "current_danger", "route", "routes"),
}
"""What a rule may read beside answers, by what it concludes."""


def random_rulebook(cut: Rulebook, random: Random) -> Rulebook:
    """Rules of every sort in the words of a rulebook; what cannot be read is drawn again."""
    while True:
        edited = Edited(cut)
        for number, file in enumerate(("safety.yaml", "referral_matrix.yaml", "stepped_care.yaml")):
            count = random.randint(3, 6)
            edited.content[file]["rules"] = [
                random_rule(f"rule-{number}-{at}", random) for at in range(count)
            ]
        edited.content["rulebook.yaml"].pop("promises")
        otherwise = to(random.choice(("iapt_step_2", "cmht")), random.choice(URGENCIES[-3:]))
        edited.content["stepped_care.yaml"]["otherwise"]["then"] = [otherwise]
        try:
            return edited.rulebook()
        except RulebookError:
            continue


def random_rule(name: str, random: Random) -> Written:
    then = list(_conclusions(random))
    kinds = {kind for one in then for kind in one}
    sort = next((kind for kind in ("level", "flag", "route") if kind in kinds), "other")
    return a_rule(name, condition(random, READS[sort]), *then)


def _conclusions(random: Random) -> Iterator[Written]:
    if random.random() < 0.2:
        yield to(random.choice(GIVING_WAY), random.choice(URGENCIES[-3:]))
        return
    drawn = random.sample(range(len(_DRAWN)), random.choice((1, 1, 1, 2)))
    for at in drawn:
        yield _DRAWN[at](random)


_DRAWN = (
    lambda random: {"level": {"risk": random.choice(LEVELS)}},
    lambda _random: {"level": {"risk": {"from": "rated_risk"}}},
    lambda random: {"flag": {"current_danger": random.random() < 0.7}},
    lambda random: to(random.choice(FIRM), random.choice(URGENCIES)),
    lambda random: to(random.choice(FIRM), random.choice(URGENCIES)),
    lambda random: {"urgency": random.choice(URGENCIES)},
    lambda random: {"alert": random.choice(("safeguarding", "senior_review"))},
    lambda random: {"action": {"id": "therapy_review", "due_in_days": random.choice((0, 7))}},
    lambda _random: {"hold_booking": True},
)


def condition(random: Random, also: Sequence[str] = (), deep: int = 2) -> Written:
    """A condition at most so many levels deep."""
    if not deep or random.random() < 0.4:
        return comparison(random.choice((*ASKED, *also)), random)
    parts = [condition(random, also, deep - 1) for _ in range(random.randint(2, 3))]
    match random.randrange(4):
        case 0:
            return {"any": parts}
        case 1:
            return {"all": [parts[0], {"not": parts[1]}]}
        case 2:
            return {"at_least_of": {"count": len(parts) - 1, "of": parts}}
        case _:
            return {"all": parts}


def comparison(fact: str, random: Random) -> Written:
    """One comparison with a fact."""
    if fact == "routes":
        return {fact: {"includes": random.choice((*FIRM, *GIVING_WAY))}}
    values = _VALUES.get(fact) or [one for one in AXES[fact] if one is not None]
    if random.random() < 0.2 and fact in ASKED:
        return {fact: {"known": random.random() < 0.5}}
    if isinstance(values[0], bool) or random.random() < 0.6:
        return {fact: {"is": random.choice(values)}}
    return {fact: {"in": random.sample(values, random.randint(1, len(values) - 1))}}


_VALUES: Mapping[str, list[Any]] = {
    "risk_level": list(LEVELS),
    "current_danger": [True, False],
    "route": [*FIRM, *GIVING_WAY],
}
