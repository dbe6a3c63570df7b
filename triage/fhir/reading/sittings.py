"""Scores of one day: a count is never put together from two days, and no danger is lost by it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from triage.fhir.findings import Finding
from triage.fhir.reading.codebook import Codebook
from triage.fhir.reading.instruments import Instrument
from triage.fhir.reading.said import Asked, Dated, Given, information, warning
from triage.fhir.reading.scales import Scales, newest

Table = dict[Asked, list[Given]]
"""What was given, by field."""


@dataclass(frozen=True, slots=True)
class Sittings:
    """Finds the sitting of an instrument that counts: the newest that was scored."""

    book: Codebook
    scales: Scales

    def keep(self, table: Table, instrument: Instrument) -> Iterator[Finding]:
        """Leave in the table what is of that day or of none, and what is older but worse."""
        scored = [each for each in table if each.whole in instrument.scores]
        latest = _latest(one for each in scored for one in table[each])
        if latest is None:
            return
        others: Table = {}
        for each in scored:
            others[each] = [one for one in table[each] if _is_of_another_day(one, latest)]
            table[each] = [one for one in table[each] if not _is_of_another_day(one, latest)]
        older = [one for given in others.values() for one in given if not one.weak]
        if older:
            yield information("informational", older[0].at, OLDER)
        for single in instrument.singles & self.book.items_of.keys():
            yield from self._keep_single(table, single, older, latest)

    def _keep_single(
        self, table: Table, single: Asked, older: list[Given], latest: Dated
    ) -> Iterator[Finding]:
        """An answer that is an item as well: what it was in older sittings stands beside it."""
        item, mildest = self.book.items_of[single], self.book.questions[single].lowest
        raised = [one for one in older if one.asked == item and self._is_above(one, mildest)]
        table[single] = [*table.get(single, []), *(replace(one, asked=single) for one in raised)]
        if table.get(item):
            yield from self._beside_item(table, single, table[item], latest)

    def _beside_item(
        self, table: Table, single: Asked, items: list[Given], latest: Dated
    ) -> Iterator[Finding]:
        """An answer that is an item as well, where that item was answered in the sitting."""
        now = max(self.scales.rank(one) or 0 for one in items)
        kept: list[Given] = []
        milder: list[Given] = []
        for one in table[single]:
            gives_way = _is_before(one, latest) and not self._is_above(one, now)
            (milder if gives_way else kept).append(one)
        table[single] = kept
        if milder:
            yield information("informational", milder[0].at, OLDER)
        if kept and all(_is_before(one, latest) for one in kept):
            yield warning("conflict", kept[0].at, f"{single.path}: {WORSE_BEFORE}")

    def _is_above(self, one: Given, least: float) -> bool:
        """Is it worse? What cannot be compared is taken to be."""
        rank = self.scales.rank(one)
        return rank is None or rank > least


def _latest(given: Iterable[Given]) -> Dated | None:
    """The newest day on which anything of a score was given."""
    scores = [one for one in given if not one.weak]
    return newest(scores).on if scores else None


def _is_of_another_day(one: Given, latest: Dated) -> bool:
    return one.on is not None and one.on.day != latest.day


def _is_before(one: Given, latest: Dated) -> bool:
    return one.on is not None and one.on.day < latest.day


OLDER = "This is of an earlier day than the scores that count, so it was passed over."

WORSE_BEFORE = "this is of an earlier day, but worse than it was later, so it counts; check it."
