"""What overrides tell of the rules: which of them clinicians decide otherwise about most."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from triage.domain.clock import LONDON
from triage.rulebook import Rulebook
from triage.store.log import DecisionLog
from triage.store.overridden import Goes, Overridden, Tally, tally


def rules_most_overridden(
    log: DecisionLog, rulebook: Rulebook, first: date | None, last: date | None
) -> dict[str, Any]:
    """The rules that fired in overridden decisions, made from one day to another, both included.

    Days are those of the United Kingdom; None leaves an end open. An overridden decision counts
    once, with the override that stands. The counts are exact: nothing here is for publication.
    """
    found = tally(
        log.database,
        _midnight(first) if first else None,
        _midnight(last + timedelta(days=1)) if last else None,
    )
    titles = {rule.id: rule.title for rule in rulebook.rules}
    by_rule: dict[str, list[Overridden]] = {}
    for one in found.overridden:
        for rule in one.rules:
            by_rule.setdefault(rule, []).append(one)
    rules = [_rule(rule, titles.get(rule), by_rule[rule], found) for rule in by_rule]
    rules.sort(key=lambda one: (-one["overridden"], one["fired"], one["rule"]))
    return {
        "from": first.isoformat() if first else None,
        "to": last.isoformat() if last else None,
        "decisions": found.decisions,
        "overridden": len(found.overridden),
        "rules": rules,
    }


def _rule(
    rule: str, title: str | None, overridden: list[Overridden], found: Tally
) -> dict[str, Any]:
    return {
        "rule": rule,
        "title": title,
        "fired": found.fired[rule],
        "overridden": len(overridden),
        "reasons": _counted((one.reason for one in overridden), lambda one: {"reason": one}),
        "flows": _counted(((one.decided, one.stands) for one in overridden), _flow),
    }


def _flow(goes: tuple[Goes, Goes]) -> dict[str, Any]:
    decided, stands = goes
    return {"from": decided._asdict(), "to": stands._asdict()}


def _counted(things: Iterable[Any], told: Callable[[Any], dict[str, Any]]) -> list[dict[str, Any]]:
    """Each thing with how many decisions it counts, the most frequent first."""
    counts = sorted(Counter(things).items(), key=lambda one: (-one[1], one[0]))
    return [{**told(thing), "decisions": count} for thing, count in counts]


def _midnight(day: date) -> datetime:
    """The moment at which a day begins in the United Kingdom."""
    return datetime.combine(day, time(), LONDON)
