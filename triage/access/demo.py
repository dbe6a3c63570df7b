"""Signing in where everybody is made up: choose a person, and so a role. On this machine alone."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from triage.access import sessions
from triage.access.here import comes_from_here
from triage.access.refusals import BAD_FORM, NOT_SIGNED_IN, AccessError
from triage.access.sign_in import SignInPage
from triage.domain.caller import Caller, Role

ISSUER = "urn:referral-triage:demonstration"

CLIENT = "demonstration"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody made up: who they are, and what they do here."""

    id: str
    name: str
    role: Role
    does: str

    @property
    def caller(self) -> Caller:
        """The person as the log knows them."""
        return Caller(self.role, self.id, CLIENT, ISSUER)


PEOPLE = (
    Person("asha-begum", "Asha Begum", Role.CALL_HANDLER, "Takes calls at the point of access."),
    Person("tom-price", "Tom Price", Role.CALL_HANDLER, "Takes calls at the next desk."),
    Person("ruth-okoro", "Ruth Okoro", Role.CLINICIAN, "Looks at decisions, and signs the rules."),
    Person("ian-walker", "Ian Walker", Role.CLINICIAN, "The second person for a lower urgency."),
    Person("mei-lin", "Mei Lin", Role.AUDITOR, "Asks why, and whether the log was touched."),
    Person("jo-novak", "Jo Novak", Role.OPERATOR, "Sees to it that the service runs."),
)
"""Everybody there is, in the order shown."""

PeoplePage = Callable[[tuple[Person, ...]], tuple[str, str]]
"""Of everybody there is: a page to choose from, and what a browser may load for it."""


class DemoSignIn:
    """Signs in as somebody made up, without a password, and only from this machine."""

    def __init__(self, people_page: PeoplePage, page: SignInPage) -> None:
        self._people_page, self._page = people_page, page

    def blueprint(self) -> Blueprint:
        """The pages of signing in and out, by the names that those of an issuer have."""
        found = Blueprint("sign_in", __name__)
        found.add_url_rule("/sign-in", "begin", self.begin)
        found.add_url_rule("/sign-in", "choose", self.choose, methods=["POST"])
        found.add_url_rule("/signed-in", "page", self.page)
        found.add_url_rule("/sign-out", "out", self.out, methods=["POST"])
        found.add_url_rule("/signed-out", "gone", self.gone)
        return found

    def begin(self) -> Response:
        """Show everybody to choose from."""
        return _shown(*self._people_page(PEOPLE))

    def choose(self) -> AnyResponse:
        """Be somebody from now on. Raises ``AccessError`` for a form of another site's page."""
        if not comes_from_here(request.environ):
            raise AccessError(BAD_FORM, "a form of another site, or from beyond this machine")
        chosen = request.form.get("person")
        person = next((one for one in PEOPLE if one.id == chosen), None)
        if person is None:
            raise AccessError(NOT_SIGNED_IN, "nobody of that name")
        sessions.begin(person.caller, int(time.time()), person.name)
        return redirect(url_for("home.page"), HTTPStatus.SEE_OTHER)

    def page(self) -> Response:
        """Say who is signed in."""
        caller = sessions.signed_in(int(time.time()))
        return _shown(*self._page(caller))

    def out(self) -> AnyResponse:
        """Sign out."""
        sessions.end()
        return redirect(url_for("sign_in.gone"), HTTPStatus.SEE_OTHER)

    def gone(self) -> Response:
        """Say that nobody is signed in any more."""
        return _shown(*self._page(None))


def _shown(html: str, policy: str) -> Response:
    answer = Response(html, content_type="text/html; charset=utf-8")
    answer.headers["Content-Security-Policy"] = policy
    return answer
