"""What every page shares: its frame, who is signed in, where they may go, and what may be loaded.

Templates are filled strictly: a name that is missing is an error. Components come from NHS.UK
frontend, whose own templates rely on missing names, and so are filled apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from types import SimpleNamespace
from typing import Any

from flask import Response, request, url_for
from jinja2 import ChainableUndefined, ChoiceLoader, Environment, PackageLoader, StrictUndefined

from triage.access import sessions
from triage.access.calling import CALLER
from triage.access.roles import TABLE, Cell
from triage.domain.caller import IN_WORDS, Caller
from triage.rulebook import Rulebook
from triage.web import assets

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""What a page may load: files from here, and no script or style that stands in the page itself."""

AREAS = (
    ("Calls", "/call", "calls.desk"),
    ("Decisions and audit", "/audit", "audit.desk"),
    ("Rules", "/rules", "rulebook.overview"),
)
"""Where the head of every page leads: the words, the address, and the page that must be open."""

COMPONENTS = {
    "backLink": "back-link",
    "button": "button",
    "card": "card",
    "checkboxes": "checkboxes",
    "dateInput": "date-input",
    "details": "details",
    "errorSummary": "error-summary",
    "fieldset": "fieldset",
    "footer": "footer",
    "header": "header",
    "input": "input",
    "insetText": "inset-text",
    "notificationBanner": "notification-banner",
    "pagination": "pagination",
    "panel": "panel",
    "radios": "radios",
    "select": "select",
    "skipLink": "skip-link",
    "summaryList": "summary-list",
    "table": "tables",
    "tag": "tag",
    "textarea": "textarea",
    "warningCallout": "warning-callout",
}
"""The macros of NHS.UK frontend that templates may use, as ``nhsuk.<name>``, and their folders."""


@dataclass(frozen=True, slots=True)
class Site:
    """Fills and answers pages. ``demo``: everybody here is made up, and every page says so."""

    rulebook: Rulebook
    demo: bool = False

    def page(
        self, template: str, title: str, status: HTTPStatus = HTTPStatus.OK, **told: Any
    ) -> Response:
        """A whole page. ``title`` stands in its heading and in the browser's tab."""
        html = environment().get_template(template).render(**self._frame(), title=title, **told)
        return answered(html, status)

    def part(self, template: str, **told: Any) -> Response:
        """A part of a page, to be put in the place of another by htmx."""
        return answered(environment().get_template(template).render(**self._frame(), **told))

    def _frame(self) -> dict[str, Any]:
        caller: Caller | None = request.environ.get(CALLER)
        return {
            "areas": areas_of(caller),
            "caller": caller,
            "demo": self.demo,
            "form": sessions.form_token(),
            "here": request.path,
            "idle_seconds": sessions.IDLE_SECONDS,
            "role": IN_WORDS[caller.role] if caller else None,
            "rulebook": self.rulebook,
            "safety_net": self.rulebook.safety_net,
            "signed_in_as": sessions.called(),
        }


def areas_of(caller: Caller | None) -> list[tuple[str, str]]:
    """Where somebody may go from every page: words and addresses."""
    return [(words, path) for words, path, endpoint in AREAS if _is_open(endpoint, caller)]


def _is_open(endpoint: str, caller: Caller | None) -> bool:
    row = TABLE[endpoint]
    if row.is_open("GET"):
        return True
    return caller is not None and row.cell(caller.role) is not Cell.NO


def may(caller: Caller, endpoint: str) -> bool:
    """May somebody make a call? For what a page offers; the gate decides."""
    return TABLE[endpoint].cell(caller.role) is not Cell.NO


def wants_part() -> bool:
    """Does htmx ask, who puts a part of a page in the place of another?"""
    return request.headers.get("HX-Request") == "true"


def answered(html: str, status: HTTPStatus = HTTPStatus.OK) -> Response:
    """A page as an answer, with what a browser may load for it."""
    answer = Response(html, status, content_type="text/html; charset=utf-8")
    answer.headers["Content-Security-Policy"] = POLICY
    answer.headers["Vary"] = "HX-Request"
    return answer


def text_of(page: Response) -> tuple[str, str]:
    """The text of a page and its policy, for those who make the answer themselves."""
    return page.get_data(as_text=True), page.headers["Content-Security-Policy"]


@cache
def environment() -> Environment:
    """The templates of the pages, and those of the rules in words, which are printed as well."""
    found = Environment(
        loader=ChoiceLoader([PackageLoader("triage.web"), PackageLoader("triage.pages")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.do"],
    )
    found.globals |= {"nhsuk": _components(), "asset": assets.address, "vendor": assets}
    found.globals["url_for"] = url_for
    return found


def _components() -> SimpleNamespace:
    theirs = Environment(
        loader=PackageLoader("nhsuk_frontend_jinja"), autoescape=True, undefined=ChainableUndefined
    )
    return SimpleNamespace(
        **{
            name: getattr(
                theirs.get_template(f"nhsuk/components/{folder}/macro.jinja").module, name
            )
            for name, folder in COMPONENTS.items()
        }
    )
