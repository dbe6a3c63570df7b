"""Reads ``service_directory.yaml`` and makes sure that nobody is left without a team."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from triage.domain.rules import NamedValue
from triage.domain.services import Directory, Place, Service
from triage.rulebook.conditions import number
from triage.rulebook.strict_yaml import Node

OLDEST = 130
"""The greatest age, in years, for which a team must be found."""


class DirectoryReader:
    """Reads the directory for the routes and the named values of a rulebook."""

    def __init__(self, routes: Iterable[str], values: Mapping[str, NamedValue]) -> None:
        self._routes, self._values = tuple(routes), values

    def read(self, node: Node) -> Directory:
        """The directory. Raises ``Refused`` where a route, a place and an age have no team."""
        node.mapping(("title", "default_place", "places", "services"))
        places = {name: _place(name, each) for name, each in node["places"].open_mapping().items()}
        services = tuple(self._service(each, places) for each in node["services"].listed())
        default = node["default_place"].one_of(places, "a place")
        directory = Directory(default, places, services)
        _no_district_twice(node["places"], places)
        self._nobody_is_left_out(node["services"], directory)
        return directory

    def _service(self, node: Node, places: Mapping[str, Place]) -> Service:
        optional = ("place", "ages_from", "ages_below")
        node.mapping(("id", "name", "phone", "hours", "routes"), optional)
        place, first, below = (node.get(key) for key in optional)
        return Service(
            id=node["id"].text(),
            name=node["name"].text(),
            phone=node["phone"].text(),
            hours=node["hours"].text(),
            routes=frozenset(
                each.one_of(self._routes, "a route") for each in node["routes"].listed()
            ),
            place=place.one_of(places, "a place") if place else None,
            ages_from=number(first, self._values) if first else None,
            ages_below=number(below, self._values) if below else None,
        )

    def _nobody_is_left_out(self, node: Node, directory: Directory) -> None:
        for route in self._routes:
            for place in directory.places:
                for age in (None, *range(OLDEST + 1)):
                    if not any(service.takes(route, place, age) for service in directory.services):
                        who = "an unknown age" if age is None else f"age {age}"
                        raise node.refuse(f"no service takes {route} in {place} at {who}; add one")


def _no_district_twice(node: Node, places: Mapping[str, Place]) -> None:
    seen: dict[str, str] = {}
    for place in places.values():
        for district in sorted(place.postcode_districts):
            other = seen.setdefault(district, place.id)
            if other != place.id:
                raise node[place.id].refuse(f"{district} lies in {other} too; leave it in one")


def _place(name: str, node: Node) -> Place:
    node.mapping(("title", "postcode_districts"))
    districts = frozenset(each.text() for each in node["postcode_districts"].listed())
    return Place(name, node["title"].text(), districts)
