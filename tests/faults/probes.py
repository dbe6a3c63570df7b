"""What a service answers while something that it needs is not there."""

from __future__ import annotations

import json
from collections.abc import Callable
from time import monotonic, sleep
from typing import Any

from tests.faults.clients import Clients
from tests.running import LONGEST_WAIT, Answer, Service
from triage.api.examples import REFERRAL

DANGEROUS: dict[str, Any] = {**REFERRAL, "answers": {**REFERRAL["answers"], "plan": "active"}}
"""A referral that the rules conclude danger from."""

LOOK_SECONDS = 0.1


def asked(service: Service, method: str, path: str, body: Any = None) -> tuple[Answer, float]:
    """What is answered, and how many seconds that took."""
    sent = None if body is None else json.dumps(body).encode()
    began = monotonic()
    answer = service.ask(method, path, sent, Content_Type="application/json")
    return answer, monotonic() - began


def refused(service: Service, seconds: float) -> None:
    """The service says within so many seconds that it cannot record, and tells of danger."""
    answer, took = asked(service, "POST", "/v1/referrals", DANGEROUS)
    assert answer.status == 503, answer
    assert took < seconds, f"it took {took:.1f} seconds"
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json["safety"]["route"] == "crisis"
    assert "call 999" in answer.json["safety_net"]
    assert "decision_id" not in answer.json
    decided = service.triage(DANGEROUS)
    assert (decided.status, decided.json["route"]["id"]) == (200, "crisis")


def nothing_is_acknowledged(callers: Clients, more: int = 5) -> None:
    """So many more are refused, and none acknowledged meanwhile."""
    before, told = len(callers.refused), len(callers.acknowledged)
    say_when(lambda: len(callers.refused) >= before + more, "refused")
    assert len(callers.acknowledged) == told


def nothing_is_recorded(service: Service, callers: Clients, more: int = 5) -> None:
    """So many more are refused, and the log, which can be read, does not grow meanwhile.

    What was recorded before, and was not heard of, may still be acknowledged.
    """
    before, size = len(callers.refused), size_of(service)
    say_when(lambda: len(callers.refused) >= before + more, "refused")
    assert size_of(service) == size


def size_of(service: Service) -> int:
    """How many entries the log has, as the service says."""
    answer, _ = asked(service, "GET", "/v1/log/head")
    assert answer.status == 200, answer
    return int(answer.json["size"])


def is_ready(service: Service) -> bool:
    """Does the service say that it is ready?"""
    answer, _ = asked(service, "GET", "/readyz")
    assert answer.status in (200, 503), answer
    assert answer.status == 200 or int(answer.headers["Retry-After"]) > 0
    return answer.status == 200


def say_when(holds: Callable[[], bool], what: str, seconds: float = LONGEST_WAIT) -> None:
    """Wait until something holds; fail where it does not within so many seconds."""
    latest = monotonic() + seconds
    while not holds():
        assert monotonic() < latest, f"not {what} after {seconds} seconds"
        sleep(LOOK_SECONDS)
