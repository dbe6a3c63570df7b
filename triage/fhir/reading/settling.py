"""All that was said of a referral, settled: one value for each field, each with its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from schemas.answers import MOST_WORDS
from triage.fhir.findings import Finding
from triage.fhir.reading.body import as_read
from triage.fhir.reading.codebook import Codebook
from triage.fhir.reading.dating import Dating
from triage.fhir.reading.instruments import Instrument
from triage.fhir.reading.limits import within_limit
from triage.fhir.reading.read import Read
from triage.fhir.reading.refusals import chosen_in, declined_among
from triage.fhir.reading.said import Asked, Given, Refused, Said
from triage.fhir.reading.scales import Scales
from triage.fhir.reading.sittings import Sittings, Table


class Settling:
    """Settles what was said. Made once from a vocabulary; safe for many threads."""

    def __init__(self, book: Codebook, instruments: Sequence[Instrument]) -> None:
        self._book, self._scales = book, Scales(book)
        self._sittings = Sittings(book, self._scales)
        self._datings = [Dating(one, self._scales) for one in instruments]

    def settle(self, said: Iterable[Said]) -> Read:
        """The referral in what was said, and everything found on the way."""
        everything = list(within_limit(said, ""))
        table = _by_field(everything)
        stated = [(one, one.stated(table)) for one in self._datings]
        found: list[Said] = [one for one in everything if isinstance(one, Finding)]
        for dating in self._datings:
            found += self._sittings.keep(table, dating.instrument)
        found += self._chosen(table)
        chosen = chosen_in(found)
        for dating, days in stated:
            found += dating.day_of(chosen, days)
        refused = [one for one in everything if isinstance(one, Refused)]
        found += declined_among(refused, chosen_in(found), self._book)
        return as_read(found, self._book)

    def _chosen(self, table: Table) -> Iterator[Given | Finding]:
        """What counts of each field, and what is to be said of the others."""
        for asked, givens in table.items():
            if self._book.is_list(asked):
                yield from _listed(givens)
            elif asked in self._book.twins and all(one.weak for one in givens):
                yield from self._beside_others(asked, table)
            elif givens:
                chosen, said = self._scales.chosen(givens)
                yield from [chosen] if chosen else []
                yield from said

    def _beside_others(self, item: Asked, table: Table) -> Iterator[Given]:
        """An item that an answer of the same code stands for, where there are others with it."""
        others = (each for each in table if each != item and each.item is not None)
        if table[item] and any(each.whole == item.whole and table[each] for each in others):
            yield max(table[item], key=lambda one: self._scales.rank(one) or 0)


def _by_field(said: Iterable[Said]) -> Table:
    table: Table = {}
    for one in said:
        if isinstance(one, Given):
            table.setdefault(one.asked, []).append(one)
    return table


ENOUGH_TO_REFUSE = MOST_WORDS + 1
"""As many entries of a list as it takes to refuse it."""


def _listed(givens: Sequence[Given]) -> Iterator[Given]:
    """The entries of a list; what another resource lists as well stands there once.

    Of a list that is longer than any may be, the rest is not looked at.
    """
    entries: list[tuple[Given, str]] = []
    by_resource: dict[str, list[tuple[Given, str]]] = {}
    for one in givens:
        by_resource.setdefault(one.of, []).extend((one, each) for each in one.value)
    before: set[str] = set()
    for listed in by_resource.values():
        entries += [(one, each) for one, each in listed if each not in before]
        before.update(each for _, each in listed)
    for n, (one, each) in enumerate(entries[:ENOUGH_TO_REFUSE], 1):
        yield replace(one, asked=one.asked._replace(item=n), value=each)
    if not entries:
        yield givens[0]
