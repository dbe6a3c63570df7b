"""What would change, for whom, where one rulebook took the place of another?"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from flask import Blueprint, Response, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from triage.access import caller_of_request
from triage.errors import LogError, NotRecordedError, RulebookError
from triage.pages.marks import powers
from triage.rulebook import Rulebook
from triage.web.audit.books import Books
from triage.web.audit.comparing import Pair, comparing
from triage.web.audit.jobs import Desk, Kind
from triage.web.parts import Parts

TITLE = "Compare two rulebooks"

RECORDED = "recorded"
"""The box by which recorded referrals are counted through the difference."""

COMPARISON = Kind(
    id="comparison",
    title="What two rulebooks decide otherwise",
    begin="audit.begin_comparison",
    path="/audit/compare",
    counts="entries",
    about=lambda job: "{before} and {after}".format(**job.result) if job.result else "",
    template="audit/compared.html.j2",
    told=lambda _job: {"powers": powers},
)


def serve_comparison(blueprint: Blueprint, parts: Parts, desk: Desk) -> None:
    """``/audit/compare``."""
    books = Books(parts.log, parts.shelf, parts.candidates)

    @blueprint.route("/audit/compare")
    def comparison() -> Response:
        asked = {
            "before": request.args.get("before", books.in_force),
            "after": request.args.get("after", books.first_candidate),
            RECORDED: "yes",
        }
        return _page(parts, books, asked)

    @blueprint.route("/audit/compare", methods=["POST"])
    def begin_comparison() -> AnyResponse:
        asked = _asked(request.form)
        found, faults = rulebooks_of(books, asked, ("before", "after"))
        if not faults and asked["before"] == asked["after"]:
            faults = {"after": "Choose two rulebooks: this is the same as the other"}
        if faults:
            return _page(parts, books, asked, faults)
        pages = (books.page_of(asked["before"]), books.page_of(asked["after"]))
        pair = Pair(found["before"], found["after"], pages)
        log = parts.log if asked[RECORDED] else None
        return desk.begin(COMPARISON.id, asked, comparing(pair, log, caller_of_request()))


def _asked(sent: MultiDict[str, str]) -> dict[str, str]:
    return {name: sent.get(name, "") for name in ("before", "after", RECORDED)}


def rulebooks_of(
    books: Books, asked: Mapping[str, str], fields: tuple[str, ...]
) -> tuple[dict[str, Rulebook], dict[str, str]]:
    """The rulebooks that fields name, and what is wrong with those that cannot be used."""
    found: dict[str, Rulebook] = {}
    faults: dict[str, str] = {}
    for field in fields:
        try:
            found[field] = books.one(asked[field])
        except RulebookError as error:
            faults[field] = f"This rulebook has faults. The first: {error.faults[0]}"
        except (NotRecordedError, LogError) as error:
            said = str(error)
            faults[field] = said[:1].upper() + said[1:] if asked[field] else "Choose a rulebook"
    return found, faults


def _page(
    parts: Parts, books: Books, asked: Mapping[str, str], faults: Mapping[str, str] | None = None
) -> Response:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK
    return parts.site.page(
        "audit/compare.html.j2",
        TITLE,
        status,
        choices=books.choices(),
        candidates_kept=parts.candidates is not None,
        asked=asked,
        faults=faults or {},
    )
