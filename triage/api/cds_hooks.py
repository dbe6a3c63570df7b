"""CDS Hooks 2.0: GP systems ask for cards here, and tell what became of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http import HTTPStatus

from flask import Response, request
from werkzeug.exceptions import NotFound

from schemas.cds_feedback import FeedbackReader
from schemas.cds_hooks import CallReader, HookCall
from triage.access import caller_of_request
from triage.api.calls import Calls
from triage.api.described_cds_hooks import discovery_doc, feedback_doc, service_doc
from triage.api.lax_json import MOST_BYTES
from triage.api.problem import DETAILS
from triage.api.referrals import json_body
from triage.api.responses import json_response
from triage.api.strict_json import BodyError, check_content_type, read_json
from triage.cds_hooks.gathering import DataNeededError
from triage.cds_hooks.guidance import Guidance
from triage.cds_hooks.outcomes import Outcomes
from triage.cds_hooks.services import SERVICES, HookService, services_of
from triage.errors import ReferralError
from triage.rulebook import Rulebook


def cds_hooks_blueprint(guidance: Guidance, outcomes: Outcomes, rulebook: Rulebook) -> Calls:
    """Every call under ``/cds-services``."""
    calls = Calls("cds_hooks", __name__, description="Advise GP systems by CDS Hooks 2.0.")
    readers = {one.hook: CallReader(one.hook) for one in SERVICES.values()}
    feedback_reader, services = FeedbackReader(), services_of(rulebook)

    @calls.call("GET", "/cds-services", discovery_doc())
    def discovery() -> Response:
        """The services that there are, and what each asks to be sent along."""
        return json_response(services)

    @calls.call("POST", _SERVICE, service_doc(readers, rulebook))
    def service(service_id: str) -> Response:
        """The cards for what somebody has open. Decides what would be, and records nothing."""
        asked = _call(readers[_service(service_id).hook])
        with _refused():
            cards = guidance.cards(asked, caller_of_request(), datetime.now(UTC))
        return json_response({"cards": cards})

    @calls.call("POST", f"{_SERVICE}/feedback", feedback_doc(feedback_reader.schema, rulebook))
    def feedback(service_id: str) -> Response:
        """Tell what became of cards. Each outcome is recorded once, however often it is sent."""
        of, body = _service(service_id), json_body(feedback_reader.names)
        with _refused():
            outcomes.record(of, feedback_reader.read(body), caller_of_request())
        return Response(status=HTTPStatus.OK)

    return calls


_SERVICE = "/cds-services/<service_id>"


def _service(service_id: str) -> HookService:
    try:
        return SERVICES[service_id]
    except KeyError:
        raise NotFound from None


def _call(reader: CallReader) -> HookCall:
    check_content_type(request.content_type, request.content_encoding)
    body = read_json(request.get_data(), reader.names, MOST_BYTES)
    with _refused():
        return reader.read(body)


@contextmanager
def _refused() -> Iterator[None]:
    """Faults as the standard's statuses: 400 for a call that is wrong, 412 without the data."""
    try:
        yield
    except ReferralError as error:
        status = HTTPStatus.BAD_REQUEST
        raise BodyError(status, DETAILS[status], error.faults) from None
    except DataNeededError as error:
        raise BodyError(HTTPStatus.PRECONDITION_FAILED, error.detail, error.faults) from None
