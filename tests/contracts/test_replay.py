"""What is answered about decisions made on rulebooks of the past."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.access.tokens import ISSUER
from tests.builders import a_referral
from tests.contracts.desks import Desk, desk_of, recorded, refused
from tests.edited_rules import EditedRules
from tests.recorded import recorded as record
from triage.domain.caller import Role
from triage.rulebook import Rulebook, load_rulebook

NOWHERE = "5d2c9f3e-8a41-4f0e-9d0b-0c8f7a3b6e21"


def test_a_recorded_decision_is_decided_again(desk: Desk) -> None:
    decision = recorded(desk.refer())
    before = desk.size()
    answer = desk.get(f"/v1/decisions/{decision['decision_id']}/replay", Role.AUDITOR)
    assert answer.status_code == 200
    assert answer.get_json() == {
        "identical": True,
        "decision_id": decision["decision_id"],
        "sequence": decision["sequence"],
        "rulebook": decision["rulebook"],
        "differences": [],
    }
    entry = desk.log.entry(before + 1)
    assert entry is not None
    view = entry.content
    assert (view["kind"], view["what"], view["about"]) == (
        "view",
        "replay",
        decision["decision_id"],
    )
    assert (view["by"]["role"], view["by"]["issuer"]) == ("auditor", ISSUER)


@pytest.mark.parametrize("role", [Role.GP_SYSTEM, Role.CALL_HANDLER, Role.OPERATOR])
def test_replay_is_not_for_everybody(desk: Desk, role: Role) -> None:
    decision = recorded(desk.refer())
    refused(desk.get(f"/v1/decisions/{decision['decision_id']}/replay", role), 403)


@pytest.mark.parametrize("path", [NOWHERE, "tea", f"{NOWHERE}%00", "1"])
def test_what_is_not_recorded_is_not_found(desk: Desk, path: str) -> None:
    size = desk.size()
    refused(desk.get(f"/v1/decisions/{path}/replay", Role.CLINICIAN), 404)
    assert desk.size() == size


def of_the_past(desk: Desk, rules: EditedRules) -> Rulebook:
    """Another rulebook than the service has, on which something was decided."""
    rules.replace("safety.yaml", "There is an emergency now.", "There is one! 😀 \\u2028")
    rulebook = load_rulebook(rules.directory)
    record(desk.log, rulebook, [a_referral(emergency_now=True)])
    return rulebook


def test_every_rulebook_that_decided_is_served(desk: Desk, edited_rules: EditedRules) -> None:
    rulebook = of_the_past(desk, edited_rules)
    digest = rulebook.stamp.digest
    answer = desk.get(f"/v1/rulebook/{digest}")
    told = answer.get_json()
    assert (answer.status_code, told["digest"]) == (200, digest)
    safety = next(one for one in told["rulesets"] if one["id"] == "safety")
    assert safety["rules"] == rulebook.content["safety.yaml"]["rules"]
    assert answer.headers["ETag"] == f'"{digest}"'
    now = desk.get("/v1/rulebook").get_json()
    assert (now.keys(), now["digest"] != digest) == (told.keys(), True)


def test_a_decision_of_the_past_is_decided_again_on_its_own_rulebook(
    desk: Desk, edited_rules: EditedRules
) -> None:
    rulebook = of_the_past(desk, edited_rules)
    entry = desk.log.entry(desk.size())
    assert entry is not None
    told = desk.get(f"/v1/decisions/{entry.id}/replay", Role.CLINICIAN).get_json()
    assert (told["identical"], told["rulebook"]["digest"]) == (True, rulebook.stamp.digest)


@pytest.mark.parametrize(
    "digest", ["sha256:0", f"sha256:{'0' * 64}", "tea", "%00", "sha256%3A" + "a" * 5000]
)
def test_a_rulebook_that_never_decided_is_not_found(desk: Desk, digest: str) -> None:
    refused(desk.get(f"/v1/rulebook/{digest}"), 404)


def test_a_rulebook_that_was_changed_in_the_log_is_not_served(
    tmp_path: Path, edited_rules: EditedRules
) -> None:
    with desk_of("sqlite", tmp_path) as desk:
        rulebook = of_the_past(desk, edited_rules)
        with desk.log.database.write() as connection:
            connection.exec_driver_sql("DROP TRIGGER rulebooks_refuses_update")
            connection.exec_driver_sql("UPDATE rulebooks SET version = '2026.2', content = '{}'")
        entry = desk.log.entry(1)
        assert entry is not None
        refused(desk.get(f"/v1/rulebook/{rulebook.stamp.digest}"), 503)
        refused(desk.get(f"/v1/decisions/{entry.id}/replay", Role.AUDITOR), 503)
