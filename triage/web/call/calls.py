"""Every page of a call, under ``/call``."""

from __future__ import annotations

from flask import Blueprint

from triage.errors import ChangedError
from triage.web.call.asking import Asking, serve_asking
from triage.web.call.changed import Changed
from triage.web.call.desk import serve_desk
from triage.web.call.ending import serve_ending
from triage.web.call.forms import serve_forms
from triage.web.call.handing import serve_handing
from triage.web.call.handling import Handling
from triage.web.parts import Parts


def calls_blueprint(parts: Parts) -> Blueprint:
    """The desk, the questions and forms, who has a call, and how it ends."""
    blueprint, handling = Blueprint("calls", __name__), Handling.of(parts)
    asking = Asking(handling)
    serve_desk(blueprint, handling)
    serve_asking(blueprint, asking)
    serve_forms(blueprint, handling)
    serve_handing(blueprint, handling)
    serve_ending(blueprint, handling, asking)
    blueprint.register_error_handler(ChangedError, Changed(handling).answer)
    return blueprint
