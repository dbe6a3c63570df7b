"""A hundred thousand partial referrals, each against every referral that it may still become."""

from __future__ import annotations

from random import Random

import pytest

from tests.campaigns import share
from tests.live_call.calls import known
from tests.live_call.cut_down import CutDown, Partial, Possible
from tests.live_call.small_rulebooks import CUT_DOWN
from triage.live_call import LiveCall
from triage.outlook import QUESTIONS

REFERRALS = 100_000
ROUNDS = 5
"""For each of the rulebooks, so that several processes share them."""


@pytest.mark.parametrize("seed", range(ROUNDS), ids="round_{}".format)
@pytest.mark.parametrize("name", CUT_DOWN)
def test_what_is_possible_and_what_is_asked_is_what_trying_everything_finds(
    name: str, seed: int
) -> None:
    cut_down, random = CUT_DOWN[name](), Random(seed)
    live_call = LiveCall(cut_down.rulebook, cut_down.diagram)
    for _ in range(share(REFERRALS) // (ROUNDS * len(CUT_DOWN)) + 1):
        Trial(cut_down, cut_down.drawn(random)).hold(live_call)


class Trial:
    """One partial referral to a small rulebook, and all that may come of it."""

    def __init__(self, cut_down: CutDown, partial: Partial) -> None:
        self._partial, self._cut_down = partial, cut_down
        self._words = cut_down.rulebook.vocabulary
        self._questions = cut_down.open_axes(partial)
        self._possible = cut_down.still_possible(partial, self._questions)
        self._outcomes = [cut_down.outcomes[each] for each in set(self._possible.outcomes)]

    def hold(self, live_call: LiveCall) -> None:
        """Hold what a live call says against it."""
        referral = self._cut_down.referral(self._partial)
        live = live_call.live(known(referral, self._cut_down.rulebook))
        routes = {route for route, _ in self._outcomes}
        urgencies = [self._words.urgencies[urgency] for _, urgency in self._outcomes]
        worst = min(urgencies, key=lambda each: each.order)
        assert live.possible_routes == tuple(one for one in self._words.routes if one in routes)
        assert live.worst_possible == worst.id
        asked = live.next_question and live.next_question.answer
        assert (asked is None) == (len(self._outcomes) == 1), referral
        if asked is not None:
            first = self._first_about_danger()
            assert asked == first if first else asked in self._matter(self._possible), referral

    def _matter(self, possible: Possible) -> list[str]:
        """What to ask of the questions on which something depends."""
        questions = enumerate(self._questions.values())
        return [question for axis, question in questions if possible.depends_on(axis)]

    def _first_about_danger(self) -> str | None:
        """What to ask first, if whether there is danger still depends on anything."""
        pressing = self._matter(self._possible.seen(self._cut_down.danger))
        order = [*self._words.answers, *QUESTIONS]
        return min(pressing, key=order.index, default=None)
