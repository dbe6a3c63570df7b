"""The `triage` command as a person or a script starts it: a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).parents[2]

A_REFERRAL = '{"reference": "one", "answers": {"phq9_total": 12, "thoughts_of_harm": "none"}}'
IN_DANGER = '{"reference": "two", "answers": {"plan": "active"}}'
FAULTY = '{"answers": {"phq9_total": 28, "plan": "active"}}'


def triage(
    *arguments: str,
    text: str | bytes = b"",
    environment: Mapping[str, str] | None = None,
    **more: Any,
) -> subprocess.CompletedProcess[str]:
    """Run `triage` and give what it said. Settings of whoever runs the tests do not count."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("TRIAGE_")}
    found = subprocess.run(
        [sys.executable, "-m", "triage", *arguments],
        input=text.encode() if isinstance(text, str) else text,
        capture_output=True,
        check=False,
        timeout=120,
        env={**clean, "PYTHONPATH": str(REPOSITORY), **(environment or {})},
        **more,
    )
    said, told = found.stdout.decode(), found.stderr.decode()
    return subprocess.CompletedProcess(found.args, found.returncode, said, told)
