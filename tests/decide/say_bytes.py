"""Prints a digest of many decisions, byte for byte: run by a test in a process of its own."""

from __future__ import annotations

import hashlib
import json
from random import Random

from tests.random_things import Drawer
from triage.decide import Decider
from triage.rulebook import load_rulebook


def digest() -> str:
    """SHA-256 over the decisions on 300 referrals that are always the same."""
    decider = Decider(load_rulebook())
    drawer, random = Drawer(decider.rulebook), Random(2026)
    found = hashlib.sha256()
    for _ in range(300):
        told = decider.decide(drawer.referral(random)).as_dict()
        found.update(json.dumps(told, ensure_ascii=False, default=str).encode())
    decider.close()
    return found.hexdigest()


if __name__ == "__main__":
    print(digest())  # noqa: T201
