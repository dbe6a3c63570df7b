"""The log is proved here: its signed head, and the proofs that lead there."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Response, request

from schemas.log import ConsistencySchema, HeadSchema, KeySchema, ProofSchema
from triage.api.calls import Calls
from triage.api.described import parameter
from triage.api.openapi import answers_with
from triage.api.responses import json_response
from triage.errors import Fault, NotRecordedError, ReferralError
from triage.reading import proof_of
from triage.store.log import DecisionLog

LARGEST = 2**53 - 1
"""The largest number that JSON carries safely, and more entries than any log will have."""

DIGITS = len(str(LARGEST))
"""The most digits of a number that is read."""


def log_blueprint(log: DecisionLog) -> Calls:
    """``GET /v1/log/head``, ``/log/key``, ``/log/proof/{sequence}`` and ``/log/consistency``."""
    calls = Calls("log", __name__, description="Prove that the decision log is untouched.")

    @calls.call("GET", "/log/head", answers_with(HeadSchema, "The head.", *_UNAVAILABLE))
    def head() -> Response:
        """The newest signed head: keep it elsewhere, and no entry before it can change unseen."""
        return json_response(log.head().as_dict())

    @calls.call("GET", "/log/key", answers_with(KeySchema, "The key."))
    def key() -> Response:
        """The public key that heads are checked by, as it is published."""
        return json_response({"log": log.origin, "vkey": log.vkey})

    @calls.call("GET", "/log/proof/<int:sequence>", _PROOF)
    def proof(sequence: int) -> Response:
        """That an entry is in the log: the path from its hash to the root of the newest head."""
        return json_response(proof_of(log, sequence).as_dict())

    @calls.call("GET", "/log/consistency", _CONSISTENCY)
    def consistency() -> Response:
        """That the log of one size begins with the log as it was at a smaller size."""
        old, new = _size("from"), _size("to")
        path = log.consistency(old, new)
        if path is None:
            raise NotRecordedError(
                "the log has not so many entries, or from is larger than to; /v1/log/head says how"
                " long it is"
            )
        return json_response({"from": old, "to": new, "path": [one.hex() for one in path]})

    return calls


def _size(name: str) -> int:
    text = request.args.get(name, "")
    is_number = text.isascii() and text.isdigit() and len(text) <= DIGITS
    if is_number and int(text) <= LARGEST:
        return int(text)
    raise ReferralError([Fault(name, "must be a number of entries, from 0")])


_UNAVAILABLE = (HTTPStatus.SERVICE_UNAVAILABLE,)

_SIZE = {"type": "integer", "minimum": 0, "maximum": LARGEST}

_PROOF: dict[str, Any] = answers_with(
    ProofSchema, "The proof.", HTTPStatus.NOT_FOUND, *_UNAVAILABLE
)

_CONSISTENCY: dict[str, Any] = {
    **answers_with(
        ConsistencySchema,
        "The proof.",
        HTTPStatus.NOT_FOUND,
        HTTPStatus.UNPROCESSABLE_ENTITY,
        *_UNAVAILABLE,
    ),
    "parameters": [
        parameter("from", "The smaller size.", _SIZE),
        parameter("to", "The larger size.", _SIZE),
    ],
}
