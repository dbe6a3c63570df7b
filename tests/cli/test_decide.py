"""`triage decide`: referrals in, one decision a line out."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.command import A_REFERRAL, FAULTY, IN_DANGER, REPOSITORY, triage
from tests.edited_rules import EditedRules


def test_a_file_of_lines_gives_a_decision_a_line_in_order(tmp_path: Path) -> None:
    file = tmp_path / "referrals.ndjson"
    file.write_text(f"{A_REFERRAL}\n{IN_DANGER}\n")
    done = triage("decide", str(file))
    first, second = map(json.loads, done.stdout.splitlines())
    assert done.returncode == 0
    assert (first["reference"], second["reference"]) == ("one", "two")
    assert second["route"]["id"] == "crisis"


def test_a_decision_is_whole(tmp_path: Path) -> None:
    file = tmp_path / "referral.json"
    file.write_text(json.dumps(json.loads(A_REFERRAL), indent=2))
    decision = json.loads(triage("decide", str(file)).stdout)
    assert set(decision["levels"]) >= {"severity", "risk"}
    assert decision["reasoning"]
    assert decision["rulebook"]["digest"].startswith("sha256:")


def test_a_list_on_standard_input_is_decided_member_by_member() -> None:
    done = triage("decide", "-", text=f"[{A_REFERRAL}, {IN_DANGER}]")
    assert [json.loads(line)["reference"] for line in done.stdout.splitlines()] == ["one", "two"]


def test_a_bad_line_says_its_line_and_the_others_go_on() -> None:
    done = triage("decide", "-", text=f"{A_REFERRAL}\nnonsense\n{IN_DANGER}\n")
    first, bad, last = map(json.loads, done.stdout.splitlines())
    assert done.returncode == 1
    assert first["reference"] == "one"
    assert last["reference"] == "two"
    assert bad["line"] == 2
    assert bad["error"]["status"] == 400
    assert "999" in bad["error"]["safety_net"]


def test_a_fault_never_hides_danger() -> None:
    error = json.loads(triage("decide", "-", text=FAULTY).stdout)["error"]
    assert error["status"] == 422
    assert [fault["field"] for fault in error["errors"]] == ["answers.phq9_total"]
    assert error["safety"]["route"] == "crisis"
    assert error["safety"]["urgency"] == "very_urgent"


def test_the_file_is_named_beside_the_line_where_there_are_several(tmp_path: Path) -> None:
    files = [tmp_path / "a.ndjson", tmp_path / "b.ndjson"]
    for file in files:
        file.write_text("nonsense\n")
    done = triage("decide", *map(str, files))
    assert [json.loads(line)["file"] for line in done.stdout.splitlines()] == [*map(str, files)]


def test_what_is_not_utf_8_is_a_bad_line_and_no_more() -> None:
    done = triage("decide", "-", text=b'{"reference": "\xff"}\n' + IN_DANGER.encode())
    bad, good = map(json.loads, done.stdout.splitlines())
    assert bad["error"]["status"] == 400
    assert good["route"]["id"] == "crisis"


@pytest.mark.parametrize("text", ["", "\n\n", "[]"])
def test_a_file_without_a_referral_says_so(text: str) -> None:
    done = triage("decide", "-", text=text)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "No referral was found.\n"


def test_people_read_the_time_of_the_united_kingdom() -> None:
    summer = '{"received_at": "2026-07-01T12:00:00Z", "answers": {"plan": "active"}}'
    told = triage("decide", "--pretty", "-", text=summer).stdout
    assert "respond by Wednesday 1 July 2026, 17:00" in told


@pytest.mark.parametrize("name", ["nowhere.ndjson", "."])
def test_a_file_that_cannot_be_read_decides_nothing(name: str, tmp_path: Path) -> None:
    good = tmp_path / "good.ndjson"
    good.write_text(A_REFERRAL)
    done = triage("decide", str(good), str(tmp_path / name))
    assert done.returncode == 2
    assert done.stdout == ""
    assert name.rstrip(".") in done.stderr


def test_the_core_reads_no_clock_so_a_stated_day_gives_the_same_bytes_for_ever() -> None:
    stated = '{"received_at": "2026-03-01T12:00:00Z", "answers": {"phq9_total": 12}}'
    once, again = (triage("decide", "-", text=stated).stdout for _ in range(2))
    assert once == again


def test_another_rulebook_decides_by_its_own_values(edited_rules: EditedRules) -> None:
    edited_rules.set_value("minimum_age", 16)
    young = '{"patient": {"age": 17}, "answers": {"plan": "none"}}'
    by_option = triage("decide", "-", "--rules", str(edited_rules.directory), text=young)
    settings = {"TRIAGE_RULES": str(edited_rules.directory)}
    by_setting = triage("decide", "-", text=young, environment=settings)
    shipped = triage("decide", "-", text=young)
    assert "young_people" in shipped.stdout
    assert "young_people" not in by_option.stdout
    assert json.loads(by_option.stdout)["rulebook"] == json.loads(by_setting.stdout)["rulebook"]


def test_a_rulebook_with_a_fault_says_where_and_decides_nothing(edited_rules: EditedRules) -> None:
    line = edited_rules.replace("safety.yaml", "ruleset: safety", "ruleset: safety\ncolour: red")
    done = triage("decide", "-", "--rules", str(edited_rules.directory), text=A_REFERRAL)
    assert done.returncode == 2
    assert done.stdout == ""
    assert f"safety.yaml:{line + 1}" in done.stderr


def test_people_are_told_the_route_the_reasons_and_what_is_missing() -> None:
    told = triage("decide", "--pretty", "-", text=IN_DANGER).stdout
    assert told.startswith("two: Crisis team")
    assert "There is an active plan." in told
    assert "Not asked yet:" in told
    assert "\x1b[" not in told


def test_people_are_told_danger_before_the_faults() -> None:
    told = triage("decide", "--pretty", "-", text=FAULTY).stdout
    assert told.index("DANGER: Crisis team") < told.index("answers.phq9_total")
    assert "call 999" in told


def test_a_reader_that_goes_away_ends_it_quietly(tmp_path: Path) -> None:
    file = tmp_path / "many.ndjson"
    file.write_text(f"{A_REFERRAL}\n" * 500)
    piped = f"'{sys.executable}' -m triage decide '{file}' | head -1"
    done = subprocess.run(
        ["/bin/bash", "-c", piped], cwd=REPOSITORY, capture_output=True, check=False, timeout=120
    )
    assert done.stdout.count(b"\n") == 1
    assert done.stderr == b""


SLOW = ("flask", "gunicorn", "rich", "jinja2", "jsonschema")


def test_deciding_imports_nothing_that_only_other_verbs_need(tmp_path: Path) -> None:
    file = tmp_path / "one.json"
    file.write_text(A_REFERRAL)
    script = (
        "import sys\n"
        "from triage.cli import main\n"
        f"main(['decide', {str(file)!r}], standalone_mode=False)\n"
    )
    ending = f"import atexit, sys\natexit.register(lambda: print({SLOW} and "
    ending += f"[name for name in {SLOW} if name in sys.modules], file=sys.stderr))\n"
    done = subprocess.run(
        [sys.executable, "-c", ending + script],
        cwd=REPOSITORY,
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert done.stderr.decode().strip() == "[]"
