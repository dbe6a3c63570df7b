"""The log proved by its calls: each answer is checked by the verifier that auditors run."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.contracts.desks import Desk, recorded, refused
from triage import verify_log
from triage.domain.caller import Role

VERIFIER = Path(verify_log.__file__)

BEYOND = 2**53 - 1
"""The largest number that the calls take."""

NO_NUMBERS = ("", "x", "-1", "1.0", "1e3", "+1", " 1", "٣", "0x1", "1" * 17, "0" * 30 + "1")


def told(desk: Desk, path: str, role: Role = Role.OPERATOR) -> dict[str, Any]:
    """What a call answers."""
    answer = desk.get(path, role)
    assert answer.status_code == 200, answer.data
    found: dict[str, Any] = answer.get_json()
    return found


def verified(desk: Desk, folder: Path, proof: object, *heads: object) -> tuple[int, str]:
    """How the verifier ends on a proof, with heads that were kept; and what it says."""
    asks: list[str] = ["--key", told(desk, "/v1/log/key")["vkey"]]
    for number, one in enumerate((proof, *heads)):
        file = folder / f"{number}.json"
        file.write_text(json.dumps(one))
        asks += ["--head" if number else "--proof", str(file)]
    done = subprocess.run(
        [sys.executable, "-I", str(VERIFIER), *asks], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def test_the_head_grows_with_the_log_and_is_of_its_key(desk: Desk) -> None:
    before = told(desk, "/v1/log/head")
    sequence = recorded(desk.refer())["sequence"]
    head, key = told(desk, "/v1/log/head"), told(desk, "/v1/log/key")
    assert (before["size"], head["size"]) == (sequence - 1, sequence)
    assert head["log"] == key["log"] == key["vkey"].split("+")[0]
    assert head["key_id"] == key["vkey"].split("+")[1]
    assert head["root"] != before["root"]


def test_every_entry_is_proved(desk: Desk, tmp_path: Path) -> None:
    sequences = [recorded(desk.refer())["sequence"] for _ in range(5)]
    head = told(desk, "/v1/log/head")
    for sequence in (1, 2, *sequences):
        proof = told(desk, f"/v1/log/proof/{sequence}")
        status, said = verified(desk, tmp_path, proof, head)
        assert (status, said[:7]) == (0, "PROVED:"), said
        assert f"entry {sequence}" in said


def test_a_decision_is_proved_with_its_entry(desk: Desk, tmp_path: Path) -> None:
    decision = recorded(desk.refer())
    proof = told(desk, f"/v1/decisions/{decision['decision_id']}/proof", Role.AUDITOR)
    assert json.loads(proof["leaf"])["id"] == decision["decision_id"]
    status, said = verified(desk, tmp_path, proof)
    assert status == 0, said
    assert f"entry {decision['sequence']} is in the log" in said
    changed = {**proof, "leaf": proof["leaf"].replace("routine", "urgent_")}
    assert changed != proof
    assert verified(desk, tmp_path, changed)[0] == 1


def test_the_log_is_proved_to_have_only_grown(desk: Desk, tmp_path: Path) -> None:
    recorded(desk.refer())
    old = told(desk, "/v1/log/head")
    for _ in range(4):
        recorded(desk.refer())
    new = told(desk, "/v1/log/head")
    path = f"/v1/log/consistency?from={old['size']}&to={new['size']}"
    status, said = verified(desk, tmp_path, told(desk, path), old, new)
    assert status == 0, said
    assert "only grew" in said
    forged = {**told(desk, path), "path": ["00" * 32]}
    assert verified(desk, tmp_path, forged, old, new)[0] == 1


def test_a_log_begins_with_itself_and_with_nothing(desk: Desk) -> None:
    recorded(desk.refer())
    size = desk.size()
    for old, new in ((0, 0), (0, size), (size, size)):
        path = f"/v1/log/consistency?from={old}&to={new}"
        assert told(desk, path) == {"from": old, "to": new, "path": []}


def test_beyond_the_log_nothing_is_proved(desk: Desk) -> None:
    recorded(desk.refer())
    size = desk.size()
    for sequence in (0, size + 1, BEYOND, 2**64, int("9" * 3000)):
        refused(desk.get(f"/v1/log/proof/{sequence}"), 404)
    for old, new in ((0, size + 1), (size, size - 1), (BEYOND, BEYOND)):
        refused(desk.get(f"/v1/log/consistency?from={old}&to={new}"), 404)


@pytest.mark.parametrize("bad", NO_NUMBERS)
def test_what_is_no_number_of_entries_is_refused(desk: Desk, bad: str) -> None:
    for name, other in (("from", "to"), ("to", "from")):
        answer = desk.get("/v1/log/consistency", query={name: bad, other: "0"})
        assert [one["field"] for one in refused(answer, 422)["errors"]] == [name]


@pytest.mark.parametrize("bad", ["x", "-1", "1.0", "1e3", "%201", "1/2", ""])
def test_what_is_no_number_of_an_entry_is_not_found(desk: Desk, bad: str) -> None:
    refused(desk.get(f"/v1/log/proof/{bad}"), 404)


@pytest.mark.parametrize("what", ["", "/proof"])
def test_a_system_sees_what_it_recorded_and_nothing_else(desk: Desk, what: str) -> None:
    path = f"/v1/decisions/{recorded(desk.refer())['decision_id']}{what}"
    assert desk.get(path).status_code == 200
    size = desk.size()
    refused(desk.get(path, system="another-system"), 404)
    assert desk.size() == size
    assert desk.get(path, Role.CALL_HANDLER, system="another-system").status_code == 200


@pytest.mark.parametrize(("what", "named"), [("", "decision"), ("/proof", "proof")])
def test_every_look_at_a_decision_is_an_entry(desk: Desk, what: str, named: str) -> None:
    decision = recorded(desk.refer())["decision_id"]
    size = desk.size()
    assert desk.get(f"/v1/decisions/{decision}{what}", Role.CLINICIAN).status_code == 200
    assert desk.size() == size + 1
    entry = desk.log.entry(size + 1)
    assert entry is not None
    leaf = entry.content
    assert (leaf["kind"], leaf["about"], leaf["what"]) == ("view", decision, named)
    assert leaf["by"]["role"] == "clinician"
    assert leaf["by"]["subject"] == "clinician of a-gp-system"


@pytest.mark.parametrize("path", ["head", "key", "proof/1", "consistency?from=0&to=1"])
def test_a_look_at_the_log_alone_is_no_entry(desk: Desk, path: str) -> None:
    recorded(desk.refer())
    size = desk.size()
    told(desk, f"/v1/log/{path}")
    assert desk.size() == size
