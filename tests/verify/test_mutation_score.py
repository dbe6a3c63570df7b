"""Of every slip of the hand in the rules that matters, the tests made from them notice all."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest

from tests.campaigns import share
from triage.rulebook import Rulebook
from triage.verify.mutants import Mutant, mutants
from triage.verify.packs import Pack, Score, score

ROUNDS = 10
"""A campaign is ten rounds, so that several processes share it and its progress is seen."""


def drawn(rulebook: Rulebook, number: int) -> list[Mutant]:
    """The mutants of a round: all of them are shared out, in an order that is always the same."""
    every = list(mutants(rulebook))
    Random(0).shuffle(every)
    return every[number : share(len(every)) : ROUNDS]


@pytest.mark.parametrize("number", range(ROUNDS), ids=lambda number: f"round_{number}")
def test_no_mutant_that_decides_otherwise_survives(
    number: int, rulebook: Rulebook, pack: Pack, record_property: Callable[[str, object], None]
) -> None:
    found = score(rulebook, pack, drawn(rulebook, number))
    record_property("killed", found.killed)
    record_property("equivalent", len(found.equivalent))
    assert [one.said for one in found.survived] == []


def test_without_its_tests_of_a_rule_a_pack_misses_what_goes_wrong_with_it(
    rulebook: Rulebook, pack: Pack
) -> None:
    """The score can fail: a pack that never looks at veterans does not notice."""
    rest = [test for test in pack.tests if "veteran" not in test.referral.get("answers", {})]
    assert len(rest) < len(pack.tests)
    slips = [one for one in mutants(rulebook) if one.rule == "veteran-priority"]
    found = score(rulebook, Pack(pack.stamp, tuple(rest)), slips)
    assert (found.killed, found.equivalent) == (0, ())
    assert len(found.survived) == len(slips) == 2
    assert found.share == 0


def test_a_score_of_nothing_is_whole() -> None:
    assert Score(0, 0, (), ()).share == 1
