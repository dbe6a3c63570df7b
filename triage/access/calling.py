"""Who makes the call that is being answered."""

from __future__ import annotations

from flask import request

from triage.access.roles import TABLE, Cell
from triage.domain.caller import Caller

CALLER = "triage.caller"
"""Where the environment of a request says who calls."""


def caller_of_request() -> Caller:
    """Who makes the call that is being answered. Nobody is known for what is open to all."""
    caller: Caller = request.environ[CALLER]
    return caller


def only_own() -> bool:
    """May who calls have only what the same client recorded?"""
    return TABLE[request.endpoint or ""].cell(caller_of_request().role) is Cell.OWN
