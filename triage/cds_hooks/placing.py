"""In which place somebody is helped whose postcode is not known, or is nobody's here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from triage.domain.services import Directory

NOWHERE = ""


class Placing:
    """The places of one directory."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._known = replace(directory, default_place=NOWHERE)
        self._place_of = {one.id: one.place for one in directory.services}

    def is_known(self, postcode: str | None) -> bool:
        """Does a postcode lie in one of the places?"""
        return self._known.place_of(postcode) != NOWHERE

    def named(self, performers: Iterable[frozenset[str]]) -> str | None:
        """The place of the teams that an order names; None where it names no one place."""
        teams = frozenset().union(*performers)
        places = {self._place_of[team] for team in teams} - {None}
        return next(iter(places)) if len(places) == 1 else None

    def told(self, place: str) -> str:
        """That the place is that of the order."""
        return (
            "Where the person lives is not known, so the teams are those of"
            f" {self._directory.places[place].title}, which the order names."
        )
