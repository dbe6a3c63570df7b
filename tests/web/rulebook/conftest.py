"""What tests of the rules as pages ask for: a service that decided by older rules before."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.builders import a_referral
from tests.edited_rules import EditedRules
from tests.web.decision.desk import Desk, desk_in
from triage.decide import Decider
from triage.domain.caller import Caller, Role
from triage.recording import Recorder
from triage.rulebook import Rulebook, load_rulebook

OLDER_DECISIONS = 3


@pytest.fixture(scope="package")
def older(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    """Rules of before: another age, another threshold, and a rule of another name."""
    folder = tmp_path_factory.mktemp("older")
    edited = EditedRules(folder)
    edited.replace("rulebook.yaml", 'version: "2026.1"', 'version: "2025.9"')
    edited.set_value("minimum_age", 16)
    edited.replace("levels.yaml", "{phq9_total: {at_least: 20}", "{phq9_total: {at_least: 22}")
    return load_rulebook(folder)


@pytest.fixture(scope="package")
def desk(tmp_path_factory: pytest.TempPathFactory, older: Rulebook) -> Iterator[Desk]:
    """A service whose log begins with decisions by the older rules."""
    with desk_in(tmp_path_factory.mktemp("rules")) as desk, closing(Decider(older)) as decider:
        recorder = Recorder(decider, desk.log)
        for _ in range(OLDER_DECISIONS):
            recorder.record(a_referral(), Caller(Role.CALL_HANDLER, "asha-begum"))
        desk.refer()
        yield desk


@pytest.fixture(scope="package")
def unsigned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A service that never decided, to sign the rules of."""
    with desk_in(tmp_path_factory.mktemp("unsigned")) as desk:
        yield desk
