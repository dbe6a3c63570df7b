"""The filters by which decisions are found, as a form has them and as they were chosen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from triage.feedback.moments import date_words
from triage.rulebook import Rulebook
from triage.store.kept import rulebooks_of
from triage.store.log import DecisionLog
from triage.web.audit.query import FILTERS, Query, address_of, without
from triage.web.audit.titles import Titles

OVERRIDDEN: Mapping[str, str] = {"true": "Overridden", "false": "Not overridden"}


@dataclass(frozen=True, slots=True)
class Choices:
    """What may be chosen of a filter, by value, and what is chosen."""

    name: str
    legend: str
    options: Sequence[tuple[str, str]]
    chosen: Sequence[str]


@dataclass(frozen=True, slots=True)
class Chosen:
    """A filter that is in force: what it says, and the address of the search without it."""

    words: str
    address: str


class Filters:
    """The filters of one service."""

    def __init__(self, log: DecisionLog, rulebook: Rulebook) -> None:
        self._log, self.titles = log, Titles(rulebook)
        self._words: Mapping[str, Callable[[str], str]] = {
            "from": lambda text: f"From {_day(text)}",
            "to": lambda text: f"Up to {_day(text)}",
            "route": self.titles.route,
            "urgency": self.titles.urgency,
            "source": lambda code: f"Source: {self.titles.source(code)}",
            "ods_code": lambda code: f"Practice {code}",
            "rule": lambda rule: f"Rule {rule}",
            "rulebook": lambda digest: f"Rulebook {digest[:15]}…",
            "overridden": lambda said: OVERRIDDEN.get(said, said),
            "decision_ids": lambda id_: f"Decision {id_[:8]}…",
        }

    def choices(self, query: Query) -> Mapping[str, Choices]:
        """What each filter lets somebody choose. Raises ``LogUnavailableError``."""
        titles = self.titles
        by_title = sorted(titles.sources.items(), key=lambda one: one[1])
        books = [
            (one.digest, f"{one.id} {one.version} ({one.digest[7:15]})")
            for one in rulebooks_of(self._log.database)
        ]
        found = (
            ("route", "Route", titles.routes.items()),
            ("urgency", "Urgency", titles.urgencies.items()),
            ("source", "Source of referral", by_title),
            ("rule", "Rule that applied", titles.rules.items()),
            ("rulebook", "Rulebook that decided", books),
            ("overridden", "Overridden by a clinician", OVERRIDDEN.items()),
        )
        return {
            name: Choices(name, legend, list(options), query.get(name, ()))
            for name, legend, options in found
        }

    def chosen(self, query: Query, path: str) -> list[Chosen]:
        """The filters in force, each with the way to be rid of it."""
        return list(self._chosen(query, path))

    def _chosen(self, query: Query, path: str) -> Iterator[Chosen]:
        for name in FILTERS:
            for value in query.get(name, ()):
                address = address_of(path, without(query, name, value))
                yield Chosen(self._words[name](value), address)


def _day(text: str) -> str:
    try:
        return date_words(date.fromisoformat(text))
    except ValueError:
        return text
