"""What a referral costs as a message, beside the same referral as plain JSON.

CPU of the workers of a real service, for requests one at a time; rounds of both take turns, so that
whatever else the machine does falls on both alike. The message is about as long as the published
ones of BaRS. Run it with ``pytest -s tests/benchmarks/bench_fhir.py``.
"""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from tests.benchmarks.conftest import Say
from tests.builders import MILD_ANSWERS
from tests.databases import environment_of
from tests.running import Service, read, running
from triage.api.examples import REFERRAL
from triage.config import Settings
from triage.fhir.writing import RequestWriter
from triage.rulebook import Rulebook

LENGTH = 35_000
"""The bytes of a message: those of the published example of BaRS."""

ROUNDS, IN_A_ROUND, WARM_UP = 7, 150, 50

BODY = {**REFERRAL, "declined": [], "answers": {**MILD_ANSWERS, "phq9_total": 12, "gad7_total": 9}}


def test_a_message_beside_plain_json(log_settings: Settings, rulebook: Rulebook, say: Say) -> None:
    """Prints figures; asserts none of them."""
    with running("--workers", "1", environment=environment_of(log_settings)) as service:
        ways = {
            "plain JSON": ("/v1/referrals", lambda: json.dumps(BODY).encode(), 201),
            "message": ("/fhir/$process-message", _messages(rulebook), 200),
        }
        for path, body, status in ways.values():
            _cpu(service, path, body, status, WARM_UP)
        rounds = [[_cpu(service, *way, IN_A_ROUND) for way in ways.values()] for _ in range(ROUNDS)]
    kind = str(log_settings.database_url).partition(":")[0]
    say(f"{kind}, one worker, one request at a time, CPU of the worker")
    for name, each in zip(ways, zip(*rounds, strict=True), strict=True):
        say(f"  {name:12}{median(each) * 1000:6.2f} ms a referral")
    ratio = median(message / plain for plain, message in rounds)
    say(f"  a message of {LENGTH // 1000} KB for each plain one: {ratio:.2f} (aim: at most 2)")


def _messages(rulebook: Rulebook) -> Callable[[], bytes]:
    """Makes messages with ids of their own, each of the same length."""
    writer = RequestWriter(rulebook, "https://gp.example.nhs.uk/fhir")
    bundle = writer.message_of(BODY, datetime.now(UTC))
    companions = list(_companions(bundle))
    while len(json.dumps(bundle, indent=1)) < LENGTH:
        bundle["entry"].append(companions[len(bundle["entry"]) % len(companions)]())
    header = bundle["entry"][0]["resource"]
    request = next(
        one["resource"]
        for one in bundle["entry"]
        if "ServiceRequest" in str(one["resource"]["resourceType"])
    )

    def made() -> bytes:
        header["id"] = request["id"] = str(uuid.uuid4())
        bundle.pop("identifier", None)
        bundle.pop("id", None)
        request.pop("identifier", None)
        return json.dumps(bundle, indent=1).encode()

    return made


def _companions(bundle: dict[str, Any]) -> Iterator[Callable[[], dict[str, Any]]]:
    """What comes with a message that nobody asks for here, each with its narrative."""
    patient = next(
        one["fullUrl"] for one in bundle["entry"] if one["resource"]["resourceType"] == "Patient"
    )
    subject = {"reference": patient}
    told = "What somebody wrote of the call, in the words of those who took it. " * 10
    text = {
        "status": "generated",
        "div": f'<div xmlns="http://www.w3.org/1999/xhtml"><p>{told}</p></div>',
    }
    score = {"coding": [{"system": "http://snomed.info/sct", "code": "75367002"}]}
    for resource in (
        {
            "resourceType": "Encounter",
            "status": "triaged",
            "class": {"code": "EMER"},
            "subject": subject,
        },
        {"resourceType": "Location", "status": "active", "name": "A place", "mode": "instance"},
        {"resourceType": "CarePlan", "status": "active", "intent": "plan", "subject": subject},
        {
            "resourceType": "Observation",
            "status": "final",
            "code": score,
            "subject": subject,
            "valueQuantity": {"value": 120, "unit": "mmHg"},
        },
    ):
        yield partial(_entry, {**resource, "text": text})


def _entry(resource: dict[str, Any]) -> dict[str, Any]:
    return {"fullUrl": f"urn:uuid:{uuid.uuid4()}", "resource": resource}


def _cpu(service: Service, path: str, body: Callable[[], bytes], status: int, count: int) -> float:
    """CPU of the workers for each of so many requests, in seconds."""
    bodies = [body() for _ in range(count)]
    headers = {"Content-Type": "application/json"}
    with closing(service.connection()) as connection:
        begun = _used(service)
        for each in bodies:
            connection.request("POST", path, each, headers)
            answer = read(connection.getresponse())
            assert answer.status == status, answer.body
        return (_used(service) - begun) / count


def _used(service: Service) -> float:
    """CPU that the workers have used until now, in seconds."""
    ticks = os.sysconf("SC_CLK_TCK")
    fields = [
        Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        for pid in service.workers()
    ]
    return sum(int(one[11]) + int(one[12]) for one in fields) / ticks
