"""Everything that PHQ-9 and GAD-7 may amount to, however they are answered.

A total can be stated, or summed up from items of which some are missing; item 9 can be one of the
items, stated apart, or both. What rules read of it is a handful of facts that hang together: no
total of 25 stands beside an item 9 of nought. So each questionnaire is one input whose values are
the combinations of facts that can come about, and no proof rests on one that cannot.

The sums of the items are made here: for every number of missing items and every sum of the others
there is one way of answering that stands for all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import combinations, product
from typing import cast

from triage.diagram.inputs import OF_EITHER, Portion
from triage.domain.questionnaires import ITEM_HIGH, Items, item_nine, total, with_item_nine
from triage.domain.vocabulary import Value

TOTALS_DIFFER, PRORATED, INCOMPLETE = OF_EITHER

PHQ9, GAD7 = "phq9", "gad7"
"""The names of the inputs."""

PHQ9_PARTS = ("phq9_total", "phq9_item9", "phq9_impossible", "phq9_items", *OF_EITHER)
PHQ9_SCORES = PHQ9_PARTS[:2]
"""All that most rules read of it: the total and item 9."""

GAD7_PARTS = ("gad7_total", "gad7_items", *OF_EITHER)
GAD7_SCORE = GAD7_PARTS[0]

PHQ9_HIGHEST, GAD7_HIGHEST = 27, 21

Stated = int | None


def of_questionnaire(facts: Mapping[str, Value | None]) -> dict[str, Value]:
    """The facts that are known."""
    return {name: value for name, value in facts.items() if value is not None}


def phq9_facts(
    items: Items | None, stated: Stated, item9: Stated, may_miss: int
) -> dict[str, Value]:
    """What PHQ-9 amounts to: the arithmetic of ``triage.domain.facts``, for one questionnaire."""
    whole = with_item_nine(items, item9)
    score = total(whole, stated, may_miss=may_miss)
    nine = item_nine(whole, item9, None if score.from_items else stated)
    return of_questionnaire(
        {
            "phq9_total": score.score,
            "phq9_item9": nine.score,
            "phq9_impossible": nine.impossible,
            "phq9_items": tuple(items) if items else None,
            TOTALS_DIFFER: score.differs or nine.differs,
            PRORATED: score.prorated,
            INCOMPLETE: score.incomplete,
        }
    )


def gad7_facts(items: Items | None, stated: Stated, may_miss: int) -> dict[str, Value]:
    """What GAD-7 amounts to."""
    score = total(items, stated, may_miss=may_miss)
    return of_questionnaire(
        {
            "gad7_total": score.score,
            "gad7_items": tuple(items) if items else None,
            TOTALS_DIFFER: score.differs,
            PRORATED: score.prorated,
            INCOMPLETE: score.incomplete,
        }
    )


def facts_of_answers(name: str, answers: Mapping[str, Value], may_miss: int) -> Mapping[str, Value]:
    """What one of the questionnaires amounts to, of a referral with these answers."""
    items, stated = answers.get(f"{name}_items"), answers.get(f"{name}_total")
    if name == GAD7:
        return gad7_facts(cast("Items | None", items), cast("Stated", stated), may_miss)
    item9 = answers.get("phq9_item9")
    return phq9_facts(
        cast("Items | None", items), cast("Stated", stated), cast("Stated", item9), may_miss
    )


@lru_cache
def phq9_portions(may_miss: int, *, in_full: bool) -> tuple[Portion, ...]:
    """Every combination of facts that PHQ-9 may amount to, one portion each.

    Where rules read no more than the total and item 9, scores that are stated show all there are.
    """
    found: dict[tuple[object, ...], Portion] = {}
    for items in _some_items(8, in_full=in_full):
        for nine in _NINTH if items else (None,):
            every = (*items, nine) if items else None
            for stated in _stated(every, PHQ9_HIGHEST, may_miss):
                for item9 in (None, *range(ITEM_HIGH + 1)):
                    one = _phq9_portion((every, stated, item9), may_miss)
                    found.setdefault(_key(one.facts), one)
    return tuple(found.values())


Answered = tuple[Items | None, Stated, Stated]
"""The items, the stated total and the stated item 9."""


def _phq9_portion(answered: Answered, may_miss: int) -> Portion:
    items, stated, item9 = answered
    given = _given(phq9_items=items, phq9_total=stated, phq9_item9=item9)
    return Portion(phq9_facts(items, stated, item9, may_miss), given)


@lru_cache
def gad7_portions(may_miss: int, *, in_full: bool) -> tuple[Portion, ...]:
    """Every combination of facts that GAD-7 may amount to, one portion each."""
    found: dict[tuple[object, ...], Portion] = {}
    for items in _some_items(7, in_full=in_full):
        for stated in _stated(items, GAD7_HIGHEST, may_miss):
            given = _given(gad7_items=items, gad7_total=stated)
            facts = gad7_facts(items, stated, may_miss)
            found.setdefault(_key(facts), Portion(facts, given))
    return tuple(found.values())


@lru_cache
def item9_steps(may_miss: int, *, in_full: bool) -> tuple[tuple[Portion, Portion], ...]:
    """From each answer to item 9 to every worse one, and from its mildest to none: both ends.

    Where it is one of the items, the total moves with it, or gives way to the stated one. Unless
    ``in_full`` one step stands for all with the same totals and scores of item 9.
    """
    made: dict[Answered, tuple[object, Portion]] = {}

    def end(answered: Answered) -> tuple[object, Portion]:
        if answered not in made:
            one = _phq9_portion(answered, may_miss)
            scores = [one.facts.get(name) for name in PHQ9_SCORES]
            made[answered] = _key(one.facts) if in_full else tuple(scores), one
        return made[answered]

    found: dict[tuple[object, object], tuple[Portion, Portion]] = {}
    for answered in _answers_that_step(may_miss, in_full=in_full):
        milder, worse = map(end, answered)
        found.setdefault((milder[0], worse[0]), (milder[1], worse[1]))
    return tuple(found.values())


def _answers_that_step(may_miss: int, *, in_full: bool) -> Iterator[tuple[Answered, Answered]]:
    for stated in (None, *range(PHQ9_HIGHEST + 1)):
        for milder, worse in _STEPS:
            yield (None, stated, milder), (None, stated, worse)
    for items in _some_items(8, in_full=True):
        for other, (milder, worse) in product(_NINTH if items else (), _STEPS):
            every = (*(items or ()), worse if other is None else other)
            for stated in _beside(every, may_miss, in_full=in_full):
                yield ((*every[:8], milder), stated, other), ((*every[:8], worse), stated, other)
                yield ((*every[:8], other), stated, milder), ((*every[:8], other), stated, worse)


def _beside(items: Items, may_miss: int, *, in_full: bool) -> Sequence[Stated]:
    """The stated totals that matter beside items as a step leaves them.

    None does where they are enough, and any that is not less than they are where they were enough
    before it. Else those that item 9 may move the total past.
    """
    least, missing = sum(item or 0 for item in items[:8]), items.count(None)
    if in_full:
        return (None, *range(PHQ9_HIGHEST + 1))
    if missing <= may_miss:
        return (None,)
    enough_before = missing == may_miss + 1 and items[8] is None
    return (None, *range(least, PHQ9_HIGHEST + 1 if enough_before else least + ITEM_HIGH + 1))


_STEPS = ((0, None), *combinations(range(ITEM_HIGH + 1), 2))
"""From nought to no answer, which may be no less urgent; from each answer to every worse one."""

_NINTH = (None, *range(ITEM_HIGH + 1))


def _some_items(count: int, *, in_full: bool) -> Iterator[tuple[int | None, ...] | None]:
    """No items; then one set of items for each number of missing ones and each sum of the rest."""
    yield None
    if not in_full:
        return
    for missing in range(count + 1):
        answered = count - missing
        for score in range(ITEM_HIGH * answered + 1):
            yield (*_adding_up_to(score, answered), *(None,) * missing)


def _adding_up_to(score: int, count: int) -> Iterator[int]:
    for _ in range(count):
        item = min(ITEM_HIGH, score)
        yield item
        score -= item


def _stated(items: Items | None, highest: int, may_miss: int) -> Sequence[Stated]:
    """The stated totals that matter: beside enough items, whether it is theirs or another."""
    score = total(items, None, may_miss=may_miss).score
    if score is None:
        return (None, *range(highest + 1))
    return (None, score, score - 1 if score else 1)


def _key(facts: Mapping[str, Value]) -> tuple[object, ...]:
    """What tells combinations of facts apart: which items were given does not."""
    return tuple(sorted((name, name.endswith("_items") or value) for name, value in facts.items()))


def _given(**answers: object) -> dict[str, object]:
    return {f"answers.{name}": value for name, value in answers.items() if value is not None}
