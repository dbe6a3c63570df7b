"""A service of which only FHIR is read and searched, and those who call it, each by a token."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from schemas.referral import ReferralReader
from tests.access.no_pages import NO_PAGES
from tests.access.tokens import ISSUER, AnIssuer
from tests.builders import a_referral
from tests.databases import log_settings
from triage.access import guard
from triage.api import requests
from triage.api.calls import Calls
from triage.api.errors import Problems
from triage.api.fhir.reading import Reading, serve_fhir_reading
from triage.api.openapi import create_api
from triage.danger import DangerFinder
from triage.decide import Decider
from triage.domain.caller import Caller, Role
from triage.domain.overriding import Asked
from triage.domain.referral import Patient, Referral
from triage.domain.referred import Cancelled
from triage.overrides import Overrides
from triage.recording import Recorder
from triage.store.entries import Kind, NewEntry
from triage.store.log import DecisionLog
from triage.store.opening import open_log
from triage.store.search import last_entry

PUBLIC_URL = "https://triage.example.org"

BASE = f"{PUBLIC_URL}/fhir"

SYSTEM = "a-gp-system"
"""The software that calls, and that recorded every referral, unless a test names another."""

NHS = "https://fhir.nhs.uk/Id/nhs-number"

Resource = dict[str, Any]


def by(system: str = SYSTEM) -> Caller:
    """A practice that calls by some software."""
    return Caller(Role.GP_SYSTEM, "a-practice", system, ISSUER)


@dataclass(frozen=True)
class Desk:
    """Records referrals, and reads them again over HTTP. Safe for many threads."""

    app: Flask
    log: DecisionLog
    decider: Decider
    issuer: AnIssuer

    def refer(self, referral: Referral | None = None, system: str = SYSTEM) -> str:
        """The id of the decision on a referral, once it is recorded."""
        recorder = Recorder(self.decider, self.log)
        return recorder.record(referral or a_referral(), by(system)).decision_id

    def refer_person(self, number: str, system: str = SYSTEM) -> str:
        """The same for the referral of a person."""
        return self.refer(replace(a_referral(), patient=Patient(nhs_number=number)), system)

    def override(self, decision_id: str, route: str, urgency: str) -> None:
        """Have a clinician decide otherwise."""
        clinician = Caller(Role.CLINICIAN, "a-clinician", "pages", ISSUER)
        asked = Asked(route, urgency, "in_care", "So it is.")
        Overrides(self.decider.rulebook, self.log).override(
            decision_id, asked, clinician, datetime.now(UTC)
        )

    def cancel(self, decision_id: str, status: Cancelled) -> None:
        """Take a referral back."""
        self.log.append(
            NewEntry(Kind.CANCELLATION, by(), {"status": status.value}, about=decision_id)
        )

    def get(
        self, path: str, role: Role | None = Role.GP_SYSTEM, system: str = SYSTEM, **headers: str
    ) -> TestResponse:
        """Read something under ``/fhir``; as nobody where there is no role."""
        return self.app.test_client().get(
            _inside(path), headers=self._headers(role, system, headers)
        )

    def post(
        self,
        path: str,
        form: Any,
        role: Role = Role.GP_SYSTEM,
        system: str = SYSTEM,
        content_type: str = "application/x-www-form-urlencoded",
    ) -> TestResponse:
        """Search by a form."""
        return self.app.test_client().post(
            _inside(path),
            data=form,
            content_type=content_type,
            headers=self._headers(role, system, {}),
        )

    def read(self, path: str, role: Role | None = Role.GP_SYSTEM) -> Resource:
        """The resource at an address."""
        return resource_in(self.get(path, role))

    def every_page(self, page: Resource, **how: Any) -> Iterator[Resource]:
        """A page of a search and all that follow it by their links."""
        while True:
            yield page
            onward = link(page, "next")
            if onward is None:
                return
            page = resource_in(self.get(onward, **how))

    def last(self) -> Mapping[str, Any]:
        """The last entry of the log."""
        entry = self.log.entry(last_entry(self.log))
        assert entry is not None
        return entry.content

    def _headers(self, role: Role | None, system: str, named: Mapping[str, str]) -> dict[str, str]:
        sent = {name.replace("_", "-"): value for name, value in named.items()}
        if role is None:
            return sent
        return {**self.issuer.bearer(role, client_id=system, sub=f"{role} of {system}"), **sent}


def _inside(path: str) -> str:
    """The path of an address as links have it, or the path itself."""
    return path.removeprefix(PUBLIC_URL)


def resource_in(answer: TestResponse) -> Resource:
    """The resource in an answer."""
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert answer.mimetype == "application/fhir+json"
    found: Resource = answer.get_json(force=True)
    return found


def refused(answer: TestResponse, status: int) -> str:
    """Everything that the outcome in an answer says; it is an outcome."""
    assert answer.status_code == status, answer.get_data(as_text=True)
    assert answer.mimetype == "application/fhir+json"
    assert answer.get_json(force=True)["resourceType"] == "OperationOutcome"
    return answer.get_data(as_text=True)


def resources(page: Resource) -> list[Resource]:
    """The resources on a page."""
    return [entry["resource"] for entry in page.get("entry", ())]


def ids(page: Resource) -> list[str]:
    """Their ids."""
    return [one["id"] for one in resources(page)]


def link(page: Resource, relation: str) -> str | None:
    """A link of a page, if it has it."""
    found = [one["url"] for one in page["link"] if one["relation"] == relation]
    return str(found[0]) if found else None


@contextmanager
def desk_of(kind: str, folder: Path, decider: Decider) -> Iterator[Desk]:
    """A service on one of the databases."""
    issuer, rulebook = AnIssuer(folder), decider.rulebook
    with log_settings(kind, folder) as settings:
        guarded = replace(settings, issuer=ISSUER, jwks=str(issuer.jwks))
        log = open_log(guarded)
        app = Flask("triage", static_folder=None)
        requests.register(app, guarded)
        api, calls = create_api(app, rulebook.safety_net), Calls("fhir", __name__)
        serve_fhir_reading(calls, Reading(log, rulebook, PUBLIC_URL))
        api.register_blueprint(calls, url_prefix="/fhir")
        danger = DangerFinder(ReferralReader(rulebook.vocabulary), decider)
        Problems(rulebook.safety_net, danger, {}, lambda _: None).register(app)
        guard(app, guarded, NO_PAGES)
        try:
            yield Desk(app, log, decider, issuer)
        finally:
            log.close()
