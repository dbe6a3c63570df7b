"""What tests of schemas ask for: a reader of the shipped words, and the faults of a body."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from schemas.referral import ReferralReader
from triage.errors import ReferralError
from triage.rulebook import Rulebook

NOW = datetime(2026, 11, 21, 10, 15, tzinfo=UTC)

Faults = Callable[[Any], dict[str, str]]


@pytest.fixture(scope="session")
def reader(rulebook: Rulebook) -> ReferralReader:
    """A reader of bodies, in the words of the shipped rulebook."""
    return ReferralReader(rulebook.vocabulary)


@pytest.fixture
def faults(reader: ReferralReader) -> Faults:
    """Reads a body that must be refused; gives what is said of each field."""

    def read(body: Any) -> dict[str, str]:
        with pytest.raises(ReferralError) as refused:
            reader.read(body, NOW)
        return {fault.field: fault.problem for fault in refused.value.faults}

    return read
