"""The figures of a period: counted at once where the log is short, else as work of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from triage.errors import NotRecordedError, ReferralError
from triage.jobs import Progress, Work
from triage.pages.charts import chart
from triage.reporting import Period, Sheet, csv_of, figures_of, sheets_of
from triage.store.jobs import Job, State
from triage.store.search import last_entry
from triage.web.audit.days import days_of, days_words, last_weeks, period_of
from triage.web.audit.faults import faults_by_field
from triage.web.audit.figure_links import links_of
from triage.web.audit.jobs import Desk, Kind
from triage.web.audit.query import address_of
from triage.web.audit.titles import Titles, moment_short
from triage.web.parts import Parts

PATH, TITLE = "/audit/figures", "Figures"

AT_ONCE = 5_000
"""Up to how many entries of the log figures are counted while somebody waits."""

KEPT = timedelta(days=1)
"""How long figures that took long are shown, before they are counted anew."""

BESIDE = 4
"""With up to so many columns a table stands beside its chart, else below it."""

MOST_OPEN = 30
"""A sheet of more rows is folded."""

MOST_KEPT = 50
"""Among how many of the last figures it is looked for those of a period."""


FIGURES = Kind(
    id="figures",
    title="Figures of a period",
    begin="audit.begin_figures",
    path=PATH,
    counts="entries",
    about=lambda job: days_words(job.asked),
    address=lambda job: address_of(PATH, {name: [day] for name, day in job.asked.items()}),
)


@dataclass(frozen=True, slots=True)
class Made:
    """The sheets of a period, and the moment up to which they count (as entries have it).

    ``kept``: they were counted before, and not for whoever asks now.
    """

    sheets: Sequence[Sheet]
    as_of: str
    kept: bool = False

    def as_dict(self) -> dict[str, Any]:
        """The same as JSON."""
        return {"sheets": [one.as_dict() for one in self.sheets], "as_of": self.as_of}

    @classmethod
    def of_dict(cls, told: Mapping[str, Any]) -> Made:
        """The sheets that were kept."""
        return cls([Sheet.of_dict(one) for one in told["sheets"]], told["as_of"], kept=True)


class Counting:
    """Counts the figures of one service."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def work(self, period: Period) -> Work:
        """The work of counting a period."""

        def work(progress: Progress) -> Mapping[str, Any]:
            return self._counted(period, progress).as_dict()

        return work

    def _counted(self, period: Period, progress: Progress) -> Made:
        as_of = datetime.now(UTC)
        figures = figures_of(self._parts.log, period, as_of, progress)
        return Made(sheets_of(figures, self._parts.rulebook), as_of.isoformat())

    def made(self, period: Period) -> Made | None:
        """The figures of a period: now, or as they were kept; None where that takes longer."""
        if last_entry(self._parts.log) <= AT_ONCE:
            return self._counted(period, lambda _done, _total: None)
        recent = self._parts.jobs.recent(FIGURES.id, MOST_KEPT)
        kept = next((job for job in recent if _is_of(job, days_of(period))), None)
        return Made.of_dict(kept.result) if kept and kept.result else None


def _is_of(job: Job, days: Mapping[str, str]) -> bool:
    """Are these the figures of some days, and not too old?"""
    since = datetime.now(UTC) - datetime.fromisoformat(job.begun_at)
    return job.state is State.DONE and job.asked == days and since < KEPT


def serve_figures(blueprint: Blueprint, parts: Parts, desk: Desk) -> None:
    """``/audit/figures``, and each sheet as a file."""
    counting = Counting(parts)

    @blueprint.route(PATH)
    def figures() -> AnyResponse:
        typed = {**last_weeks(), **request.args.to_dict()}
        try:
            period = period_of(typed)
        except ReferralError as error:
            return _wrong(parts, typed, error)
        return _page(parts, period, counting.made(period))

    @blueprint.route(PATH, methods=["POST"])
    def begin_figures() -> AnyResponse:
        typed = {name: request.form.get(name, "") for name in ("from", "to")}
        try:
            period = period_of(typed)
        except ReferralError as error:
            return _wrong(parts, typed, error)
        return desk.begin(FIGURES.id, days_of(period), counting.work(period))

    @blueprint.route(f"{PATH}/<sheet>.csv")
    def sheet(sheet: str) -> Response:
        period = period_of(request.args)
        made = counting.made(period)
        found = next((one for one in made.sheets if one.id == sheet), None) if made else None
        if found is None:
            raise NotRecordedError("these figures are not kept; have them counted again")
        answer = Response(csv_of(found), content_type="text/csv; charset=utf-8")
        name = f"{found.id}-{period.first}-{period.last}.csv"
        answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer


@dataclass(frozen=True, slots=True)
class Shown:
    """A sheet as the page shows it: its picture and table, and where to find the decisions."""

    id: str
    title: str
    html: str
    links: Sequence[tuple[str, str]]
    rows: int
    is_wide: bool
    is_long: bool


def _page(parts: Parts, period: Period, made: Made | None) -> Response:
    days = days_of(period)
    titles = Titles(parts.rulebook)
    return parts.site.page(
        "audit/figures.html.j2",
        TITLE,
        days=days_words(days),
        typed=days,
        faults={},
        as_of=moment_short(made.as_of) if made else None,
        kept=made is not None and made.kept,
        sheets=[_shown(one, days, titles) for one in made.sheets] if made else None,
    )


def _shown(sheet: Sheet, days: Mapping[str, str], titles: Titles) -> Shown:
    query = {name: [day] for name, day in days.items()}
    picture = chart(sheet, sheet.id, address_of(f"{PATH}/{sheet.id}.csv", query))
    return Shown(
        sheet.id,
        sheet.title,
        picture,
        links_of(sheet, query, titles),
        rows=len(sheet.rows),
        is_wide=len(sheet.columns) > BESIDE,
        is_long=len(sheet.rows) > MOST_OPEN,
    )


def _wrong(parts: Parts, typed: Mapping[str, str], error: ReferralError) -> Response:
    return parts.site.page(
        "audit/figures.html.j2",
        TITLE,
        HTTPStatus.UNPROCESSABLE_ENTITY,
        days=None,
        typed=typed,
        faults=faults_by_field(error.faults),
        as_of=None,
        kept=False,
        sheets=None,
    )
