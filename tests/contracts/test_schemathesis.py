"""Requests that nobody thought of, made from the OpenAPI document, sent to the running service.

All of the tool's checks are on: no 5xx, nothing undocumented, what the document allows is taken
and what it forbids is refused. A few rules cannot be written in JSON Schema, so what breaks them
alone is mended before it is sent: days lie in the past, nothing is both answered and declined, and
searches have no cursor, nor a time that ends before it begins. What R4 is, no document can repeat:
of resources that are posted it is not asked that they be taken.
The service asks for a token, and each call is made by a role that it is open to; the tool sees for
itself that without one, or with a wrong one, nothing is answered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from tests.access.tokens import a_local_token, bearer
from tests.campaigns import share
from tests.cds_hooks.calls import SERVICES
from tests.cds_hooks.mending import mend_call, service_of
from tests.running import Service, running
from triage.app import create_app
from triage.config import Settings
from triage.server import LONGEST_ADDRESS

A_DAY, A_MOMENT = "2024-02-29", "2024-02-29T12:00:00Z"

with TemporaryDirectory() as folder:
    own = Settings(keys=Path(folder), database_url=f"sqlite:///{folder}/log.db")
    document = create_app(own).test_client().get("/openapi.json").get_json()

schema = schemathesis.openapi.from_dict(document)


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the keys of the service."""
    return tmp_path_factory.mktemp("keys")


@pytest.fixture(scope="module")
def guarded(keys: Path) -> Iterator[Service]:
    """The service where everybody needs a token."""
    data = {"TRIAGE_KEYS": str(keys), "TRIAGE_DATABASE_URL": f"sqlite:///{keys / 'log.db'}"}
    with running(environment={**data, "TRIAGE_AUTH": "required"}) as service:
        yield service


EXAMPLES = 200
"""How many requests are made of each call in full, beside those that the document itself names."""


@schema.parametrize()
@settings(max_examples=share(EXAMPLES), suppress_health_check=list(HealthCheck))
def test_the_service_keeps_to_its_document(
    case: schemathesis.Case[Any], guarded: Service, keys: Path
) -> None:
    if isinstance(case.body, dict):
        mend(case.body)
        mend_call(case.body)
    named = str((case.path_parameters or {}).get("service_id"))
    if named in SERVICES.values():
        case.path_parameters["service_id"] = service_of(case.body, named)
    for name in case.query or {}:
        if is_written_as(date, case.query[name]):
            case.query[name] = A_DAY
    if len(address_of(case, guarded)) > LONGEST_ADDRESS - 100:
        return  # the server itself refuses those, and hangs up before it has read them
    headers = headers_for(case, keys)
    answer = case.call(base_url=guarded.url, headers=headers)
    case.validate_response(answer, headers=headers, excluded_checks=unsaid(case))


def address_of(case: schemathesis.Case[Any], service: Service) -> str:
    """The address of a call, as it is sent."""
    sent = case.as_transport_kwargs(base_url=service.url)
    asked = requests.Request(sent["method"], sent["url"], params=sent.get("params"))
    return asked.prepare().path_url


def unsaid(case: schemathesis.Case[Any]) -> list[Any]:
    """The checks that say nothing of a call: what R4 is, no document of ours can repeat.

    And R4 lets a service pass over parameters that it does not know.
    """
    of_fhir = case.operation.path.startswith("/fhir/")
    return [positive_data_acceptance, negative_data_rejection] if of_fhir else []


def headers_for(case: schemathesis.Case[Any], keys: Path) -> dict[str, str]:
    """The token of a role that may make a call, where it needs one; a clinician if that is one."""
    roles = case.operation.definition.raw.get("x-roles", [])
    chosen = "clinician" if "clinician" in roles else next(iter(roles), None)
    return bearer(a_local_token(keys, chosen)) if chosen else {}


def mend(body: dict[str, Any]) -> None:
    """Put days in the past, take answers out of what was declined, and take out what must fit."""
    answers, patient = (part if isinstance(part, dict) else {} for part in map(body.get, _PARTS))
    for holder, name in ((patient, "birth_date"), *((answers, name) for name in _DAYS)):
        if is_written_as(date, holder.get(name)):
            holder[name] = A_DAY
    for name in _MOMENTS:
        if is_written_as(datetime, body.get(name)):
            body[name] = A_MOMENT
    if re.fullmatch("[A-Za-z0-9_-]{32}", str(body.get("cursor"))):
        del body["cursor"]
    if body.get("from") == body.get("to") == A_MOMENT:
        del body["to"]
    if isinstance(body.get("declined"), list):
        beside = {"source": body.get("source"), "patient.birth_date": patient.get("birth_date")}
        given = {*answers, *(name for name, value in beside.items() if value is not None)}
        body["declined"] = [one for one in body["declined"] if str(one) not in given]


_PARTS = ("answers", "patient")
_MOMENTS = ("received_at", "from", "to")
_DAYS = ("phq9_on", "gad7_on", "risk_asked_on", "monitoring_review_on")


def is_written_as(kind: type[date], value: object) -> bool:
    """Is a value a day, or a moment, as the standards write them?"""
    try:
        return isinstance(value, str) and bool(kind.fromisoformat(value))
    except ValueError:
        return False
