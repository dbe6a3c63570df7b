"""Recorded decisions are found here, by filters that stand in the address; a person never does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from itertools import chain
from typing import Any

from flask import Blueprint, Response, request
from werkzeug.datastructures import MultiDict

from schemas.search import SearchReader
from triage.access import caller_of_request
from triage.access.sessions import FORM_FIELD
from triage.domain.caller import Caller
from triage.domain.search import LARGEST_LIMIT, Format, Search
from triage.errors import ReferralError
from triage.searching import Exporter
from triage.searching.search import note_search
from triage.store.search import ever
from triage.web.audit.faults import faults_by_field
from triage.web.audit.filters import Filters
from triage.web.audit.finding import AT_ONCE, Place, Turned, count_words, row_of, turned_to
from triage.web.audit.query import (
    NEWER,
    OLDER,
    Query,
    address_of,
    body_of,
    place_in,
    query_of,
)
from triage.web.parts import Parts
from triage.web.site import may

PATH = "/audit/decisions"

PERSON = "nhs_number"
"""The field of a person's NHS number, in forms alone."""

TEMPLATE, TITLE = "audit/decisions.html.j2", "Find decisions"


@dataclass(frozen=True, slots=True)
class Desk:
    """What decisions are found by."""

    parts: Parts
    reader: SearchReader
    filters: Filters

    @classmethod
    def of(cls, parts: Parts) -> Desk:
        """The desk of a service."""
        rules = [rule.id for rule in parts.rulebook.rules]
        reader = SearchReader(parts.rulebook.vocabulary, rules, partial(ever, parts.log))
        return cls(parts, reader, Filters(parts.log, parts.rulebook))

    def search(self, query: Query, person: str | None = None) -> Search:
        """What is looked for. Raises ``ReferralError`` with every fault."""
        body = body_of(query)
        if person is not None:
            body["person"] = {PERSON: person}
        return self.reader.read(body).search

    def found(self, search: Search, place: Place, by: Caller, most: int) -> Turned:
        """The decisions of one page; who looks at some that they know of is recorded before."""
        found = turned_to(self.parts.log, search, place, most)
        if search.nhs_number or search.decision_ids:
            ids = [one.entry.id for one in found.found]
            note_search(self.parts.log, search, ids, found.older, by)
        return found

    def page(
        self, query: Query, results: Results | None, status: HTTPStatus = HTTPStatus.OK, **told: Any
    ) -> Response:
        """The page: filters as they were given, and what was found."""
        by = caller_of_request()
        whole = {"faults": {}, "person": None, **told}
        return self.parts.site.page(
            TEMPLATE,
            TITLE,
            status,
            query=query,
            results=results,
            filters=self.filters.choices(query),
            chosen=self.filters.chosen(query, PATH),
            may_export=may(by, "audit.export"),
            may_find_people=may(by, "audit.person"),
            **whole,
        )


@dataclass(frozen=True, slots=True)
class Results:
    """What was found, as the page shows it; addresses of older and newer ones where there are."""

    rows: Sequence[Any]
    count: str
    older: str | None = None
    newer: str | None = None
    looked_to: int | None = None
    link: str | None = None
    more: bool = False


def serve_decisions(blueprint: Blueprint, parts: Parts) -> None:
    """``/audit/decisions``: by filters, by a person, and taken away."""
    desk = Desk.of(parts)

    @blueprint.route("/audit/decisions")
    def decisions() -> Response:
        query = query_of(request.args)
        try:
            place = Place(place_in(request.args, OLDER), place_in(request.args, NEWER))
            return desk.page(query, _results(desk, query, place))
        except ReferralError as error:
            return _wrong(desk, query, error)

    @blueprint.route("/audit/decisions", methods=["POST"])
    def person() -> Response:
        number = request.form.get(PERSON, "").strip()
        try:
            return desk.page({}, _of_person(desk, number), person=number)
        except ReferralError:
            faults = {PERSON: "Enter an NHS number of ten digits; spaces do not matter"}
            status = HTTPStatus.UNPROCESSABLE_ENTITY
            return desk.page({}, None, status, faults=faults, person=number)

    @blueprint.route("/audit/decisions/export", methods=["POST"])
    def export() -> Response:
        sent = MultiDict(request.form)
        number = sent.pop(PERSON, None) or None
        sent.pop(FORM_FIELD, None)
        search = desk.search(query_of(sent), number)
        parts_of_file = Exporter(parts.log).decisions(search, Format.CSV, caller_of_request())
        first = next(parts_of_file, b"")  # where the log cannot be read, that is said now
        answer = Response(chain([first], parts_of_file), content_type="text/csv; charset=utf-8")
        answer.headers["Content-Disposition"] = 'attachment; filename="decisions.csv"'
        return answer


def _results(desk: Desk, query: Query, place: Place) -> Results:
    search = desk.search(query)
    turned = desk.found(search, place, caller_of_request(), AT_ONCE)
    older, newer = (
        None if number is None else address_of(PATH, query, **{name: number})
        for name, number in ((OLDER, turned.older), (NEWER, turned.newer))
    )
    return Results(
        rows=[row_of(one, desk.filters.titles) for one in turned.found],
        count=count_words(desk.parts.log, search),
        older=older,
        newer=newer,
        looked_to=turned.looked_to,
        link=request.host_url.rstrip("/") + address_of(PATH, query),
    )


def _of_person(desk: Desk, number: str) -> Results:
    """The decisions about a person, on one page and by no address."""
    search = desk.search({}, number)
    turned = desk.found(search, Place(), caller_of_request(), LARGEST_LIMIT)
    return Results(
        rows=[row_of(one, desk.filters.titles) for one in turned.found],
        count=count_words(desk.parts.log, search),
        more=turned.older is not None,
    )


def _wrong(desk: Desk, query: Query, error: ReferralError) -> Response:
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    return desk.page(query, None, status, faults=faults_by_field(error.faults))
