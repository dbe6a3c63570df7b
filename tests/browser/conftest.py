"""One Chromium and one service for each process of tests; a window for each who looks."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.chromium import PROGRAM, started
from tests.browser.scene import Scene, a_scene
from tests.browser.visitor import Visitor

Visits = Callable[..., Visitor]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium, started once."""
    if PROGRAM is None:
        pytest.skip("there is no Chromium: apt-get install -y chromium")
    with started() as found:
        yield found


@pytest.fixture(scope="package")
def scene(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """A service that these tests share: each leaves what is recorded there as it is."""
    with a_scene(tmp_path_factory.mktemp("scene"), browser) as found:
        yield found


@pytest.fixture
def visits(scene: Scene) -> Iterator[Visits]:
    """Opens windows, each for somebody; at the end none may have complained or gone elsewhere."""
    opened: list[Visitor] = []

    def visit(name: str | None = None, *, scripts: bool = True) -> Visitor:
        opened.append(scene.visitor(name, scripts=scripts))
        return opened[-1]

    yield visit
    for visitor in opened:
        visitor.leave()
