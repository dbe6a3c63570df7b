"""What routes, urgencies, reasons and people are called, whichever rulebook has the word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from triage.domain.caller import IN_WORDS, Role
from triage.feedback.wording import told, words
from triage.rulebook import Rulebook


class Titled(Protocol):
    """Something that has a title."""

    @property
    def title(self) -> str:
        """What it is called."""


@dataclass(frozen=True, slots=True)
class Names:
    """Words of several rulebooks, those of the first before those of the next."""

    books: tuple[Rulebook, ...]

    def route(self, id_: str) -> str:
        """What a route is called."""
        return _first([book.vocabulary.routes for book in self.books], id_)

    def urgency(self, id_: str) -> str:
        """What an urgency is called."""
        return _first([book.vocabulary.urgencies for book in self.books], id_)

    def reason(self, id_: str) -> str:
        """What a reason to decide otherwise is called."""
        return _first([book.vocabulary.override_reasons for book in self.books], id_)

    def named(self, section: str, id_: str) -> str:
        """What an alert, action, treatment, measure or support is called."""
        return _first([book.vocabulary.named.get(section, {}) for book in self.books], id_)

    def goes(self, route: str, urgency: str) -> str:
        """A route with its urgency."""
        said = self.urgency(urgency)
        return f"{self.route(route)}, {said[:1].lower()}{said[1:]}"


def by_words(by: Mapping[str, Any]) -> str:
    """Who did something, from the part ``by`` of an entry."""
    role = IN_WORDS[Role(by["role"])]
    return f"{by['subject']}, {role}" if by["subject"] else f"{role} whom nobody names"


def _first(sections: list[Mapping[str, Any]], id_: str) -> str:
    titled: Titled | None = next((section[id_] for section in sections if id_ in section), None)
    return words(titled.title) if titled else told(id_)
