"""`triage rules check` and `triage rules show`, as a person or a script starts them."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from tests.cli.command import triage
from tests.edited_rules import EditedRules
from triage.cli import main


def test_the_shipped_rulebook_is_clean() -> None:
    done = CliRunner().invoke(main, ["rules", "check", "-q"])
    assert done.exit_code == 0, done.output
    assert "clean" in done.output
    assert "wait for a signature" in done.output


def test_quiet_leaves_out_what_waits_for_a_signature() -> None:
    assert "minimum_age" not in CliRunner().invoke(main, ["rules", "check", "-q"]).output


def test_machines_get_json(edited_rules: EditedRules) -> None:
    young, old = "{age: 17}, fires: ", "{age: 18}, fires: "
    line = edited_rules.replace("eligibility.yaml", f"{young}true", f"{young}false")
    edited_rules.replace("eligibility.yaml", f"{old}false", f"{old}true")
    done = triage("rules", "check", str(edited_rules.directory), "--json")
    report = json.loads(done.stdout)
    assert done.returncode == 1
    assert report["clean"] is False
    told = [fault for fault in report["faults"] if fault["check"] == "examples"]
    assert [fault["rule"] for fault in told] == ["young-people", "young-people"]
    assert told[0]["line"] == line
    assert report["counts"]["matrix cells"] == 21


def test_rule_files_that_cannot_be_read_are_told_fault_by_fault(edited_rules: EditedRules) -> None:
    edited_rules.replace("safety.yaml", "id: emergency\n", "id: emergency\n    colour: red\n")
    mediums = "id: many-mediums\n"
    edited_rules.replace("pathways.yaml", mediums, f"{mediums}    colour: red\n")
    done = triage("rules", "check", "--rules", str(edited_rules.directory))
    assert done.returncode == 1
    assert "safety.yaml:" in done.stdout
    assert "pathways.yaml:" in done.stdout
    assert "2 faults" in done.stdout


def test_no_such_directory_is_no_check() -> None:
    assert triage("rules", "check", "nowhere").returncode == 2


def test_the_page_goes_to_a_pipe_or_to_the_file_named(tmp_path: Path) -> None:
    file = tmp_path / "rules.html"
    piped = triage("rules", "show")
    written = triage("rules", "show", "-o", str(file))
    assert piped.stdout == file.read_text(encoding="utf-8")
    assert str(file) in written.stderr


def test_the_paper_form_is_another_page() -> None:
    assert "Paper form" in triage("rules", "show", "--paper").stdout


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    done = triage("rules", "show", "-o", str(tmp_path / "nowhere" / "rules.html"))
    assert done.returncode == 2
    assert "rules.html" in done.stderr
