"""What the OpenAPI document says of searches and exports, with examples."""

from __future__ import annotations

from collections.abc import Mapping

from marshmallow import Schema

from schemas.searched import searched_schema
from triage.api.described import RECORDED
from triage.api.openapi import OF_BODIES, Doc, problems
from triage.domain.search import Format
from triage.rulebook import Rulebook
from triage.searching import COLUMNS

MEDIA_TYPES: Mapping[Format, str] = {
    Format.NDJSON: "application/x-ndjson",
    Format.CSV: "text/csv; charset=utf-8; header=present",
}
"""How an export says what it is."""


def search_doc(schema: Schema, rulebook: Rulebook) -> Doc:
    """What the document says of ``POST /v1/decisions/search``."""
    filters = _filters(rulebook)
    person = {"person": {"nhs_number": "9990000026"}, "order": "oldest", "limit": 50}
    sent = {"week": {**filters, "count": True}, "person": person}
    asked = {name: {"value": value} for name, value in sent.items()}
    count = {"at_least": 1, "exact": True}
    page = {"decisions": [_listed(rulebook)], "next": None, "count": count}
    answered = {"schema": searched_schema(), "example": page}
    return {
        "requestBody": _body(schema, asked),
        "responses": {
            "200": {"description": "The page.", "content": {"application/json": answered}},
            **problems(OF_BODIES),
        },
    }


def export_doc(schema: Schema, rulebook: Rulebook) -> Doc:
    """What the document says of ``POST /v1/decisions/export``."""
    asked = {"week": {"value": {**_filters(rulebook), "format": Format.CSV.value}}}
    header = "attachment; filename, with the ending of the format"
    file = {
        "application/x-ndjson": {"schema": {"type": "string", "description": _NDJSON}},
        "text/csv": {"schema": {"type": "string", "description": _CSV}},
    }
    return {
        "requestBody": _body(schema, asked),
        "responses": {
            "200": {
                "description": "Every decision that fits. A file that was cut short ends without"
                " the end of its transfer, which clients report.",
                "headers": {"Content-Disposition": {"description": header, "schema": _TEXT}},
                "content": file,
            },
            **problems(OF_BODIES),
        },
    }


_TEXT = {"type": "string"}

_NDJSON = (
    "One entry a line: the very bytes that the log has hashed, so each line can be proved by"
    " /v1/log/proof/{sequence}."
)

_CSV = (
    f"RFC 4180 in UTF-8, one decision a row, with a header: {', '.join(COLUMNS)}. They mean what"
    " they do in a search. What is not known is empty; alerts are parted by spaces; a cell that"
    " a spreadsheet would take for a formula begins with an apostrophe."
)


def _body(schema: Schema, examples: Doc) -> Doc:
    content = {"application/json": {"schema": schema, "examples": examples}}
    return {"required": True, "content": content}


def _filters(rulebook: Rulebook) -> Doc:
    """Filters in words that the rulebook has."""
    route = next(iter(rulebook.vocabulary.routes))
    week = {"from": "2026-11-16T00:00:00Z", "to": "2026-11-23T00:00:00Z"}
    return {**week, "route": [route], "overridden": False}


def _listed(rulebook: Rulebook) -> Doc:
    """A decision as a list shows it."""
    route = next(iter(rulebook.vocabulary.routes))
    return {
        "decision_id": RECORDED["decision_id"],
        "sequence": RECORDED["sequence"],
        "at": RECORDED["decided_at"],
        "route": route,
        "urgency": rulebook.urgencies_of(route)[0].id,
        "status": "routed",
        "source": next(iter(rulebook.vocabulary.sources_of_referral)),
        "ods_code": "C86001",
        "rulebook": rulebook.stamp.digest,
        "age_band": "26-64",
        "place": rulebook.directory.default_place,
        "overridden": False,
        "booking_held": False,
        "alerts": [],
    }
