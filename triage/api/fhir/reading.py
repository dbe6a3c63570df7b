"""What is recorded, and what the rules ask, is read here as FHIR: one by one, or by a search."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Response, request
from werkzeug.exceptions import NotFound

from triage.api.calls import Calls
from triage.api.decisions import seen
from triage.api.fhir.answering import check_accept, fhir_response
from triage.api.fhir.described import ONE, definitions_doc, fhir_doc, form_doc, searched_doc
from triage.api.fhir.rules_in_words import saying
from triage.api.fhir.searching import ReferralSearch, Searched
from triage.domain.referred import Referred
from triage.fhir.capability import capability_statement
from triage.fhir.message_definition import message_definitions as defined_messages
from triage.fhir.plan_definition import plan_definition_of
from triage.fhir.questionnaires import questionnaires_of
from triage.fhir.writing import DecisionWriter, searchset
from triage.overrides.referred import referred_in
from triage.rulebook import Rulebook
from triage.store.log import DecisionLog

Resource = dict[str, Any]

LENGTH_OF_UUID = 36
"""The id of a task begins with that of its decision."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading needs. ``public_url`` is the address of the service, no slash behind it."""

    log: DecisionLog
    rulebook: Rulebook
    public_url: str

    @property
    def base(self) -> str:
        """Where FHIR is spoken."""
        return f"{self.public_url}/fhir"


def serve_fhir_reading(calls: Calls, reading: Reading) -> None:
    """Serve every ``GET`` under ``/fhir``, and the searches by a form."""
    _serve_definitions(calls, reading)
    _serve_recorded(calls, reading)
    _serve_searches(calls, reading)


class Defined:
    """Resources of one type that the service defines, by their ids, made once."""

    def __init__(self, base: str, found: Mapping[str, Resource]) -> None:
        self._base, self._found = base, found

    def one(self, id_: str) -> Response:
        """The one of an id. Raises ``NotFound``."""
        check_accept()
        if id_ not in self._found:
            raise NotFound
        return fhir_response(self._found[id_])

    def fitting(self) -> Response:
        """Those that have an id and an address, where these are asked for.

        What else is asked is passed over, as R4 lets it be; the link ``self`` says what was not.
        """
        check_accept()
        asked = {name: request.args[name] for name in ("_id", "url") if name in request.args}
        fitting = [one for one in self._found.values() if _is_asked_for(one, asked)]
        type_ = next(iter(self._found.values()))["resourceType"]
        address = f"{self._base}/{type_}"
        link = f"{address}?{urlencode(asked)}" if asked else address
        return fhir_response(searchset(fitting, len(fitting), {"self": link}))


def _is_asked_for(resource: Resource, asked: Mapping[str, str]) -> bool:
    ids = asked.get("_id", resource["id"]).split(",")
    return resource["id"] in ids and asked.get("url", resource["url"]) == resource["url"]


def _serve_definitions(calls: Calls, reading: Reading) -> None:
    """What is the same for everybody: what is spoken, what is asked, and by which rules."""
    rulebook, base = reading.rulebook, reading.base
    statement = capability_statement(rulebook, reading.public_url)
    asked = Defined(base, questionnaires_of(rulebook))
    plan = plan_definition_of(rulebook, saying(rulebook.vocabulary))
    plans, messages = Defined(base, {plan["id"]: plan}), Defined(base, defined_messages())

    @calls.call("GET", "/metadata", fhir_doc("CapabilityStatement", "What is spoken."))
    def metadata() -> Response:
        """What can be read, searched and sent here, and in which versions."""
        check_accept()
        return fhir_response(statement)

    @calls.call("GET", "/Questionnaire", definitions_doc("Questionnaire"))
    def questionnaires() -> Response:
        """The questionnaires by which a referral can be asked for."""
        return asked.fitting()

    @calls.call("GET", "/Questionnaire/<id_>", fhir_doc("Questionnaire", "It.", *ONE))
    def questionnaire(id_: str) -> Response:
        """A questionnaire: referral-screening, phq9 or gad7."""
        return asked.one(id_)

    @calls.call("GET", "/PlanDefinition", definitions_doc("PlanDefinition"))
    def plan_definitions() -> Response:
        """The rules as plans: there is one, the rulebook that decides now."""
        return plans.fitting()

    @calls.call("GET", "/PlanDefinition/<id_>", fhir_doc("PlanDefinition", "It.", *ONE))
    def plan_definition(id_: str) -> Response:
        """A rulebook: each rule with its basis, when it fires, and what it concludes."""
        return plans.one(id_)

    @calls.call("GET", "/MessageDefinition", definitions_doc("MessageDefinition"))
    def message_definitions() -> Response:
        """The messages that are taken and sent."""
        return messages.fitting()

    @calls.call("GET", "/MessageDefinition/<id_>", fhir_doc("MessageDefinition", "It.", *ONE))
    def message_definition(id_: str) -> Response:
        """A message: what it must hold, and how it is answered."""
        return messages.one(id_)


