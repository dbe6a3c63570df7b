"""Referrals come in here, and decisions go out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Response, request

from schemas.referral import ReferralReader
from triage.api.calls import Calls
from triage.api.responses import json_response
from triage.api.strict_json import check_content_type, read_json
from triage.decide import Decider


def triage_blueprint(reader: ReferralReader, decider: Decider, doc: dict[str, Any]) -> Calls:
    """``POST /v1/triage``. ``doc`` is what the OpenAPI document says of it."""
    calls = Calls("triage", __name__, description="Decide where a referral goes.")

    @calls.call("POST", "/triage", doc)
    def decide() -> Response:
        """Decide, and record nothing.

        Send what is known so far; a live call sends what it has.
        """
        check_content_type(request.content_type, request.content_encoding)
        referral = reader.read(read_json(request.get_data()), datetime.now(UTC))
        return json_response(decider.decide(referral).as_dict())

    return calls
