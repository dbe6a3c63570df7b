"""The pages of signing in and out, and the page that says what went wrong."""

from __future__ import annotations

from http import HTTPStatus

from flask import Response, request

from triage.access.demo import Person
from triage.access.roles import OPEN_PAGES, TABLE, By
from triage.api.problem import Problem
from triage.domain.caller import IN_WORDS, Caller
from triage.web.site import Site, text_of

SAID = {
    400: "That could not be read",
    401: "Please sign in",
    403: "This is not open to you",
    404: "There is nothing here",
    409: "This does not fit what is recorded",
    413: "That is too long",
    422: "Something is not right yet",
    429: "Too fast",
    500: "Something went wrong here",
    503: "The service cannot do this now",
}
"""What a page that tells of an error is headed, by its status."""


def people_page(site: Site, people: tuple[Person, ...]) -> tuple[str, str]:
    """Everybody made up, to choose from."""
    told = [
        {"id": one.id, "name": one.name, "does": one.does, "role_title": IN_WORDS[one.role]}
        for one in people
    ]
    return text_of(site.page("people.html.j2", "Choose who you are", people=told))


def signed_in_page(site: Site, caller: Caller | None) -> tuple[str, str]:
    """Who is signed in, and where they may go; or that nobody is any more."""
    title = f"You are signed in as {IN_WORDS[caller.role]}" if caller else "You are signed out"
    return text_of(site.page("signed_in.html.j2", title, is_signed_in=caller is not None))


def problem_page(site: Site, problem: Problem) -> Response | None:
    """An error as a page, where a person asked for one; None where a system asked."""
    if not _is_page():
        return None
    status = problem.status
    return site.page(
        "problem.html.j2",
        SAID.get(status.value, status.phrase),
        status,
        problem=problem,
        is_unknown=request.endpoint is None,
        sign_in=status is HTTPStatus.UNAUTHORIZED,
    )


def _is_page() -> bool:
    """Was it a page that was asked for, by something that shows pages?"""
    row = TABLE.get(request.endpoint or "")
    of_pages = row is None or row.by is By.SESSION or row.endpoint.split(".")[0] in OPEN_PAGES
    return of_pages and _shows_pages()


def _shows_pages() -> bool:
    accepted = request.accept_mimetypes
    return "text/html" in {kind for kind, _ in accepted} or "HX-Request" in request.headers
