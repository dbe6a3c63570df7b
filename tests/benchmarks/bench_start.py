"""How long a person waits: one referral decided by a fresh process, and a service made ready."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from pytest_benchmark.fixture import BenchmarkFixture

from tests.cli.command import A_REFERRAL, started

ROOT = Path(__file__).parents[2]


def test_deciding_one_referral_from_a_cold_process(
    benchmark: BenchmarkFixture, tmp_path: Path
) -> None:
    file = tmp_path / "one.json"
    file.write_text(A_REFERRAL)
    asked = (("decide", str(file)), os.environ, b"")
    status, _, _ = benchmark.pedantic(started, asked, rounds=5, warmup_rounds=1)
    assert status == 0


def test_a_service_made_ready_and_ended(benchmark: BenchmarkFixture) -> None:
    benchmark.pedantic(_serve_until_ready, rounds=5, warmup_rounds=1)


def _serve_until_ready() -> None:
    """Start a service on a free port, wait until it says that it is ready, and end it."""
    command = [sys.executable, "-m", "triage", "serve", "--bind", "127.0.0.1:0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as service:
        assert service.stdout
        assert "is ready" in service.stdout.readline()
        service.terminate()
