"""What routes, urgencies, sources and rulebooks are called on a page, whichever rulebook has them.

The log holds words of earlier rulebooks too; one that the rulebook in force does not have is shown
as it is written.
"""

from __future__ import annotations

from datetime import datetime

from triage.domain.clock import LONDON
from triage.rulebook import Rulebook


class Titles:
    """Titles by ids, from the rulebook in force."""

    def __init__(self, rulebook: Rulebook) -> None:
        words = rulebook.vocabulary
        self.routes = {one.id: one.title for one in words.routes.values()}
        self.urgencies = {one.id: one.title for one in words.urgencies.values()}
        self.sources = {name: one.title for name, one in words.sources_of_referral.items()}
        self.rules = {rule.id: rule.title for rule in rulebook.rules}

    def route(self, id_: str) -> str:
        """The title of a route."""
        return self.routes.get(id_) or plain(id_)

    def urgency(self, id_: str) -> str:
        """The title of an urgency."""
        return self.urgencies.get(id_) or plain(id_)

    def source(self, code: str | None) -> str:
        """The title of a source of referral."""
        return self.sources.get(code, code) if code else "not said"

    def outcome(self, route: str, urgency: str) -> str:
        """A route and how soon, in one line."""
        return f"{self.route(route)}, {self.urgency(urgency).lower()}"


def plain(id_: str) -> str:
    """An id as words."""
    return id_.replace("_", " ").replace("-", " ").capitalize()


def moment_short(at: str) -> str:
    """A time of an entry by the clock of the United Kingdom, short enough for a table.

    What is no time, in a log that somebody touched, is shown as it stands.
    """
    try:
        local = datetime.fromisoformat(at).astimezone(LONDON)
    except ValueError:
        return at
    return f"{local.day} {local:%b %Y, %H:%M}"
