"""The card on a record that is open: who is in danger, and what is still to be asked."""

from __future__ import annotations

from uuid import UUID

from triage.cds_hooks.advice import Advice
from triage.cds_hooks.asking import Asking
from triage.cds_hooks.cards import CRITICAL, INFO, WARNING, Card, Cards, Says, doubts
from triage.cds_hooks.markdown import listed

MOST_FOUND = 2
"""How many of what was found the summary tells: what is to be asked must find room as well."""


def patient_cards(cards: Cards, call: UUID, asking: Asking) -> list[Card]:
    """At most one card: none where nothing is to be asked, and nothing presses."""
    says = _says(asking)
    return [cards.card(call, asking.advice, says)] if says else []


def _says(asking: Asking) -> Says | None:
    advice = asking.advice
    if advice.is_danger:
        return _as_advised(advice)
    if asking.is_open:
        return _to_be_asked(asking)
    return _held(asking) if advice.is_held else None


def _as_advised(advice: Advice) -> Says:
    return Says(advice.told.summary, CRITICAL, (advice.told.as_markdown(), doubts(advice)))


def _held(asking: Asking) -> Says:
    advice = asking.advice
    return Says(
        summary=_after_found(asking, advice.told.summary),
        indicator=WARNING,
        detail=(listed(FOUND, asking.found), advice.told.as_markdown(), doubts(advice)),
    )


def _to_be_asked(asking: Asking) -> Says:
    advice = asking.advice
    return Says(
        summary=_after_found(asking, asking.summary()),
        indicator=WARNING if advice.is_held or asking.found else INFO,
        detail=(
            listed(FOUND, asking.found),
            listed("Still to be asked", asking.lines()),
            listed("What is known", advice.told.why),
            listed("If it gets worse", [advice.told.if_worse]),
            doubts(advice),
        ),
    )


def _after_found(asking: Asking, summary: str) -> str:
    """What was found, before all else that a summary says."""
    return " ".join([*asking.found[:MOST_FOUND], summary])


FOUND = "Found"
