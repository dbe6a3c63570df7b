"""Takes a picture of every page in every state, as wide as a desk's window and as a telephone.

``python -m tests.browser.screenshots [FOLDER]``, or ``make screenshots``.
"""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.browser.scene import DESKTOP, PHONE, Scene, an_own_scene
from tests.browser.states import STATES, State
from tests.browser.visitor import HEIGHT

WIDTHS = {"desktop": DESKTOP, "phone": PHONE}


def take(state: State, scene: Scene, folder: Path) -> None:
    """The pictures of one state. It is reached once; then the window is made narrow."""
    visitor = scene.visitor(state.person)
    with closing(visitor.context):
        state.way(visitor, scene)
        for name, width in WIDTHS.items():
            visitor.page.set_viewport_size({"width": width, "height": HEIGHT})
            visitor.page.screenshot(path=folder / f"{state.name}-{name}.png", full_page=True)


def main(folder: Path) -> None:
    """Take them all."""
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as kept, an_own_scene(Path(kept)) as scene:
        for state in STATES:
            take(state, scene, folder)
    print(f"{len(STATES) * len(WIDTHS)} pictures in {folder.resolve()}")  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "screenshots"))
