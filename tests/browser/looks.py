"""Whether a page can be used by everybody: what axe finds, how wide it is, where the focus is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page

STANDARD = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
"""The rules of axe that WCAG 2.2 asks for at levels A and AA."""

NARROW = 320
"""CSS pixels: the smallest telephone, and 1280 at four hundred per cent."""

MOST_STOPS = 400
"""More stops of the Tab key than any page has."""

_AXE = Axe()

_LOOKS = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")


def axe(page: Page) -> None:
    """Fail with what keeps somebody from using a page: which rule, and where."""
    asked = {"runOnly": {"type": "tag", "values": STANDARD}, "resultTypes": ["violations"]}
    found: Sequence[Mapping[str, Any]] = _AXE.run(page, options=asked).response["violations"]
    assert not found, "\n" + "\n".join(map(_violation, found))


def _violation(found: Mapping[str, Any]) -> str:
    places = (
        f"    {' '.join(map(str, node['target']))}\n      {node['html'][:300]}"
        for node in found["nodes"]
    )
    why = found["nodes"][0]["failureSummary"].replace("\n", "\n      ")
    return "\n".join((f"{found['id']}: {found['help']}", *places, f"      {why}"))


def headings_in_order(page: Page) -> None:
    """Fail where a heading lies more than one level below the one before it.

    What is in the way, such as a summary of errors, comes before the first heading, one below it.
    """
    found: Sequence[tuple[int, str]] = _look(page, "headings")
    steps = zip(((1, ""), *found), found, strict=False)
    skipped = [after for before, after in steps if after[0] > before[0] + 1]
    assert not skipped, skipped


def fits(page: Page, width: int = NARROW) -> None:
    """Fail where a page must be scrolled sideways in a window so wide; it is left so wide."""
    page.set_viewport_size({"width": width, "height": 640})
    found: Mapping[str, Any] = _look(page, "width")
    assert found["width"] <= width, f"{found['width']} px wide: {found['by']}"


def nothing_moves(page: Page) -> None:
    """Fail where anything of a page moves by itself, or glides."""
    found: Sequence[str] = _look(page, "moving")
    assert not found, found


def focus_shows(page: Page) -> None:
    """Fail where something that the Tab key comes to looks the same with the focus and without."""
    page.keyboard.press("Tab")
    found: Sequence[str] = _look(page, "unseenFocus")
    assert not found, f"nothing shows that the focus is at {found}"


def stops(page: Page) -> Iterator[str]:
    """Go once round a page by the Tab key alone, and give the name of each stop.

    Fails where a stop looks as it does without the focus, or is out of sight.
    """
    _look(page, "beginStops")
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stop: Mapping[str, Any] = _look(page, "stop")
        assert stop["seen"], f"the focus is out of sight at {stop['name']}"
        assert stop["showed"], f"nothing shows that the focus is at {stop['before']}"
        if stop["round"]:
            return
        if stop["name"]:
            yield str(stop["name"])
    raise AssertionError(f"the Tab key does not come round after {MOST_STOPS} stops")


def _look(page: Page, what: str) -> Any:
    return page.evaluate(f"{_LOOKS.strip()}.{what}()")
