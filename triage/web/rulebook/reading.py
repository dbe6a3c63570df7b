"""The rules as pages to read: whole, and each part of them by itself."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from triage.access.calling import CALLER
from triage.domain.caller import Caller
from triage.feedback.moments import moment_words
from triage.store.log import DecisionLog
from triage.web.call.questions import GROUPS
from triage.web.rulebook.books import Books
from triage.web.rulebook.cells import destinations_of
from triage.web.rulebook.questions import questions_of
from triage.web.rulebook.standing import standing_of
from triage.web.rulebook.versions import Versions
from triage.web.site import Site, may

SECTIONS = (
    ("The rules", "rulebook.overview"),
    ("Matrix", "rulebook.matrix"),
    ("Precedence", "rulebook.precedence"),
    ("Values", "rulebook.values"),
    ("Questions", "rulebook.questions"),
    ("Proofs", "rulebook.proofs"),
    ("Changes", "rulebook.changes"),
    ("Versions", "rulebook.versions"),
    ("Sign", "rulebook.sign"),
    ("Paper form", "rulebook.call_script"),
)
"""The pages of the rules, in the order in which each leads to all others."""


class RulePages:
    """Fills pages of the rules: each knows its rulebook, and leads to the others."""

    def __init__(self, site: Site, books: Books) -> None:
        self._site, self._books = site, books

    def page(self, name: str, title: str, digest: str | None = None, **told: Any) -> Response:
        """A page of the rulebook of a digest, or else of the one in force. Raises as ``Books``."""
        return self._site.page(
            f"rulebook/{name}.html.j2",
            title,
            **self._books.told(digest or self._books.in_force.stamp.digest),
            sections=_sections(),
            moment=moment_words,
            **told,
        )


def _sections() -> list[tuple[str, str]]:
    """The pages that are open to whoever asks, by their endpoints."""
    caller: Caller | None = request.environ.get(CALLER)
    signs = caller is not None and may(caller, "rulebook.sign")
    return [(words, name) for words, name in SECTIONS if name != "rulebook.sign" or signs]


class Reading:
    """Everything that is read of the rules."""

    def __init__(self, pages: RulePages, books: Books, log: DecisionLog) -> None:
        self._pages, self._books, self._log = pages, books, log

    def overview(self) -> Response:
        """``GET /rules``: every rule in words, with an anchor ``#rule-<id>`` for each."""
        book = self._books.in_force
        standing = standing_of(self._log, book.stamp.digest)
        return self._pages.page("overview", book.title, standing=standing)

    def version(self, digest: str) -> Response:
        """``GET /rules/by/{digest}``: a rulebook whole, as it was."""
        book = self._books.of(digest)
        standing = standing_of(self._log, digest)
        in_force = digest == self._books.in_force.stamp.digest
        title = f"{book.title}, version {book.stamp.version}"
        return self._pages.page("version", title, digest, standing=standing, in_force=in_force)

    def matrix(self) -> Response:
        """``GET /rules/matrix``."""
        cells = destinations_of(self._books.in_force)
        return self._pages.page("matrix", "The referral matrix", destinations=cells)

    def precedence(self) -> Response:
        """``GET /rules/precedence``."""
        return self._pages.page("precedence", "Routes, in order of precedence")

    def values(self) -> Response:
        """``GET /rules/values``."""
        return self._pages.page("values", "Named values")

    def questions(self) -> Response:
        """``GET /rules/questions``."""
        asked = questions_of(self._books.in_force)
        return self._pages.page("questions", "Questions", asked=asked, groups=GROUPS)

    def versions(self) -> Response:
        """``GET /rules/versions``. Raises ``LogUnavailableError``."""
        versions = Versions(self._log, self._books.in_force.stamp)
        return self._pages.page("versions", "Versions of the rules", versions=versions.all())
