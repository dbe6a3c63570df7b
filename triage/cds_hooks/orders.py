"""Draft orders that ask for a service of ours: the only ones on which there is anything to say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from textwrap import shorten
from typing import Any

from schemas.cds_hooks import HookCall
from triage.cds_hooks.addressees import Addressees, words_in
from triage.cds_hooks.wording import Phrases
from triage.fhir.reading.elements import Element, codings_in
from triage.rulebook import Rulebook
from triage.rulebook.codes import PRIORITIES

ORDER = "ServiceRequest"

LONGEST_TITLE = 200
"""The most characters that are told of what an order is called."""


@dataclass(frozen=True, slots=True)
class Order:
    """A draft ServiceRequest, and where it stands in the call."""

    element: Element

    @property
    def resource(self) -> Mapping[str, Any]:
        """The order as it was sent."""
        return self.element.json

    @property
    def id(self) -> str | None:
        """Its id; None where it has none, so that nobody can say which order is meant."""
        return self.element.text("id")

    @property
    def title(self) -> str:
        """What it is called, in the words it was sent with; else its id."""
        code = self.element.part("code")
        texts = (code.text("text"), *(one.display for one in codings_in(code))) if code else ()
        return shorten(next(filter(None, texts), f"{ORDER} {self.id}"), LONGEST_TITLE)

    @property
    def priority(self) -> str:
        """How soon it asks for somebody (R4: routine where nothing, or no such word, is said)."""
        found = self.element.text("priority")
        return found if found in PRIORITIES else PRIORITIES[0]


class OrderFinder:
    """Finds orders for the services of one rulebook."""

    def __init__(self, rulebook: Rulebook) -> None:
        routes, messages = rulebook.vocabulary.routes.values(), rulebook.vocabulary.messages
        of_routes = (each for one in routes for each in one.ordered_as)
        self.addressees = Addressees(rulebook)
        self._ours = Phrases([*of_routes, *messages.ordered_as])
        self._not_ours = Phrases(messages.not_ordered_as)

    def ours(self, call: HookCall) -> tuple[Order, ...]:
        """The draft orders of a call that ask for a service of ours, in their order.

        Where orders are selected, only those. What is not to be done asks for nothing here; whom an
        order is about is not looked at.
        """
        selected = None if call.selections is None else frozenset(call.selections)
        return tuple(
            order
            for order in _drafts(call.draft_orders or {})
            if _is_selected(order, selected) and self._is_ours(order.element)
        )

    def _is_ours(self, order: Element) -> bool:
        if self.addressees.routes_coded(order):
            return True
        words = [*words_in(order)]
        if any(map(self._not_ours.are_among, words)):
            return False
        named = any(map(self._ours.are_among, words))
        return named or bool(self.addressees.of_performers(order))


def _drafts(bundle: Mapping[str, Any]) -> Iterator[Order]:
    root = Element(bundle, "context.draftOrders")
    for one in root.along("entry", "resource"):
        if one.text("resourceType") != ORDER or one.text("status") != "draft":
            continue
        if one.json.get("doNotPerform") is not True:
            yield Order(one)


def _is_selected(order: Order, selections: frozenset[str] | None) -> bool:
    return selections is None or not selections.isdisjoint((f"{ORDER}/{order.id}", order.id or ""))
