"""What rules and teams say, made fit to be told: one line, and never that a risk is low."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from triage.domain.pseudonymised import WITHHELD

_CALLS_LOW = re.compile(
    r"\blow(er|est)?[ -]risk\b|\brisk(?: level)?(?: \w+){0,2}(?: is| as| was|:) (?:low|lowest)\b",
    re.IGNORECASE,
)
"""Words that would call a risk low; a level is no prediction (NICE NG225)."""

_SENTENCE_ENDS = re.compile(r"(?<=[.!?]) (?=[A-Z])")


def plain(text: str) -> str:
    """A text in one line; what is withheld of a person's own words is said to be elsewhere."""
    return " ".join(text.replace(WITHHELD, "as written in the referral").split())


def sentences(text: str) -> list[str]:
    """The sentences of a text, without any that would call a risk low."""
    return [one for one in _SENTENCE_ENDS.split(plain(text)) if one and not _CALLS_LOW.search(one)]


def fit(text: str) -> str:
    """The same as one text; empty where nothing of it may be told."""
    return " ".join(sentences(text))


@lru_cache(1024)
def words(text: str) -> str:
    """The same for what stands in rule files, which is kept: it is said again and again."""
    return fit(text)


def told(word: str) -> str:
    """An id as words, for one that the rulebook at hand does not know."""
    return word.replace("_", " ").capitalize()


def once(texts: Iterable[str]) -> tuple[str, ...]:
    """Each text once, in order."""
    return tuple(dict.fromkeys(text for text in texts if text))
