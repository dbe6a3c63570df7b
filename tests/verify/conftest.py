"""What tests of packs ask for: the pack of the shipped rules, made once."""

from __future__ import annotations

import pytest

from tests.verify.packs import Shown
from triage.rulebook import Rulebook
from triage.verify.packs import Pack, pack_of


@pytest.fixture(scope="session")
def pack(rulebook: Rulebook) -> Pack:
    """The pack of the shipped rules."""
    return pack_of(rulebook)


@pytest.fixture(scope="session")
def shown(pack: Pack, rulebook: Rulebook) -> Shown:
    """Its tests by what they show."""
    return Shown(pack, rulebook)
