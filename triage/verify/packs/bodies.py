"""Referrals as callers send them, made of a cell and the one value that must be exact."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, NamedTuple

from triage.diagram.inputs import Given, Portion
from triage.diagram.portions import MOMENT
from triage.diagram.space import Space
from triage.diagram.walks import Cell
from triage.domain.clock import stamp
from triage.verify.packs.values import Pin, portion_with

Body = dict[str, Any]
"""A referral as plain data, in the names of the contract."""


class Draft(NamedTuple):
    """A referral to be written out: its cell, and what must have one very value."""

    cell: Cell
    pin: Pin | None = None


def body_of(space: Space, draft: Draft) -> Body:
    """The referral of a draft, received at a moment that never changes."""
    given: dict[str, Any] = {}
    for depth, place in enumerate(draft.cell):
        each = space.inputs[depth].classes[place]
        if draft.pin and draft.pin.depth == depth:
            given |= _given(portion_with(each, draft.pin), draft.pin)
        else:
            given |= each.given
    return _nested(given)


def _given(portion: Portion, pin: Pin) -> Given:
    """What a referral holds for a value within a portion."""
    first, wanted = portion.facts[pin.fact], pin.value
    if portion.last is None or not isinstance(first, int) or not isinstance(wanted, int):
        return portion.given
    further = wanted - first
    return {path: _further(value, further) for path, value in portion.given.items()}


def _further(value: Any, steps: int) -> Any:
    """A number so much higher, or a day so many days longer ago."""
    return value - timedelta(days=steps) if isinstance(value, date) else value + steps


def _nested(given: dict[str, Any]) -> Body:
    body: Body = {"received_at": stamp(MOMENT)}
    for path, value in sorted(given.items()):
        part, _, name = path.partition(".")
        if name:
            body.setdefault(part, {})[name] = _plain(value)
        else:
            body[part] = _plain(value)
    return body


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
