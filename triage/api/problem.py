"""An error as the outside sees it: RFC 9457 problem details, with what triage adds to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from triage.danger import Danger
from triage.errors import Fault

MEDIA_TYPE = "application/problem+json"

DETAILS: Mapping[HTTPStatus, str] = {
    HTTPStatus.BAD_REQUEST: "The request could not be read.",
    HTTPStatus.UNAUTHORIZED: "A token is needed, and one that is made for this service.",
    HTTPStatus.FORBIDDEN: "Your role may not make this call.",
    HTTPStatus.NOT_FOUND: "There is nothing at this address; /docs lists what there is.",
    HTTPStatus.METHOD_NOT_ALLOWED: "This address takes other methods; the header Allow names them.",
    HTTPStatus.CONFLICT: "What is asked does not fit what is recorded already.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The body is too long; leave out what is not needed.",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "Send JSON with the header Content-Type: application/json.",
    HTTPStatus.UNPROCESSABLE_ENTITY: "What was sent has faults; each is named in errors.",
    HTTPStatus.TOO_MANY_REQUESTS: (
        "Too many calls at once. Wait as many seconds as the header Retry-After says."
    ),
    HTTPStatus.INTERNAL_SERVER_ERROR: (
        "Something went wrong here. Have a clinician look at the referral; quote the request id."
    ),
    HTTPStatus.SERVICE_UNAVAILABLE: (
        "No decision can be made. Have a clinician look at the referral now; then try again."
    ),
}
"""What each error says, where nothing more exact is known."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One error. ``safety_net`` is what to do in danger, and stands on every error there is.

    ``request_id`` is that of the request it answers, if it answers one.
    """

    status: HTTPStatus
    detail: str
    safety_net: str
    faults: Sequence[Fault] = ()
    danger: Danger | None = None
    request_id: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """The problem in the names and the order that callers rely on."""
        told: dict[str, Any] = {
            "type": "about:blank",
            "title": self.status.phrase,
            "status": self.status.value,
            "detail": self.detail,
        }
        if self.request_id:
            told["request_id"] = self.request_id
        told["safety_net"] = self.safety_net
        if self.danger:
            told["safety"] = self.danger.as_dict()
        if self.faults:
            told["errors"] = [{"field": one.field, "problem": one.problem} for one in self.faults]
        return told
