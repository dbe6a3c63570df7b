"""The first page: where somebody may go, by what they do."""

from __future__ import annotations

from flask import Blueprint, Response

from triage.web.site import Site

ABOUT = {
    "/call": "Take a call or enter a referral, and see the calls that are in progress.",
    "/audit": "Find decisions, see figures, and check that the log was not touched.",
    "/rules": "Read the rules in words, what is proved of them, and who signed them.",
}
"""What each area is for, by its address."""


def home_blueprint(site: Site) -> Blueprint:
    """``GET /``."""
    blueprint = Blueprint("home", __name__)

    @blueprint.route("/", strict_slashes=False)  # else a redirect would repeat the query
    def page() -> Response:
        return site.page("home.html.j2", "Referral triage", about=ABOUT)

    return blueprint
