"""Compares two rulebooks as work of its own, and keeps what was found in words for a page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from triage.diagram.inputs import Given
from triage.domain.caller import Caller
from triage.domain.pseudonymised import Pseudonymised
from triage.jobs import Progress, Work
from triage.pages.differences import changed_words, edited_words, part_words, share_words
from triage.population import recorded_referrals
from triage.reading import note_views
from triage.rulebook import Rulebook
from triage.store.entries import Entry
from triage.store.log import DecisionLog
from triage.verify.comparison.found import Beside, Difference, Flow
from triage.verify.difference import difference
from triage.verify.examples import examples_that_fail
from triage.verify.report import Witness, how_many
from triage.verify.witnesses import outcome_of, told

EXAMPLES_TOLD = 5
"""How many examples that fail are told of one rulebook."""


@dataclass(frozen=True, slots=True)
class Pair:
    """The rulebook that would go, and the one that would take its place.

    ``pages`` are the addresses at which both are read; nothing stands for none.
    """

    before: Rulebook
    after: Rulebook
    pages: tuple[str, str]


def comparing(pair: Pair, log: DecisionLog | None, by: Caller) -> Work:
    """The work of comparing two rulebooks; with a log, recorded referrals are counted through it.

    That somebody has every record looked at is recorded first.
    """

    def work(progress: Progress) -> Mapping[str, Any]:
        population = _population(log, by, progress) if log else None
        found = difference(pair.before, pair.after, population)
        return {**_in_words(found, pair), "failing": _failing(pair)}

    return work


def _population(log: DecisionLog, by: Caller, progress: Progress) -> Iterator[Pseudonymised]:
    last = log.head().head.size
    note_views(log, by, (1, last), "rules diff")
    return recorded_referrals(log, _watched(log, last, progress))


def _watched(log: DecisionLog, last: int, progress: Progress) -> Iterator[Entry]:
    for entry in log.decisions(1, last):
        yield entry
        progress(entry.sequence, last)


def _in_words(found: Difference, pair: Pair) -> dict[str, Any]:
    """What differs, as the page says it: JSON, and the less urgent referrals first."""
    flows = [_flow(one, found, pair) for one in found.flows]
    edits = found.edits
    return {
        "before": f"{found.before.id} {found.before.version}",
        "after": f"{found.after.id} {found.after.version}",
        "digests": [found.before.digest, found.after.digest],
        "empty": found.empty,
        "only_words": bool(edits.words or edits.renamed) and not edits.say_otherwise,
        "referrals": how_many(found.referrals),
        "moved": how_many(found.moved),
        "walked": found.walked.referrals if found.walked else None,
        "not_comparable": found.walked.referrals - found.walked.comparable if found.walked else 0,
        "moved_of_walked": found.moved_of_walked,
        "worse": [one for one in flows if one["worse"]],
        "others": [one for one in flows if not one["worse"]],
        "beside": [_beside(one, found) for one in found.beside],
        "for_everybody": list(map(changed_words, found.for_everybody)),
        "edits": list(edited_words(edits)),
        "left_out": list(found.left_out),
    }


def _flow(one: Flow, found: Difference, pair: Pair) -> dict[str, Any]:
    before, after = (
        outcome_of(Witness(one.given, *way), found.words) for way in (one.before, one.after)
    )
    return {
        "before": before,
        "after": after,
        "worse": one.is_less_urgent,
        "more_urgent": one.less_urgent_by < 0,
        "referrals": how_many(one.referrals),
        "of_all": share_words(one.referrals, found.referrals),
        "of_alike": share_words(one.referrals, one.alike_before),
        "recorded": one.recorded,
        "shown": _shown(one.given, found),
        "stopped": _named(one.stopped, pair.before, pair.pages[0]),
        "started": _named(one.started, pair.after, pair.pages[1]),
    }


def _named(rules: Sequence[str], rulebook: Rulebook, page: str) -> list[list[str]]:
    """Rules by their ids, each with its title and where it is read."""
    titles = {rule.id: rule.title for rule in rulebook.rules}
    return [[rule, titles[rule], page and f"{page}#rule-{rule}"] for rule in rules]


def _beside(one: Beside, found: Difference) -> dict[str, Any]:
    return {
        "what": part_words(one.part, found.words),
        "newly": one.newly,
        "referrals": how_many(one.referrals),
        "of_all": share_words(one.referrals, found.referrals),
        "recorded": one.recorded,
        "shown": _shown(one.given, found),
    }


def _shown(given: Given, found: Difference) -> list[str]:
    """A referral that shows it, by what it holds."""
    return list(told(Witness(given, None, None), found.words))


def _failing(pair: Pair) -> list[list[str]]:
    """Examples that fail, with the rulebook whose they are: it is compared all the same."""
    return [
        [f"{book.stamp.id} {book.stamp.version}", str(one)]
        for book in (pair.before, pair.after)
        for one in islice(examples_that_fail(book), EXAMPLES_TOLD)
    ]
