"""Every page for people, as the app serves them."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint

from triage.web.assets import assets_blueprint
from triage.web.audit import audit_blueprint
from triage.web.call import calls_blueprint
from triage.web.decision import decision_blueprint
from triage.web.home import home_blueprint
from triage.web.parts import Parts
from triage.web.rulebook import rulebook_blueprint


def pages_of(parts: Parts) -> Iterator[Blueprint]:
    """The pages, with the files they load."""
    yield assets_blueprint()
    yield home_blueprint(parts.site)
    yield calls_blueprint(parts)
    yield decision_blueprint(parts)
    yield audit_blueprint(parts)
    yield rulebook_blueprint(parts)
