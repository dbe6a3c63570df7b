"""Words as they are compared: in small letters, whatever stands between them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from unicodedata import normalize

_WORD = re.compile(r"[^\W_]+|&")

_DOTTED = re.compile(r"\b(?:[^\W\d_]\.){2,}")
"""A word of which only the first letters are written, each with its point: C.B.T."""


def words_of(text: str) -> str:
    """The words of a text, with one space between them and around them all; ``&`` is "and"."""
    plain = _DOTTED.sub(lambda found: found[0].replace(".", ""), normalize("NFKC", text))
    words = ("and" if one == "&" else one for one in _WORD.findall(plain.casefold()))
    return f" {' '.join(words)} "


class Phrases:
    """Phrases that may stand in a text, as whole words."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._phrases = tuple(dict.fromkeys(map(words_of, phrases)))

    def are_in(self, text: str) -> bool:
        """Does any of them stand in a text?"""
        return self.are_among(words_of(text))

    def are_among(self, words: str) -> bool:
        """Does any of them stand among words as ``words_of`` gives them?"""
        return any(phrase in words for phrase in self._phrases)
