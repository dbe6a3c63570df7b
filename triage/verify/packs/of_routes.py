"""What must be tried of routes and urgencies that meet: which leads, replaces, or gives way."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from triage.diagram.forest import NO, Node
from triage.diagram.walks import witness
from triage.domain.vocabulary import RouteTerm
from triage.verify.packs.bodies import Draft
from triage.verify.packs.shown import Shown
from triage.verify.packs.turning import Turner


class RouteTests:
    """Finds referrals on which routes meet, over one model."""

    def __init__(self, turner: Turner) -> None:
        self._turner, self._model, self._forest = turner, turner.model, turner.model.forest
        self._routes = turner.model.rulebook.vocabulary.routes
        by_urgency = turner.model.rulebook.vocabulary.urgencies.values()
        self._urgencies = sorted(by_urgency, key=lambda one: one.order)

    def every(self) -> Iterator[Shown]:
        """Everything to try of routes and urgencies that meet, as far as they can."""
        for one, other in combinations(self._routes.values(), 2):
            yield from self._side_by_side(one, other)
        for one in self._routes.values():
            for name in self._routes:
                if name in one.replaces:
                    yield from self._replaced(one, self._routes[name])
            yield from self._giving_way(one)
            yield from self._of_two_urgencies(one)
        yield from self._more_urgent()

    def _side_by_side(self, one: RouteTerm, other: RouteTerm) -> Iterator[Shown]:
        standing = self._model.standing
        both = self._forest.both(standing[one.id], standing[other.id])
        further = [node for name, node in standing.items() if name not in (one.id, other.id)]
        said = f"{one.title} comes before {other.title}"
        yield from self._shown(f"routes/{one.id} before {other.id}", said, both, further)
        leads = self._forest.either(self._model.leads[one.id], self._model.leads[other.id])
        behind = self._forest.both(both, self._forest.opposite(leads))
        said = f"{said}, behind a third"
        yield from self._shown(f"routes/{one.id} before {other.id}/behind a third", said, behind)

    def _replaced(self, one: RouteTerm, other: RouteTerm) -> Iterator[Shown]:
        claimed = self._model.claimed
        further = [node for name, node in claimed.items() if name not in (one.id, other.id)]
        for urgency, node in self._model.claims[other.id].items():
            both = self._forest.both(claimed[one.id], node)
            said = f"{one.title} takes the place of {other.title}, as urgent as it: {urgency}"
            named = f"routes/{one.id} replaces {other.id}/{urgency}"
            yield from self._shown(named, said, both, further)

    def _giving_way(self, one: RouteTerm) -> Iterator[Shown]:
        if one.gives_way:
            asking = self._model.concluded("route", one.id)
            asked = self._forest.some(self._model.firing(rule) for rule, _ in asking)
            for other in self._routes.values():
                if not other.gives_way:
                    both = self._forest.both(asked, self._model.claimed[other.id])
                    said = f"{one.title} gives way to {other.title}"
                    yield from self._shown(f"routes/{one.id} gives way to {other.id}", said, both)

    def _of_two_urgencies(self, one: RouteTerm) -> Iterator[Shown]:
        claims = self._model.claims[one.id]
        for sooner, later in combinations(
            (each for each in self._urgencies if each.id in claims), 2
        ):
            both = self._forest.both(claims[sooner.id], claims[later.id])
            said = f"{one.title}: of two urgencies the sooner, {sooner.title}, counts"
            yield from self._shown(f"routes/{one.id} {sooner.id} before {later.id}", said, both)

    def _more_urgent(self) -> Iterator[Shown]:
        """Two urgencies at once, of whatever routes and overlays."""
        at = {each.id: self._urgent(each.id) for each in self._urgencies}
        for sooner, later in combinations(self._urgencies, 2):
            both = self._forest.both(at[sooner.id], at[later.id])
            said = f"{sooner.title} counts before {later.title}"
            yield from self._shown(f"urgencies/{sooner.id} before {later.id}", said, both)

    def _urgent(self, urgency: str) -> Node:
        claims = [each[urgency] for each in self._model.claims.values() if urgency in each]
        overlays = self._model.concluded("urgency", urgency)
        claims += [self._model.firing(rule) for rule, _ in overlays]
        return self._forest.some(claims)

    def _shown(
        self, named: str, said: str, where: Node, further: list[Node] | None = None
    ) -> Iterator[Shown]:
        """A referral on which it is so, where it can be with nothing further."""
        alone = self._forest.both(where, self._forest.opposite(self._forest.some(further or [])))
        cell = witness(self._forest, where if alone == NO else alone)
        if cell is not None:
            yield Shown(named, None, said, Draft(cell))
