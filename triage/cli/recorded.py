"""Every recorded referral, for verbs that weigh rules by them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from triage.cli.opened import caller, opened_log
from triage.cli.progress import Watcher, bar
from triage.domain.pseudonymised import Pseudonymised
from triage.population import recorded_referrals
from triage.reading import note_views
from triage.store.entries import Entry
from triage.store.log import DecisionLog


@contextmanager
def population(what: str, *, no_color: bool) -> Iterator[Iterator[Pseudonymised]]:
    """Every recorded referral, with a bar. That all are looked at is recorded first.

    ``what`` names what they are looked at for.
    """
    with opened_log() as log, bar("walking", no_color=no_color) as watcher:
        last = log.head().head.size
        note_views(log, caller(), (1, last), what)
        yield recorded_referrals(log, _watched(log, last, watcher))


def _watched(log: DecisionLog, last: int, watcher: Watcher) -> Iterator[Entry]:
    for entry in log.decisions(1, last):
        yield entry
        watcher(entry.sequence, last)
