"""To which teams of ours an order is addressed: by its performers, or else by its words."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from triage.cds_hooks.wording import Phrases, words_of
from triage.fhir.own import Own
from triage.fhir.reading.elements import Element, codings_in
from triage.rulebook import Rulebook

LONGEST_WORDS, MOST_TEXTS = 2000, 50
"""How many characters of a text, and how many texts, are looked at for words that name a team."""

Teams = frozenset[str]
"""Teams by their ids, any of which may be meant; none where it is no team of ours."""

NONE: Teams = frozenset()


class Addressees:
    """The teams of one rulebook, by all that orders may call them."""

    def __init__(self, rulebook: Rulebook) -> None:
        own, routes = Own.of(rulebook.vocabulary), rulebook.vocabulary.routes
        services = rulebook.directory.services
        self._taking = {
            route: frozenset(one.id for one in services if route in one.routes) for route in routes
        }
        self.route_system, self._team_system = own.system("route"), own.identifier("team")
        self._ids = frozenset(one.id for one in services)
        self._names = {words_of(one.name): frozenset({one.id}) for one in services}
        self._called = {
            words_of(phrase): self._taking[id_]
            for id_, route in routes.items()
            for phrase in route.ordered_as
        }
        self._phrases = [
            (Phrases(route.ordered_as), self._taking[id_])
            for id_, route in routes.items()
            if route.ordered_as
        ]

    def of_performer(self, performer: Element) -> Teams:
        """The teams of ours that a performer may be.

        A bare name such as "CMHT" is any team that takes that route; beside a reference or an
        identifier it may be another organisation's.
        """
        identifiers = performer.parts("identifier")
        for one in identifiers:
            id_ = one.text("value")
            if one.text("system") == self._team_system and id_ in self._ids:
                return frozenset({id_})
        name = words_of((performer.text("display") or "")[:LONGEST_WORDS])
        is_bare = not identifiers and performer.text("reference") is None
        return self._names.get(name) or (self._called.get(name, NONE) if is_bare else NONE)

    def of_performers(self, order: Element) -> tuple[Teams, ...]:
        """What each performer of an order may be, of those that are teams of ours."""
        found = (self.of_performer(one) for one in order.parts("performer", MOST_TEXTS))
        return tuple(filter(None, found))

    def in_words(self, order: Element) -> Teams:
        """The teams that take what an order asks for, by its words or by a code of our own."""
        coded = (self._taking[route] for route in self.routes_coded(order))
        words = [*words_in(order)]
        named = (teams for phrases, teams in self._phrases if any(map(phrases.are_among, words)))
        return NONE.union(*coded, *named)

    def routes_coded(self, order: Element) -> tuple[str, ...]:
        """The routes that an order asks for by a code of our own."""
        codings = codings_in(order.part("code"))
        found = (one.code for one in codings if one.system == self.route_system)
        return tuple(code for code in found if code in self._taking)


def words_in(order: Element) -> Iterator[str]:
    """The words in which an order says what it is for and who does it. Why, is not looked at."""
    for text in islice(filter(None, _texts(order)), MOST_TEXTS):
        yield words_of(text[:LONGEST_WORDS])


def _texts(order: Element) -> Iterator[str]:
    for concept in (*order.parts("code"), *order.parts("orderDetail")):
        yield concept.text("text") or ""
        yield from (one.display for one in codings_in(concept))
    for performer in order.parts("performer", MOST_TEXTS):
        yield performer.text("display") or ""
