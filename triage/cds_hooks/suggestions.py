"""What is suggested for an order: the same order, to the right team and as soon as it should be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import orjson

from triage.cds_hooks.addressees import Addressees
from triage.cds_hooks.advice import Advice
from triage.cds_hooks.bare import bare
from triage.cds_hooks.cards import name_of
from triage.cds_hooks.markdown import shown
from triage.cds_hooks.orders import Order
from triage.domain.decision import RouteGiven
from triage.domain.services import Service
from triage.fhir.reading.elements import Element as Read
from triage.fhir.writing.elements import Element, identifier
from triage.fhir.writing.terms import Terms
from triage.rulebook.codes import PRIORITIES

Wanted = tuple[RouteGiven, ...]
"""Where an order should go: the lead, or of teams that act at the same time those it names."""


class Suggestions:
    """Makes suggestions in the words of one rulebook."""

    def __init__(self, terms: Terms, addressees: Addressees) -> None:
        self._terms, self._addressees = terms, addressees

    def agrees(self, order: Order, advice: Advice) -> bool:
        """Does an order go already where the person should go, and at least as soon?"""
        wanted = self._wanted(order, advice)
        return (
            self._goes_to(order, wanted)
            and not self._is_coded_otherwise(order, wanted)
            and order.priority == _priority(order, wanted)
        )

    def concluded(self, order: Order, advice: Advice) -> str:
        """The priority that the answers conclude for where an order should go."""
        return _concluded(self._wanted(order, advice))

    def is_higher(self, order: Order, advice: Advice) -> bool:
        """Has somebody given an order a higher priority than the answers conclude?"""
        return _rank(order.priority) > _rank(self.concluded(order, advice))

    def beside(self, order: Order, advice: Advice) -> str:
        """The route of an order that stands beside the lead; empty for an order to the lead."""
        wanted = self._wanted(order, advice)
        is_lead = any(one.route == advice.decision.route.route for one in wanted)
        return "" if is_lead else wanted[0].route.title

    def suggestion(self, call: UUID, order: Order, advice: Advice) -> Element | None:
        """What is suggested for an order that differs, or that names no team yet.

        None where nobody could take it over: for an order without an id, or one that cannot be
        given back as it was sent. None either where somebody must ring at once: an order that is
        sent off in its place would be waited on.
        """
        if order.id is None or advice.is_for_now or self._is_whole(order, advice):
            return None
        wanted = self._wanted(order, advice)
        changed = _as_sent({**order.resource, **self._changed(order, wanted)})
        if changed is None:
            return None
        said = self._said(wanted, changed)
        return {"uuid": name_of(call, said), **said}

    def _is_whole(self, order: Order, advice: Advice) -> bool:
        """Does an order agree, and name its team?"""
        named = self._addressees.of_performers(order.element)
        return bool(named) and self.agrees(order, advice)

    def _said(self, wanted: Wanted, changed: Element) -> Element:
        teams, priority = " and ".join(one.team.name for one in wanted), changed["priority"]
        routes = " and ".join(one.route.title for one in wanted)
        kept = _rank(priority) > _rank(_concluded(wanted))
        soonest = min(wanted, key=lambda one: one.urgency.order)
        how_soon = (
            f"your priority, {priority}, stays"
            if kept
            else self._terms.urgency_title(soonest.urgency.id)
        )
        action = {
            "type": "update",
            "description": shown(
                f"Address the order to {teams} ({routes}), with priority {priority}: {how_soon}"
            ),
            "resource": changed,
        }
        label = shown(f"Send to {teams}: {how_soon}")
        return {"label": label, "isRecommended": not kept, "actions": [action]}

    def _wanted(self, order: Order, advice: Advice) -> Wanted:
        named = self._addressees.of_performers(order.element)
        teams = frozenset().union(*named) if named else self._addressees.in_words(order.element)
        found = tuple(one for one in advice.goes_to if one.team.id in teams)
        return found or (advice.decision.route,)

    def _goes_to(self, order: Order, wanted: Wanted) -> bool:
        teams = _teams(wanted)
        named = self._addressees.of_performers(order.element)
        if named:
            return all(teams & one for one in named)
        return bool(teams & self._addressees.in_words(order.element))

    def _is_coded_otherwise(self, order: Order, wanted: Wanted) -> bool:
        """Does a code of our own in an order contradict where it should go?"""
        routes = {one.route.id for one in wanted}
        return not routes.issuperset(self._addressees.routes_coded(order.element))

    def _changed(self, order: Order, wanted: Wanted) -> Element:
        performer = [*self._performers(order.element, wanted)]
        found: Element = {"performer": performer, "priority": _priority(order, wanted)}
        if self._is_coded_otherwise(order, wanted):
            found["code"] = self._code(order.element, wanted[0])
        return found

    def _performers(self, order: Read, wanted: Wanted) -> Iterator[Any]:
        """The teams, in the place of others of ours; whoever else was named stays beside them."""
        teams = {one.team.id: one.team for one in wanted}
        for performer in order.parts("performer"):
            found = self._addressees.of_performer(performer)
            if not found:
                yield performer.json
            elif len(found) == 1 and found <= teams.keys():
                teams.pop(*found)
                yield performer.json
        yield from map(self._named, teams.values())

    def _named(self, team: Service) -> Element:
        return {
            "type": "Organization",
            "identifier": identifier(self._terms.own.identifier("team"), team.id),
            "display": team.name,
        }

    def _code(self, order: Read, lead: RouteGiven) -> Element:
        """The code of an order with our own route as it should be; other codes and words stay."""
        concept = order.part("code") or order
        ours = self._addressees.route_system
        codings = [*concept.parts("coding")]
        wrong = [one for one in codings if one.text("system") == ours]
        kept = [one.json for one in codings if one.text("system") != ours]
        right = self._terms.route(lead.route.id)
        titles = {self._terms.route_title(one.text("code") or "") for one in wrong}
        titles |= {one.text("display") or "" for one in wrong}
        text = right["display"] if concept.text("text") in titles else concept.json.get("text")
        return {**concept.json, "coding": [right, *kept], "text": text}


def _teams(wanted: Wanted) -> frozenset[str]:
    return frozenset(one.team.id for one in wanted)


def _rank(priority: str) -> int:
    return PRIORITIES.index(priority)


def _concluded(wanted: Wanted) -> str:
    return max((one.urgency.priority for one in wanted), key=_rank)


def _priority(order: Order, wanted: Wanted) -> str:
    """The higher of what somebody gave an order and what is concluded: none is ever lowered."""
    return max(order.priority, _concluded(wanted), key=_rank)


def _as_sent(resource: dict[str, Any]) -> dict[str, Any] | None:
    """A resource as it will be read; None where a number in it cannot be said exactly."""
    found = bare(resource)
    try:
        return found if orjson.loads(orjson.dumps(found)) == found else None
    except (TypeError, orjson.JSONDecodeError):
        return None
