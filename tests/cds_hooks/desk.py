"""A service in this process that gives cards, with a log of its own, and a GP system that calls."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from schemas.referral import ReferralReader
from tests.cds_hooks.calls import SERVICES
from tests.cds_hooks.cards import check
from triage.access.calling import CALLER
from triage.api import requests
from triage.api.cds_hooks import cds_hooks_blueprint
from triage.api.errors import Problems
from triage.api.lax_json import MOST_BYTES
from triage.api.openapi import create_api, document
from triage.cds_hooks.guidance import Guidance, Sources
from triage.cds_hooks.outcomes import Outcomes
from triage.config import Settings
from triage.danger import DangerFinder
from triage.decide import Decider
from triage.domain.caller import Caller, Role
from triage.fhir.reading import MessageReader
from triage.live_call import LiveCall
from triage.store.entries import Kind
from triage.store.log import DecisionLog, Recorded
from triage.store.opening import open_log

ADDRESS = "https://triage.example.org"

EHR = Caller(Role.GP_SYSTEM, "somebody", "https://ehr.example.org", "https://ehr.example.org")
OTHER = Caller(Role.GP_SYSTEM, "somebody", "https://other.example.org", "https://other.example.org")


class Listed:
    """The FHIR servers that may be called, and for whom. What was asked of it is kept."""

    def __init__(self) -> None:
        self.servers: dict[str | None, str] = {}

    def allowed(self, caller: Caller, written: Any) -> str | None:
        """The address of a server that is listed for a caller."""
        return written if self.servers.get(caller.client) == written else None


@dataclass
class Desk:
    """Calls a service as ``caller``."""

    app: Flask
    log: DecisionLog
    listed: Listed
    document: dict[str, Any]
    caller: Caller = EHR

    def post(self, path: str, body: Any) -> TestResponse:
        """Send a body: bytes as they are, all else as JSON."""
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        client = self.app.test_client()
        return client.post(
            path,
            data=sent,
            content_type="application/json",
            environ_base={CALLER: self.caller},
        )

    def get(self, path: str) -> TestResponse:
        """Read something."""
        return self.app.test_client().get(path, environ_base={CALLER: self.caller})

    def asks(self, call: dict[str, Any]) -> TestResponse:
        """Call the service of a call's own hook."""
        return self.post(f"/cds-services/{SERVICES[call['hook']]}", call)

    def cards(self, call: dict[str, Any]) -> list[dict[str, Any]]:
        """The cards for a call that is answered."""
        answer = self.asks(call)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        cards: list[dict[str, Any]] = answer.get_json()["cards"]
        check(cards)
        return cards

    def card(self, call: dict[str, Any]) -> dict[str, Any]:
        """The one card for a call."""
        (card,) = self.cards(call)
        return card

    def refused(self, call: Any, status: int) -> dict[str, Any]:
        """The problem that a call is answered with."""
        known = isinstance(call, dict) and call.get("hook") in SERVICES
        service = SERVICES[call["hook"]] if known else "triage-order-sign"
        return problem(self.post(f"/cds-services/{service}", call), status)

    def heard(self) -> list[Recorded]:
        """What was recorded of cards."""
        size = self.log.head().head.size
        entries = (self.log.entry(place) for place in range(1, size + 1))
        ids = [one.id for one in entries if one and one.content["kind"] == Kind.CARD_FEEDBACK]
        found = (self.log.recorded(id_) for id_ in ids)
        return [one for one in found if one]


def problem(answer: TestResponse, status: int) -> dict[str, Any]:
    """The problem in an answer."""
    assert answer.status_code == status, answer.get_data(as_text=True)
    assert answer.content_type == "application/problem+json"
    told: dict[str, Any] = answer.get_json(force=True)
    assert "call 999" in told["safety_net"]
    return told


@contextmanager
def desk_of(decider: Decider, settings: Settings) -> Iterator[Desk]:
    """A service by one rulebook, with the log of some settings."""
    log, listed = open_log(settings), Listed()
    rulebook = decider.rulebook
    reader = ReferralReader(rulebook.vocabulary)
    sources = Sources(reader, MessageReader(rulebook.vocabulary), listed.allowed)
    live_call = LiveCall(rulebook, decider.diagram)
    guidance = Guidance(decider, live_call, sources, ADDRESS)
    outcomes = Outcomes(rulebook.vocabulary, log)
    app = Flask("triage", static_folder=None)
    requests.register(app, settings)
    app.config["MAX_CONTENT_LENGTH"] = MOST_BYTES
    api = create_api(app, rulebook.safety_net)
    api.register_blueprint(cds_hooks_blueprint(guidance, outcomes, rulebook))
    decides = {"cds_hooks.service": guidance.body_of}
    Problems(rulebook.safety_net, DangerFinder(reader, decider), decides, lambda _: None).register(
        app
    )
    try:
        yield Desk(app, log, listed, document(api))
    finally:
        log.close()
