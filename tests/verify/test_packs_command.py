"""`triage rules tests`, as a person or a script starts it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from click.testing import CliRunner

from tests.cli.command import REPOSITORY, triage
from tests.cli.test_terminal import on_a_terminal
from tests.edited_rules import EditedRules
from triage.cli import main, rules_tests
from triage.rulebook import Rulebook, load_rulebook
from triage.verify.mutants import Mutant, mutants
from triage.verify.packs import Pack, written


def mutants_of(rule: str) -> list[Mutant]:
    """The mutants of one shipped rule."""
    return [one for one in mutants(load_rulebook()) if one.rule == rule]


@pytest.fixture
def file(pack: Pack, tmp_path: Path) -> str:
    """The pack of the shipped rules in a file."""
    path = tmp_path / "pack.ndjson"
    path.write_bytes(b"".join(written(pack)))
    return str(path)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[CompletedProcess[str], str]:
    """A pack made on the command line, in a process that puts sets in an order of its own."""
    path = tmp_path_factory.mktemp("made") / "pack.ndjson"
    done = triage("rules", "tests", "-o", str(path), environment={"PYTHONHASHSEED": "1"})
    return done, path.read_text(encoding="utf-8")


def test_a_pack_is_one_heading_and_one_test_a_line(
    made: tuple[CompletedProcess[str], str], rulebook: Rulebook
) -> None:
    done, text = made
    heading, *tests = (json.loads(line) for line in text.splitlines())
    assert (done.returncode, done.stdout) == (0, "")
    assert heading["rulebook"]["digest"] == rulebook.stamp.digest
    assert heading["counts"]["tests"] == len(tests)
    assert all(
        list(test) == ["id", "rule", "title", "shows", "referral", "expected"] for test in tests
    )
    assert all(test["referral"]["received_at"] == "2026-01-02T12:00:00Z" for test in tests)


def test_the_same_rules_give_the_same_bytes(
    made: tuple[CompletedProcess[str], str], pack: Pack
) -> None:
    assert made[1].encode() == b"".join(written(pack))


def test_what_no_test_can_show_goes_to_standard_error(
    made: tuple[CompletedProcess[str], str], pack: Pack
) -> None:
    told = made[0].stderr
    assert told.startswith(f"{len(pack.tests)} tests of doncaster 2026.1 (sha256:")
    assert "No decision tells whether these comparisons hold:\n" in told
    assert "  active-monitoring: gad7_total below 15: because of severity_level is high\n" in told
    assert "No decision hangs on these conclusions:\n" in told


def test_a_pack_that_holds_says_so(file: str, pack: Pack) -> None:
    done = triage("rules", "tests", "--run", file)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"All {len(pack.tests)} tests hold: made from doncaster 2026.1 (")


def test_a_changed_threshold_is_told_with_what_differs(
    file: str, edited_rules: EditedRules
) -> None:
    edited_rules.set_value("trigger_window_days", 57)
    done = triage("rules", "tests", "--run", file, str(edited_rules.directory))
    first, second, *_, last = done.stdout.splitlines()
    assert done.returncode == 1
    assert first == (
        "active-monitoring/trigger_days_ago at_most 56/one above: After a recent event, milder"
        " trouble is monitored first: Days since the trigger 57, one above the threshold"
    )
    assert second == "    route is active_monitoring, not iapt_step_2"
    assert last.startswith("1 of ")
    assert "tests no longer hold: made from doncaster 2026.1 (" in last


def test_another_rulebook_is_named_by_a_directory_or_an_option(
    file: str, edited_rules: EditedRules
) -> None:
    edited_rules.set_value("trigger_window_days", 57)
    named = str(edited_rules.directory)
    by_option = triage("rules", "tests", "--run", file, "--rules", named)
    assert by_option.stdout == triage("rules", "tests", "--run", file, named).stdout


def test_what_is_no_pack_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "pack.ndjson"
    path.write_text('{"reference": "one"}\n')
    done = triage("rules", "tests", "--run", str(path))
    assert done.returncode == 2
    assert f"{path}: line 1 is not the heading of a pack" in done.stderr


@pytest.mark.parametrize("ways", [("--score", "-o", "x"), ("--score", "--run", str(__file__))])
def test_one_thing_is_done_at_a_time(ways: tuple[str, ...]) -> None:
    done = CliRunner().invoke(main, ["rules", "tests", *ways])
    assert done.exit_code == 2
    assert "say one of --output, --run and --score" in done.output


def test_a_pack_that_cannot_be_written_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pack: Pack
) -> None:
    monkeypatch.setattr(rules_tests, "pack_of", lambda _rulebook, _watcher: pack)
    nowhere = str(tmp_path / "nowhere" / "pack.ndjson")
    done = CliRunner().invoke(main, ["rules", "tests", "-o", nowhere])
    assert done.exit_code == 2
    assert f"{nowhere}: No such file or directory" in done.output


def test_whoever_reads_the_heading_alone_hears_no_complaint() -> None:
    command = f"{sys.executable} -m triage rules tests 2> /dev/null | head -n 1"
    done = subprocess.run(
        ["/bin/bash", "-c", command], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    assert json.loads(done.stdout)["pack"] == 1
    assert done.stderr == ""


def test_a_count_is_shown_on_a_terminal(file: str, pack: Pack) -> None:
    said = on_a_terminal("rules", "tests", "--run", file, only_errors=True)
    assert f"{len(pack.tests)}/{len(pack.tests)}" in said


def test_the_score_is_told_with_what_changes_no_decision(
    monkeypatch: pytest.MonkeyPatch, pack: Pack
) -> None:
    some = [*mutants_of("monitoring-overdue"), mutants_of("medium-risk-to-cmht")[-1]]
    monkeypatch.setattr(rules_tests, "pack_of", lambda _rulebook, _watcher: pack)
    monkeypatch.setattr(rules_tests, "mutants", lambda _rulebook: iter(some))
    done = CliRunner().invoke(main, ["rules", "tests", "--score"])
    assert done.exit_code == 0, done.output
    assert done.output == (
        "Changed so, no referral is decided otherwise:\n"
        "  medium-risk-to-cmht: the rule was dropped\n"
        f"{len(some) - 1} of {len(some) - 1} changes that matter are noticed: 100.00%."
        " 0 are not; 1 change no decision; 0 are refused when the rules are read.\n"
    )


def test_a_score_that_is_too_low_fails(monkeypatch: pytest.MonkeyPatch, pack: Pack) -> None:
    without = Pack(pack.stamp, pack.tests[:1])
    monkeypatch.setattr(rules_tests, "pack_of", lambda _rulebook, _watcher: without)
    monkeypatch.setattr(rules_tests, "mutants", lambda _rulebook: mutants_of("veteran-priority"))
    done = CliRunner().invoke(main, ["rules", "tests", "--score"])
    assert done.exit_code == 1, done.output
    assert "Changed so, no test notices:\n  veteran-priority: " in done.output
