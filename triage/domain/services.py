"""The service directory: which team takes a route, for a place and an age."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Place:
    """An area of the directory, known by the postcode districts that lie in it."""

    id: str
    title: str
    postcode_districts: frozenset[str]


@dataclass(frozen=True, slots=True)
class Service:
    """A team. ``ages_from`` and ``ages_below`` are in completed years; no place means any place."""

    id: str
    name: str
    phone: str
    hours: str
    routes: frozenset[str]
    place: str | None = None
    ages_from: int | None = None
    ages_below: int | None = None

    def takes(self, route: str, place: str, age: int | None) -> bool:
        """Does the team take a route for a place and an age?

        An age not known shuts no team out but those for the young: an adult's route is the route
        of somebody whose age is unknown.
        """
        if route not in self.routes or self.place not in (None, place):
            return False
        if age is None:
            return self.ages_below is None
        old_enough = self.ages_from is None or age >= self.ages_from
        return old_enough and (self.ages_below is None or age < self.ages_below)

    def as_dict(self) -> dict[str, str]:
        """The team as callers are told of it."""
        return {"id": self.id, "name": self.name, "phone": self.phone, "hours": self.hours}


@dataclass(frozen=True, slots=True)
class Directory:
    """Every place and team of a rulebook; the first team that takes a referral has it."""

    default_place: str
    places: Mapping[str, Place]
    services: Sequence[Service]
    _place_of: Mapping[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        districts = {
            district: place.id
            for place in self.places.values()
            for district in place.postcode_districts
        }
        object.__setattr__(self, "_place_of", districts)

    def place_of(self, postcode: str | None) -> str:
        """The place a postcode lies in; the rulebook's own where none is known."""
        if postcode is None:
            return self.default_place
        code = postcode.strip().upper()
        outward = code if code in self._place_of else code[:-3].strip()
        return self._place_of.get(outward, self.default_place)

    def team(self, route: str, place: str, age: int | None) -> Service:
        """The team for a route. The loader has made sure that there is one for every age."""
        for service in self.services:
            if service.takes(route, place, age):
                return service
        raise LookupError(route)
