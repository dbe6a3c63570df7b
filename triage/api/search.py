"""Recorded decisions are looked for here, and taken away. Nothing of a person stands in a URL."""

from __future__ import annotations

from functools import partial
from itertools import chain

from flask import Response

from schemas.search import SearchReader
from triage.access import caller_of_request
from triage.api.calls import Calls
from triage.api.described_search import MEDIA_TYPES, export_doc, search_doc
from triage.api.referrals import json_body
from triage.api.responses import json_response
from triage.rulebook import Rulebook
from triage.searching import Exporter, Searcher
from triage.store.log import DecisionLog
from triage.store.search import ever


def serve_search(calls: Calls, log: DecisionLog, rulebook: Rulebook) -> None:
    """Add to the calls of decisions those by which they are found."""
    rules = [rule.id for rule in rulebook.rules]
    reader = SearchReader(rulebook.vocabulary, rules, partial(ever, log))
    searcher, exporter = Searcher(log), Exporter(log)

    @calls.call("POST", "/decisions/search", search_doc(reader.schema, rulebook))
    def search() -> Response:
        """Find recorded decisions; every filter that is given must fit.

        Nothing in the answer names anybody. A search for a person is recorded before it is
        answered, with the decisions found and without the number.
        """
        asked = reader.read(json_body(reader.names))
        return json_response(searcher.page(asked, caller_of_request()))

    @calls.call("POST", "/decisions/export", export_doc(reader.export_schema, rulebook))
    def export() -> Response:
        """Take away every recorded decision that fits, the oldest first.

        Entries are pseudonymised, as the log holds them. That somebody takes them away is recorded
        before the first is sent. What is recorded while they are sent is left out.
        """
        found, format_ = reader.read_export(json_body(reader.names))
        parts = exporter.decisions(found, format_, caller_of_request())
        first = next(parts, b"")  # where the log cannot be read, that is said now
        answer = Response(chain([first], parts), content_type=MEDIA_TYPES[format_])
        name = f"decisions.{format_.value}"
        answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer
