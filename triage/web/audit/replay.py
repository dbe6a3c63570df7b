"""What would have become of a period's referrals under another rulebook?"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from triage.access import caller_of_request
from triage.domain.search import Search
from triage.errors import NotRecordedError, ReferralError
from triage.reporting import Period
from triage.rulebook import Rulebook
from triage.store.jobs import Job
from triage.web.audit.books import Books
from triage.web.audit.compare import rulebooks_of
from triage.web.audit.days import days_words, last_weeks, period_of
from triage.web.audit.faults import faults_by_field
from triage.web.audit.finding import ends_of
from triage.web.audit.jobs import Desk, Kind
from triage.web.audit.replaying import Asked, replaying
from triage.web.parts import Parts

TITLE = "Replay a period under another rulebook"

FIELDS = ("from", "to", "rulebook")

AT_ONCE = 50
"""How many decisions that would change are shown on a page."""

COLUMNS = ("decision_id", "sequence", "before", "after", "less_urgent", "more_urgent")


def told_of(job: Job) -> Mapping[str, Any]:
    """What the page of a replay is told beside its result: some of the decisions that change."""
    result = job.result or {}
    flow = _number("flow", len(result["flows"]) - 1)
    changed = [one for one in result["changed"] if flow is None or one[2] == flow]
    page = _number("page", max(len(changed) - 1, 0) // AT_ONCE) or 0
    return {
        "days": days_words(job.asked),
        "flow": flow,
        "changed": changed[page * AT_ONCE : (page + 1) * AT_ONCE],
        "changed_count": len(changed),
        "page": page,
        "pages": -(-len(changed) // AT_ONCE),
    }


def _number(name: str, most: int) -> int | None:
    """A number of the address, where it is one that there is."""
    text = request.args.get(name, "")
    is_number = text.isascii() and text.isdigit() and len(text) <= len(str(most))
    return int(text) if is_number and int(text) <= most else None


REPLAY = Kind(
    id="replay",
    title="A period replayed under another rulebook",
    begin="audit.begin_replay",
    path="/audit/replay",
    counts="entries",
    about=lambda job: days_words(job.asked),
    template="audit/replayed.html.j2",
    told=told_of,
)


def serve_replay(blueprint: Blueprint, parts: Parts, desk: Desk) -> None:
    """``/audit/replay``, and the decisions that would change as a file."""
    books = Books(parts.log, parts.shelf, parts.candidates)

    @blueprint.route("/audit/replay")
    def replay() -> Response:
        asked = {**last_weeks(), "rulebook": books.first_candidate}
        sent = {name: request.args[name] for name in FIELDS if name in request.args}
        return _page(parts, books, {**asked, **sent})

    @blueprint.route("/audit/replay", methods=["POST"])
    def begin_replay() -> AnyResponse:
        typed = {name: request.form.get(name, "") for name in FIELDS}
        found, faults = rulebooks_of(books, typed, ("rulebook",))
        try:
            period = period_of(typed)
        except ReferralError as error:
            return _page(parts, books, typed, {**faults_by_field(error.faults), **faults})
        if faults:
            return _page(parts, books, typed, faults)
        asked = _asked(parts, period, found["rulebook"])
        if asked is None:
            nothing = {"from": "No decision was recorded between these days; choose others"}
            return _page(parts, books, typed, nothing)
        return desk.begin(REPLAY.id, typed, replaying(parts.log, asked, caller_of_request()))

    @blueprint.route("/audit/jobs/<uuid:job_id>/changed.csv")
    def changed(job_id: UUID) -> Response:
        job, kind = desk.one(str(job_id))
        if kind is not REPLAY or job.result is None:
            raise NotRecordedError("no replay of that id is done")
        answer = Response(_csv(job.result), content_type="text/csv; charset=utf-8")
        answer.headers["Content-Disposition"] = 'attachment; filename="changed.csv"'
        return answer


def _asked(parts: Parts, period: Period, rulebook: Rulebook) -> Asked | None:
    """What is to be replayed; None where nothing was recorded between these days."""
    search = Search(earliest=period.earliest, before=period.before)
    ends = ends_of(parts.log, search)
    return Asked(search, *ends, rulebook, parts.rulebook) if ends else None


def _page(
    parts: Parts, books: Books, asked: Mapping[str, str], faults: Mapping[str, str] | None = None
) -> Response:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK
    return parts.site.page(
        "audit/replay.html.j2",
        TITLE,
        status,
        choices=books.choices(),
        asked=asked,
        faults=faults or {},
    )


def _csv(result: Mapping[str, Any]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for id_, sequence, place in result["changed"]:
        flow = result["flows"][place]
        ways = (str(flow[way]).lower() for way in ("worse", "more_urgent"))
        writer.writerow((id_, sequence, flow["before"], flow["after"], *ways))
    return text.getvalue()
