"""The rules and the words go out here, as data."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import Response, request
from werkzeug.exceptions import NotFound

from schemas.rulebook import RulebookSchema, VocabularySchema
from triage.api.calls import Calls
from triage.api.openapi import unchanging
from triage.api.rulebook_data import rulebook_data
from triage.api.vocabulary_data import vocabulary_data
from triage.rulebook import Rulebook
from triage.wire import as_bytes


class Page:
    """Data that stays the same while the process runs: encoded once, and named by an ETag."""

    def __init__(self, data: Mapping[str, Any], tag: str) -> None:
        self._bytes, self._tag = as_bytes(data), tag

    def answer(self) -> Response:
        """The data, or "not modified" to a caller who has it already."""
        answer = Response(self._bytes, content_type="application/json")
        answer.headers["Cache-Control"] = "no-cache"
        answer.set_etag(self._tag)
        answer.make_conditional(request)
        return answer


def rules_blueprint(rulebook: Rulebook) -> Calls:
    """``GET /v1/rulebook``, ``/v1/rulebook/{digest}`` and ``/v1/vocabulary``."""
    calls = Calls("rules", __name__, description="The rules and the words, as data.")
    loaded = rulebook.stamp.digest
    rules = Page(rulebook_data(rulebook), loaded)
    words = Page(vocabulary_data(rulebook.vocabulary), loaded)

    @calls.call("GET", "/rulebook", unchanging(RulebookSchema, "The rulebook."))
    def the_rulebook() -> Response:
        """The rulebook that decides now."""
        return rules.answer()

    @calls.call(
        "GET",
        "/rulebook/<digest>",
        unchanging(RulebookSchema, "The rulebook.", HTTPStatus.NOT_FOUND),
    )
    def rulebook_by_digest(digest: str) -> Response:
        """The rulebook that a decision names."""
        if digest != loaded:
            raise NotFound
        return rules.answer()

    @calls.call("GET", "/vocabulary", unchanging(VocabularySchema, "The vocabulary."))
    def vocabulary() -> Response:
        """What may be asked, answered and concluded."""
        return words.answer()

    return calls
