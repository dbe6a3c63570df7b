"""The reasons of several orders as those of one request: of two requests neither would be read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from triage.cds_hooks.orders import Order
from triage.cds_hooks.subjects import Subject
from triage.fhir.reading import Placed, Read
from triage.fhir.reading.elements import Element

JOINED = ("reasonCode", "reasonReference", "contained")
"""The parts of every order that are read; of all else those of the first."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request with the reasons of all, and where each of them was sent, by where it stands."""

    placed: Placed
    _sent_at: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, orders: Sequence[Order], subject: Subject) -> Asked:
        """The request of some orders, at least one, which are all about the subject."""
        at = orders[0].element.at
        every = [
            Element(_renamed(subject.as_theirs(one.element), place), one.element.at)
            for place, one in enumerate(orders)
        ]
        found, sent_at = dict(every[0].json), {}
        for name in JOINED if len(every) > 1 else ():
            parts = [part for one in every for part in one.parts(name)]
            found[name] = [part.json for part in parts]
            sent_at.update({f"{at}.{name}[{n}]": part.at for n, part in enumerate(parts)})
        return cls(Placed(found, at), sent_at)

    def as_sent(self, read: Read) -> Read:
        """What was read, with every place as it was sent."""
        if not self._sent_at:
            return read
        return replace(
            read,
            places={name: self._told(place) for name, place in read.places.items()},
            findings=tuple(
                replace(one, expression=self._told(one.expression), says=self._told(one.says))
                for one in read.findings
            ),
        )

    def _told(self, text: str) -> str:
        begins = re.escape(self.placed.expression)
        places = rf"{begins}\.(?:{'|'.join(JOINED)})\[\d+\]"
        return re.sub(places, lambda found: self._sent_at.get(found[0], found[0]), text)


def _renamed(order: Mapping[str, Any], place: int) -> Mapping[str, Any]:
    """An order, with what it contains under names that no other order has."""
    held = order.get("contained")
    if place == 0 or not isinstance(held, list):
        return order
    found = Element(order, "")
    return {
        **order,
        "contained": [
            {**one.json, "id": f"{place}-{one.text('id')}"} for one in found.parts("contained")
        ],
        "reasonReference": [_moved(one.json, place) for one in found.parts("reasonReference")],
    }


def _moved(reference: Mapping[str, Any], place: int) -> Mapping[str, Any]:
    to = reference.get("reference")
    if isinstance(to, str) and to.startswith("#"):
        return {**reference, "reference": f"#{place}-{to[1:]}"}
    return reference
