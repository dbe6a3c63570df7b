"""Mutants of small rules: whatever changes is found and counted exactly, and nothing else is.

What changes is found a second time by trying every referral, without a diagram.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from random import Random
from typing import Any

import pytest

from tests.campaigns import share
from tests.facts import facts_of
from tests.plain_reader import Content, Facts
from tests.verify.small_rules import SMALL, SmallRules
from tests.verify.tried import Plain, Told, as_tried, told_of, tried
from triage.diagram.walks import referral_of
from triage.rulebook import Rulebook, load_rulebook
from triage.verify.comparison.found import Difference
from triage.verify.difference import difference
from triage.verify.mutants import Mutant, loaded, mutants

ROUNDS, MUTANTS_A_ROUND = 450, 2
"""Nearly nine hundred mutants, of which more than five hundred change what is decided."""


READS_MORE = re.compile("ratings_that_differ includes .* became")
"""A mutant that reads the rating of another factor, which is not given to small rules."""


@lru_cache
def shipped() -> Rulebook:
    return load_rulebook()


@lru_cache
def small_rules(name: str) -> tuple[SmallRules, list[Told], list[Mutant]]:
    """A small rulebook, what it makes of every referral, and its mutants in a drawn order."""
    small = SmallRules(shipped(), SMALL[name])
    found = [one for one in mutants(small.rulebook) if not READS_MORE.search(one.said)]
    Random(0).shuffle(found)
    return small, told_of(small, small.rulebook.content), found


@pytest.mark.parametrize("round_", range(share(ROUNDS)), ids="round_{}".format)
def test_what_a_mutant_changes_is_counted_exactly(
    round_: int, record_property: Callable[[str, object], None]
) -> None:
    turn, place = divmod(round_, len(SMALL))
    small, before, every = small_rules(list(SMALL)[place])
    semantic = 0
    for mutant in every[turn * MUTANTS_A_ROUND :][:MUTANTS_A_ROUND]:
        made = loaded(mutant)
        if made is not None:
            expected, found = tried(small, before, mutant.content), difference(small.rulebook, made)
            assert found.referrals == small.referrals
            assert as_tried(found) == expected, mutant.said
            assert found.empty is not bool(expected.flows or expected.beside), mutant.said
            _every_witness_shows_it(found, small.rulebook.content, mutant.content)
            semantic += not found.empty
    record_property("semantic mutants", semantic)


def _every_witness_shows_it(found: Difference, before: Content, after: Content) -> None:
    """Does the plain reader say the same of every referral that is shown?"""
    one, other = Plain(before), Plain(after)
    for flow in found.flows:
        facts = _facts_given(flow.given)
        assert (one.told(facts)[0], other.told(facts)[0]) == (flow.before, flow.after)
    for each in found.beside:
        facts = _facts_given(each.given)
        held = each.part in one.told(facts)[1], each.part in other.told(facts)[1]
        assert held == (not each.newly, each.newly)


def _facts_given(given: Mapping[str, Any]) -> Facts:
    dated = {path: _dated(path, value) for path, value in given.items()}
    return facts_of(referral_of(dated), shipped())


def _dated(path: str, value: Any) -> Any:
    return date.fromisoformat(value) if path.endswith("_on") else value
