"""What to say about a word that is not known: the nearest one that is."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

LONGEST = 60
"""How many characters of a word are looked at; no known word is longer."""

MOST_NAMED = 20
"""How many known words are named where none is near."""


def nearest(word: str, known: Iterable[str]) -> str:
    """A remedy: "did you mean plan?", or the known words where none is near."""
    names = list(known)
    plain = {name.lower(): name for name in names}
    close = get_close_matches(word[:LONGEST].lower(), plain, n=1, cutoff=0.6)
    if close:
        return f"did you mean {plain[close[0]]}?"
    if len(names) > MOST_NAMED:
        return "look it up in the vocabulary"
    return f"use one of: {', '.join(names)}"
