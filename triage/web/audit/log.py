"""Was the log touched? Its head and keys, its verification, and its entries as they stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from triage.access import caller_of_request
from triage.domain.caller import Caller
from triage.errors import LogError, NotRecordedError
from triage.store.entries import Kind
from triage.store.kept import keys_of
from triage.store.near import Near, entries_near
from triage.web.audit.health import Health
from triage.web.audit.jobs import Desk
from triage.web.audit.titles import moment_short, plain
from triage.web.audit.verifying import VERIFICATION, parsed, verifying
from triage.web.parts import Parts
from triage.web.site import may

TEMPLATE, TITLE = "audit/log.html.j2", "The decision log"

REACH = 5
"""How many entries are shown on each side of one."""

LARGEST = 10**15
"""The largest number of an entry that is looked for: databases have numbers to 2^63."""

KINDS: Mapping[str, str] = {
    Kind.DECISION: "A decision",
    Kind.OVERRIDE: "An override",
    Kind.OVERRIDE_CONFIRMATION: "An override was confirmed",
    Kind.OVERRIDE_WITHDRAWAL: "An override was withdrawn",
    Kind.VIEW: "Somebody looked",
    Kind.SEARCH: "Somebody searched",
    Kind.EXPORT: "Somebody took entries away",
    Kind.ERASURE: "A person was erased",
    Kind.CANCELLATION: "A referral was taken back",
    Kind.CARD_FEEDBACK: "What became of a card",
    Kind.SIGN_OFF: "Rules were signed",
    Kind.CALL: "What became of a call",
}
"""What an entry records, by its kind."""


def serve_log(blueprint: Blueprint, parts: Parts, desk: Desk) -> None:
    """``/audit/log`` and what belongs to it."""

    @blueprint.route("/audit/log")
    def log() -> Response:
        return _page(parts)

    @blueprint.route("/audit/log/head.txt")
    def head() -> Response:
        found = parts.log.head()
        return _file(found.note(), f"log-head-{found.head.size}.txt")

    @blueprint.route("/audit/log/key.txt")
    def key() -> Response:
        return _file(f"{parts.log.vkey}\n", "log.key")

    @blueprint.route("/audit/log/verify", methods=["POST"])
    def verify() -> AnyResponse:
        sent = request.form.get("head", "")
        try:
            note = parsed(sent)
        except LogError as error:
            return _page(parts, HTTPStatus.UNPROCESSABLE_ENTITY, {"head": f"{error}."}, sent)
        return desk.begin(VERIFICATION.id, {"head": note or ""}, verifying(parts.log, note))

    @blueprint.route(f"/audit/log/entries/<int(max={LARGEST}):sequence>")
    def entries(sequence: int) -> Response:
        near = entries_near(parts.log.database, sequence, REACH)
        if not near:
            raise NotRecordedError("the log has no entries about that number")
        by = caller_of_request()
        return parts.site.page(
            "audit/entries.html.j2",
            f"Entries around entry {sequence}",
            rows=[_row(one, sequence, by) for one in near],
            missing=_missing(near),
            sequence=sequence,
        )


def _page(
    parts: Parts,
    status: HTTPStatus = HTTPStatus.OK,
    faults: Mapping[str, str] | None = None,
    typed: str = "",
) -> Response:
    health = Health.of(parts)
    return parts.site.page(
        TEMPLATE,
        TITLE,
        status,
        health=health,
        keys=keys_of(parts.log.database),
        origin=parts.log.origin,
        may_verify=may(caller_of_request(), VERIFICATION.begin),
        faults=faults or {},
        typed=typed,
    )


def _file(text: str, name: str) -> Response:
    answer = Response(text, content_type="text/plain; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@dataclass(frozen=True, slots=True)
class Row:
    """An entry as the page shows it; ``link`` leads to the decision it holds or is about."""

    entry: Near
    at: str
    what: str
    link: str | None
    is_wanted: bool


def _row(entry: Near, wanted: int, by: Caller) -> Row:
    decision = entry.id if entry.kind == Kind.DECISION else entry.about
    link = f"/decisions/{decision}" if decision and may(by, "audit.decisions") else None
    what = KINDS.get(entry.kind, plain(entry.kind))
    return Row(entry, moment_short(entry.at), what, link, entry.sequence == wanted)


def _missing(near: tuple[Near, ...]) -> list[int]:
    """The numbers between these that no entry has."""
    here = {one.sequence for one in near}
    return sorted({*range(min(here), max(here))} - here)
