"""Every page in every state can be used by everybody: as axe sees it, narrow, without scripts."""

from __future__ import annotations

import pytest

from tests.browser.looks import axe, fits, focus_shows, headings_in_order, nothing_moves
from tests.browser.scene import Scene
from tests.browser.states import STATES, State


@pytest.mark.parametrize("state", STATES, ids=str)
def test_a_page_can_be_used_by_everybody(state: State, scene: Scene) -> None:
    visitor = scene.regular(state.person)
    state.way(visitor, scene)
    assert visitor.status in {200, state.status}
    axe(visitor.page)
    headings_in_order(visitor.page)
    nothing_moves(visitor.page)
    focus_shows(visitor.page)
    fits(visitor.page)
    visitor.is_content()


@pytest.mark.parametrize("state", STATES, ids=str)
def test_a_page_is_there_without_scripts(state: State, scene: Scene) -> None:
    visitor = scene.regular(state.person, scripts=False)
    state.way(visitor, scene)
    assert visitor.status == state.status
    assert visitor.page.get_by_role("heading", level=1).count() == 1
    visitor.is_content()
