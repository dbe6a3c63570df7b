"""What must hold of every card, whatever it says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from schemas.cards import CardsSchema

_URL = re.compile(r"https://triage\.example\.org/[A-Za-z0-9/_#-]*")


def check(cards: list[dict[str, Any]]) -> None:
    """Check cards against the standard, and against what is never said."""
    assert CardsSchema().validate({"cards": cards}) == {}
    assert not list(nothings(cards))
    names = [UUID(one["uuid"]) for one in cards]
    assert len(set(names)) == len(names)
    for card in cards:
        assert 0 < len(card["summary"]) < 140
        assert ("suggestions" in card) == ("selectionBehavior" in card)
        assert all(one["display"] for one in card["overrideReasons"])
        assert all(_URL.fullmatch(one["url"]) for one in (*card["links"], card["source"]))
        said = f"{card['summary']} {card['detail']}".lower()
        assert "low risk" not in said
        assert "risk is low" not in said


def nothings(value: Any, at: str = "cards") -> Iterator[str]:
    """Where a value, or anything in it, is null or empty; but no cards are cards too."""
    if value is None or value in ("", [], {}):
        if at != "cards":
            yield at
    elif isinstance(value, dict):
        for name, one in value.items():
            yield from nothings(one, f"{at}.{name}")
    elif isinstance(value, list):
        for place, one in enumerate(value):
            yield from nothings(one, f"{at}[{place}]")
