"""What differs for everybody, whatever they answer: clocks, teams, titles and the safety net."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import groupby

from triage.domain.services import Service
from triage.domain.vocabulary import Urgency
from triage.rulebook import Rulebook
from triage.rulebook.services import OLDEST
from triage.verify.comparison.edits import Changed, differing

AGES = (None, *range(OLDEST + 1))


def for_everybody(before: Rulebook, after: Rulebook) -> Iterator[Changed]:
    """Everything that both rulebooks have, and that is another thing before and after."""
    for what, told in _TOLD.items():
        old, new = told(before), told(after)
        both = old.keys() & new.keys()
        kept = ({name: one[name] for name in one if name in both} for one in (old, new))
        yield from differing(what, *kept)
    if before.directory != after.directory:
        yield from _districts(before, after)
        yield from _teams(before, after)


def _clocks(rulebook: Rulebook) -> Mapping[str, str]:
    return {name: _clock(one) for name, one in rulebook.vocabulary.urgencies.items()}


def _clock(urgency: Urgency) -> str:
    within = urgency.within_hours
    clock = "by the end of the day" if within is None else f"within {within} hours"
    danger = ", said even of a referral that is refused" if urgency.danger else ""
    return f"class {urgency.rank}, {clock}{danger}"


def _titles(rulebook: Rulebook) -> Mapping[str, str]:
    words = rulebook.vocabulary
    found = {f"of route {one.id}": one.title for one in words.routes.values()}
    found |= {f"of urgency {one.id}": one.title for one in words.urgencies.values()}
    found |= {f"of factor {one.name}": one.title for one in words.factors.values()}
    for section, named in words.named.items():
        kind = section.removesuffix("s")
        found |= {f"of {kind} {one.id}": one.title for one in named.values()}
    return found


def _steps(rulebook: Rulebook) -> Mapping[str, str]:
    return {name: str(one.step) for name, one in rulebook.vocabulary.routes.items()}


def _ways_in(rulebook: Rulebook) -> Mapping[str, str]:
    sources = rulebook.vocabulary.sources_of_referral
    return {name: f"self-referral {one.self_referral}" for name, one in sources.items()}


def _default_place(rulebook: Rulebook) -> Mapping[str, str]:
    return {"": rulebook.directory.default_place}


def _safety_net(rulebook: Rulebook) -> Mapping[str, str]:
    return {"": rulebook.safety_net}


_TOLD: Mapping[str, Callable[[Rulebook], Mapping[str, str]]] = {
    "urgency": _clocks,
    "title": _titles,
    "step of route": _steps,
    "source of referral": _ways_in,
    "place where no postcode is known": _default_place,
    "safety net": _safety_net,
}


def _districts(before: Rulebook, after: Rulebook) -> Iterator[Changed]:
    """The postcode districts that lie in another place, by name or because no place names them."""
    directories = [book.directory for book in (before, after)]
    places = [place for each in directories for place in each.places.values()]
    named = sorted({district for place in places for district in place.postcode_districts})
    old, new = ({each: one.place_of(each) for each in named} for one in directories)
    yield from differing("postcode district", old, new)


def _teams(before: Rulebook, after: Rulebook) -> Iterator[Changed]:
    """The routes of a place that another team takes, by the ages at which it does."""
    routes = before.vocabulary.routes.keys() & after.vocabulary.routes.keys()
    places = before.directory.places.keys() & after.directory.places.keys()
    for route in (name for name in before.vocabulary.routes if name in routes):
        for place in (name for name in before.directory.places if name in places):
            pairs = [
                tuple(book.directory.team(route, place, age) for book in (before, after))
                for age in AGES
            ]
            yield from _changes(f"team for {route} in {place}", pairs)


def _changes(what: str, pairs: list[tuple[Service, ...]]) -> Iterator[Changed]:
    told = [tuple(_team(each) for each in pair) for pair in pairs]
    if len(set(told)) == 1:
        yield from _if_other(what, *told[0])
        return
    yield from _if_other(f"{what}, age not known", *told[0])
    ages = iter(range(OLDEST + 1))
    for (old, new), run in groupby(told[1:]):
        years = [next(ages) for _ in run]
        yield from _if_other(f"{what}, ages {years[0]} to {years[-1]}", old, new)


def _if_other(what: str, old: str, new: str) -> Iterator[Changed]:
    if old != new:
        yield Changed(what, old, new)


def _team(service: Service) -> str:
    return f"{service.name}, {service.phone} ({service.hours})"
