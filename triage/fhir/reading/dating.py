"""The day of a questionnaire or of a round of questions: that of the answers which count."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from triage.fhir.findings import Finding
from triage.fhir.reading.instruments import Instrument
from triage.fhir.reading.refusals import Chosen
from triage.fhir.reading.said import Asked, Dated, Given, warning
from triage.fhir.reading.scales import Scales
from triage.fhir.reading.sittings import Table


@dataclass(frozen=True, slots=True)
class Stated:
    """The days that are stated, and those of them that no answers stand with."""

    days: list[Given]
    alone: list[Given]


@dataclass(frozen=True, slots=True)
class Dating:
    """Finds the day of one instrument."""

    instrument: Instrument
    scales: Scales

    def stated(self, table: Table) -> Stated:
        """Take out of the table the days that are stated as such."""
        days = table.pop(self.instrument.on, [])
        answers = (given for each, given in table.items() if each.whole in self.instrument.members)
        answering = {one.of for given in answers for one in given}
        return Stated(days, [one for one in days if one.of not in answering])

    def day_of(self, chosen: Chosen, stated: Stated) -> Iterator[Given | Finding]:
        """The day, as it was stated where it was. One that cannot be read stands as it is."""
        counted = self._counted(chosen)
        unread = [one for one in stated.days if one.on is None]
        if unread or counted is None:
            yield from self._as_stated(unread or stated.days)
            return
        same = [one for one in stated.days if one.on and one.on.day == counted.day]
        day, at = counted.day.isoformat(), counted.at
        yield same[0] if same else Given(self.instrument.on, day, at, "", counted, weak=True)
        astray = [one for one in stated.alone if one not in same]
        if astray:
            says = f"{self.instrument.on.path}: {ANOTHER_DAY} {counted.at}."
            yield warning("conflict", astray[0].at, says)

    def _as_stated(self, days: list[Given]) -> Iterator[Given | Finding]:
        if days:
            found, said = self.scales.chosen(days)
            yield from [found] if found else []
            yield from said

    def _counted(self, chosen: Chosen) -> Dated | None:
        """The day of the scores, or else the earliest on which one of the answers was given."""
        scores = self._days(chosen, self.instrument.scores)
        singles = self._days(chosen, self.instrument.singles)
        return min(scores or singles, key=lambda one: one.day, default=None)

    def _days(self, chosen: Chosen, among: frozenset[Asked]) -> list[Dated]:
        return [one.on for each, one in chosen.items() if each.whole in among and one.on]


ANOTHER_DAY = (
    "the answers that count were given on another day, which was read instead. It stands at"
)
