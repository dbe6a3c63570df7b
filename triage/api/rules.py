"""The rules and the words go out here, as data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from http import HTTPStatus
from typing import Any

from flask import Response, request
from werkzeug.exceptions import NotFound

from schemas.rulebook import RulebookSchema, VocabularySchema
from triage.api.calls import Calls
from triage.api.openapi import unchanging
from triage.api.rulebook_data import rulebook_data
from triage.api.vocabulary_data import vocabulary_data
from triage.replay import rulebook_in
from triage.rulebook import Rulebook
from triage.store.log import DecisionLog
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


DIGEST = re.compile(r"sha256:[0-9a-f]{64}")

KEPT_READY = 4
"""How many rulebooks of the past are kept as they are sent, each about 200 kB."""


def rules_blueprint(rulebook: Rulebook, log: DecisionLog) -> Calls:
    """``GET /v1/rulebook``, ``/v1/rulebook/{digest}`` and ``/v1/vocabulary``."""
    calls = Calls("rules", __name__, description="The rules and the words, as data.")
    loaded = rulebook.stamp.digest
    rules = Page(rulebook_data(rulebook), loaded)
    words = Page(vocabulary_data(rulebook.vocabulary), loaded)

    @lru_cache(KEPT_READY)
    def past(digest: str) -> Page:
        found = rulebook_in(log, digest) if DIGEST.fullmatch(digest) else None
        if found is None:
            raise NotFound
        return Page(rulebook_data(found), digest)

    @calls.call("GET", "/rulebook", unchanging(RulebookSchema, "The rulebook."))
    def the_rulebook() -> Response:
        """The rulebook that decides now."""
        return rules.answer()

    @calls.call(
        "GET",
        "/rulebook/<digest>",
        unchanging(
            RulebookSchema, "The rulebook.", HTTPStatus.NOT_FOUND, HTTPStatus.SERVICE_UNAVAILABLE
        ),
    )
    def rulebook_by_digest(digest: str) -> Response:
        """The rulebook that a decision names: every one that ever decided is kept."""
        return (rules if digest == loaded else past(digest)).answer()

    @calls.call("GET", "/vocabulary", unchanging(VocabularySchema, "The vocabulary."))
    def vocabulary() -> Response:
        """What may be asked, answered and concluded."""
        return words.answer()

    return calls
