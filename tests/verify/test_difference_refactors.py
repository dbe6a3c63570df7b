"""Rules that are written otherwise and say the same: nothing differs, five hundred times."""

from __future__ import annotations

import pytest

from tests.campaigns import share
from tests.verify.refactors import refactors
from triage.rulebook import Rulebook
from triage.verify.difference import difference

ROUNDS, REFACTORS_A_ROUND = 50, 10


@pytest.mark.parametrize("round_", range(share(ROUNDS)), ids="round_{}".format)
def test_nothing_differs_where_rules_say_the_same(round_: int, rulebook: Rulebook) -> None:
    for said, made in refactors(rulebook, round_, REFACTORS_A_ROUND):
        found = difference(rulebook, made)
        assert found.empty, (said, found.flows, found.beside, found.for_everybody)
