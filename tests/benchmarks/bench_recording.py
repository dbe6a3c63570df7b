"""What it costs to record a decision, beside merely deciding, by the same client in the same run.

Rounds of both take turns, so that whatever else the machine does falls on both alike. Durability is
as in production: SQLite waits for the disk at every commit, and so does PostgreSQL as it stands.
Run it with ``pytest -s tests/benchmarks/bench_recording.py``.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from statistics import median
from typing import Any

import pytest

from tests.benchmarks.conftest import Say
from tests.benchmarks.lean_client import Found, Load, sent
from tests.databases import environment_of
from tests.running import running
from triage.api.examples import REFERRAL
from triage.config import Settings

MANY, ONE = 32, 1
"""How many requests are under way at once."""

ROUNDS, ROUND_SECONDS, WARM_UP_SECONDS = 7, 2, 3

ANSWERS: Sequence[dict[str, Any]] = (
    {},
    {"phq9_total": 22, "wsas_total": 30},
    {"thoughts_of_harm": "regular", "protective_factors": "none_or_minimal"},
    {"plan": "active", "intent": "strong"},
    {"daily_functioning": "marked", "substance_use": "dependent"},
    {"recent_trigger": "job_loss", "trigger_days_ago": 12, "active_monitoring": "not_done"},
)
"""What people answer who are referred in turn, beside what ``REFERRAL`` says."""

BODIES = [
    json.dumps({**REFERRAL, "answers": {**REFERRAL["answers"], **answers}}).encode()
    for answers in ANSWERS
]


@pytest.mark.parametrize("connections", [MANY, ONE], ids=["many at once", "one at a time"])
def test_recording_beside_deciding(log_settings: Settings, connections: int, say: Say) -> None:
    """Prints figures; asserts none of them."""
    with running("--workers", "2", environment=environment_of(log_settings)) as service:
        deciding = Load(service.url, "/v1/triage", BODIES, 200, connections)
        recording = replace(deciding, path="/v1/referrals", expected=201)
        for load in (deciding, recording):
            sent(load, WARM_UP_SECONDS)
        pairs = [
            (sent(deciding, ROUND_SECONDS), sent(recording, ROUND_SECONDS)) for _ in range(ROUNDS)
        ]
    kind = str(log_settings.database_url).partition(":")[0]
    say(f"{kind}, {connections} under way, two workers")
    for name, rounds in zip(("decided", "recorded"), zip(*pairs, strict=True), strict=True):
        say(f"  {name:9}{_together(rounds)}")
    ratio = median(recorded.a_second / decided.a_second for decided, recorded in pairs)
    say(f"  recorded for each decided: {ratio:.2f}{' (aim: 0.6)' if connections == MANY else ''}")


def _together(rounds: tuple[Found, ...]) -> str:
    whole = Found([one for each in rounds for one in each.taken], 1)
    a_second = median(one.a_second for one in rounds)
    return f"{a_second:6.0f} a second   p50 {whole.p50:6.1f} ms   p99 {whole.p99:6.1f} ms"
