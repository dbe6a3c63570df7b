"""Signing the rules: what is signed is shown, and what somebody says of it goes into the log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from triage.access import caller_of_request, sessions
from triage.errors import ConflictError, Fault
from triage.pages.changes import Changes, changes_between
from triage.rulebook import Rulebook
from triage.signing import Conclusion, Statement, sign, signed
from triage.store.log import DecisionLog
from triage.web.rulebook.books import Books
from triage.web.rulebook.comparing import Comparing
from triage.web.rulebook.reading import RulePages
from triage.web.rulebook.versions import Version, Versions

LONGEST_NOTE = 2000
"""How many characters a note may have."""


@dataclass(frozen=True, slots=True)
class SignForm:
    """The form as it was sent: everything is text, and may be missing."""

    digest: str = ""
    conclusion: str = ""
    note: str = ""
    confirmed: str = ""

    @classmethod
    def of(cls, sent: Mapping[str, str]) -> SignForm:
        """The form of what a browser sent."""
        return cls(**{name: sent.get(name, "").strip() for name in cls.__slots__})

    def faults(self, book: Rulebook) -> list[Fault]:
        """Everything that keeps it from being a signature of a rulebook, field by field."""
        return [Fault(field, problem) for field, problem, is_so in self._looked_at(book) if is_so]

    def _looked_at(self, book: Rulebook) -> tuple[tuple[str, str, bool], ...]:
        sent_back = self.conclusion == Conclusion.SENT_BACK
        return (
            ("digest", _OTHER_RULES, self.digest != book.stamp.digest),
            (
                "conclusion",
                "Say whether you approve the rules or send them back",
                self.conclusion not in list(Conclusion),
            ),
            ("note", "Say what must change", sent_back and not self.note),
            (
                "note",
                f"Shorten the note to {LONGEST_NOTE:,} characters",
                len(self.note) > LONGEST_NOTE,
            ),
            ("confirmed", "Confirm that you have read the rules", self.confirmed != "yes"),
        )


_OTHER_RULES = "The rules changed while you read them: read what is new, then sign"


class SignOff:
    """The page of signing, and what it sends."""

    def __init__(
        self, pages: RulePages, books: Books, comparing: Comparing, log: DecisionLog
    ) -> None:
        self._pages, self._books, self._comparing, self._log = pages, books, comparing, log
        self._versions = Versions(log, books.in_force.stamp)

    def sign(self) -> Response:
        """``GET /rules/sign``. Raises ``LogUnavailableError``."""
        return self._shown(SignForm(), [])

    def record(self) -> AnyResponse:
        """``POST /rules/sign``: the signature, once it is durable, or what is wrong with the form.

        Raises ``LogUnavailableError``: then nothing is signed.
        """
        form, book = SignForm.of(request.form), self._books.in_force
        faults = form.faults(book)
        if faults:
            return self._shown(form, faults)
        try:
            statement = Statement(Conclusion(form.conclusion), form.note or None, sessions.called())
            sign(self._log, book, statement, caller_of_request())
        except ConflictError as error:
            said = str(error)
            return self._shown(form, [Fault("conclusion", said[:1].upper() + said[1:])])
        return redirect(url_for("rulebook.overview"), HTTPStatus.SEE_OTHER)

    def _shown(self, form: SignForm, faults: list[Fault]) -> Response:
        digest, last = self._books.in_force.stamp.digest, self._versions.last_signed()
        answer = self._pages.page(
            "sign",
            "Sign the rules",
            sent=form,
            faults=faults,
            problems={one.field: one.problem for one in faults},
            longest=LONGEST_NOTE,
            working=self._comparing.proved(),
            signatures=signed(self._log, digest),
            last=last,
            changes=self._since(last),
        )
        answer.status = HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK
        return answer

    def _since(self, last: Version | None) -> Changes | None:
        """What changed since the rules that were last approved; None where these are they."""
        if last is None or last.in_force:
            return None
        return changes_between(self._books.of(last.stamp.digest), self._books.in_force)
