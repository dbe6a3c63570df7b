"""Referrals from a file of JSON lines, made by hand so that no reader of ours is trusted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from triage.domain.referral import Patient, Referral, Referrer

SHARED = Path(__file__).parents[3] / "shared"


def referrals(path: Path) -> Iterator[Referral]:
    for each in lines(path):
        yield Referral(
            received_at=datetime.fromisoformat(each["received_at"]),
            answers=each["answers"],
            patient=Patient(birth_date=date.fromisoformat(each["patient"]["birth_date"])),
            referrer=Referrer(**each.get("referrer", {})),
            reference=each["reference"],
            source=each["source"],
        )


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
