"""Calls a service in this process as a GP system does."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.fhir.messages import Resource, of_type

PROCESS = "/fhir/$process-message"


@dataclass(frozen=True)
class Desk:
    """A GP system at work."""

    client: FlaskClient

    def sends(self, bundle: Any, **headers: str) -> TestResponse:
        """Send a message. Headers are named with underscores."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        body = bundle if isinstance(bundle, bytes) else json.dumps(bundle).encode()
        return self.client.post(
            PROCESS, data=body, content_type="application/fhir+json", headers=named
        )

    def answered(self, bundle: Any, **headers: str) -> Resource:
        """The response message to a message that is accepted."""
        answer = self.sends(bundle, **headers)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        found: Resource = answer.get_json(force=True)
        return found

    def guidance(self, bundle: Any) -> Resource:
        """The decision on a message."""
        (found,) = of_type(self.answered(bundle), "GuidanceResponse")
        return found

    def refused(self, bundle: Any, status: int, **headers: str) -> Resource:
        """The outcome of a message that is refused."""
        answer = self.sends(bundle, **headers)
        assert answer.status_code == status, answer.get_data(as_text=True)
        assert answer.mimetype == "application/fhir+json"
        found: Resource = answer.get_json(force=True)
        assert found["resourceType"] == "OperationOutcome"
        return found

    def decision(self, id_: str) -> Resource:
        """A recorded decision as plain JSON."""
        found: Resource = self.client.get(f"/v1/decisions/{id_}").get_json()
        return found