def _serve_recorded(calls: Calls, reading: Reading) -> None:
    """What is recorded of one referral. That somebody reads it is recorded first."""
    log, writer = reading.log, DecisionWriter(reading.rulebook, reading.public_url)

    def read(id_: UUID, type_: str) -> Referred:
        check_accept()
        return referred_in(log, seen(log, id_, type_).entry.id)

    @calls.call("GET", "/ServiceRequest/<uuid:id_>", fhir_doc("ServiceRequest", "It.", *ONE))
    def service_request(id_: UUID) -> Response:
        """The request that a referral is, as it stands: team, priority, and whether taken back."""
        return fhir_response(writer.service_request(read(id_, "ServiceRequest")))

    @calls.call("GET", "/GuidanceResponse/<uuid:id_>", fhir_doc("GuidanceResponse", "It.", *ONE))
    def guidance_response(id_: UUID) -> Response:
        """What was decided, why, and what was still to be asked; and what stands in its place."""
        return fhir_response(writer.guidance_response(read(id_, "GuidanceResponse")))

    @calls.call("GET", "/Task/<id_>", fhir_doc("Task", "It.", *ONE))
    def task(id_: str) -> Response:
        """What a team has to do, and by when."""
        tasks = writer.tasks(read(_decision_of(id_), "Task"))
        found = next((one for one in tasks if one["id"] == id_), None)
        if found is None:
            raise NotFound
        return fhir_response(found)


def _decision_of(task_id: str) -> UUID:
    try:
        return UUID(task_id[:LENGTH_OF_UUID])
    except ValueError:
        raise NotFound from None


def _serve_searches(calls: Calls, reading: Reading) -> None:
    """Pages of what is recorded of many."""
    writer = DecisionWriter(reading.rulebook, reading.public_url)
    needs = Searched(reading.log, reading.rulebook, reading.base)
    requests = ReferralSearch("ServiceRequest", needs, writer.service_request)
    guidance = ReferralSearch("GuidanceResponse", needs, writer.guidance_response)

    @calls.call("GET", "/ServiceRequest", searched_doc("ServiceRequest"))
    def service_requests() -> Response:
        """Find requests by when they came in, how soon they are wanted, or their ids."""
        return requests.by_address()

    @calls.call("POST", "/ServiceRequest/_search", form_doc("ServiceRequest"))
    def service_requests_search() -> Response:
        """Find requests, also those for a person. That somebody looked is recorded."""
        return requests.by_form()

    @calls.call("GET", "/GuidanceResponse", searched_doc("GuidanceResponse"))
    def guidance_responses() -> Response:
        """Find decisions by when they were recorded, or their ids."""
        return guidance.by_address()

    @calls.call("POST", "/GuidanceResponse/_search", form_doc("GuidanceResponse"))
    def guidance_responses_search() -> Response:
        """Find decisions, also those on a person. That somebody looked is recorded."""
        return guidance.by_form()
