"""`triage rules check` and `triage rules show`, as a person or a script starts them."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

from click.testing import CliRunner

from tests.cli.command import triage
from tests.edited_rules import EditedRules
from tests.pages.html import Page
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


# --- what is proved ---

SEEN = "    when: {risk_level: {is: unknown}}\n"


def with_a_gap(edited_rules: EditedRules) -> str:
    """The directory of rules by which unknown risk of veterans alone is reviewed."""
    only = "    when: {all: [{risk_level: {is: unknown}}, {veteran: {is: true}}]}\n"
    edited_rules.replace("safety.yaml", SEEN, only)
    edited_rules.replace(
        "safety.yaml", "given: {risk_level: unknown}, fires: true", FIRES_ON_VETERANS
    )
    return str(edited_rules.directory)


FIRES_ON_VETERANS = "given: {risk_level: unknown, veteran: true}, fires: true"


def told(edited_rules: EditedRules, *options: str) -> str:
    """What `triage rules check` says of rules with a gap, which it must find."""
    done = CliRunner().invoke(main, ["rules", "check", with_a_gap(edited_rules), *options])
    assert done.exit_code == 1, done.output
    return done.output


def test_every_proof_is_told_with_its_counts() -> None:
    said = CliRunner().invoke(main, ["rules", "check", "-q"]).output
    assert "Proved over 6.8 x 10^57 referrals" in said
    assert said.count("  holds  ") == 8
    assert "FAILS" not in said
    assert "Crisis team: " in said
    assert "4.5 x 10^15 patterns" in said
    assert "112 rules" in said


def test_what_speaks_against_a_proof_is_shown_by_referrals_in_words(
    edited_rules: EditedRules,
) -> None:
    said = told(edited_rules, "-q", "--no-color")
    assert "FAILS  Unknown risk is never less urgent than the same day" in said
    assert "shown by: nothing was asked" in said
    assert "decided:  Talking therapies, step 2, routine (4 weeks)" in said
    assert "FAILS  The route depends on age, perinatal, veteran only where a rule says so" in said
    assert "shown by: Veteran of the armed forces: yes" in said
    assert "decided:  Clinical review, the same day" in said
    assert "holds  Every referral gets exactly one lead route" in said
    assert "faults" in said.splitlines()[-1]


def test_each_finding_names_the_file_and_the_rule(edited_rules: EditedRules) -> None:
    said = told(edited_rules, "-q", "--no-color")
    assert "safety.yaml:" in said
    assert "review-risk-unknown: makes the route depend on veteran" in said


def test_quiet_tells_the_proofs_and_what_was_found(edited_rules: EditedRules) -> None:
    said = told(edited_rules, "-q")
    assert "FAILS  Unknown risk" in said
    assert "Local choices that wait for a clinician's signature" not in said


def test_machines_get_every_proof_and_every_witness(edited_rules: EditedRules) -> None:
    report = json.loads(told(edited_rules, "--json"))
    proofs = {proof["name"]: proof for proof in report["proofs"]}
    assert proofs["one_route"]["holds"] is True
    assert (proofs["unknown_risk"]["holds"], proofs["fairness"]["holds"]) == (False, False)
    assert 0 < int(proofs["unknown_risk"]["against"]) < int(proofs["unknown_risk"]["referrals"])
    (late,) = (one for one in report["faults"] if "less urgent than same_day" in one["problem"])
    assert late["witnesses"] == [
        {"given": {}, "route": "iapt_step_2", "urgency": "routine", "agreed": True}
    ]
    (leak,) = (one for one in report["faults"] if one["check"] == "fairness")
    assert leak["rule"] == "review-risk-unknown"
    assert [sorted(one["given"]) for one in leak["witnesses"]] == [[], ["answers.veteran"]]


def test_the_page_of_the_proofs_says_what_holds_and_what_fails(
    edited_rules: EditedRules, tmp_path: Path
) -> None:
    file, directory = tmp_path / "proofs.html", with_a_gap(edited_rules)
    done = CliRunner().invoke(main, ["rules", "show", directory, "--proofs", "-o", str(file)])
    assert done.exit_code == 0, done.output
    page = Page(file.read_text(encoding="utf-8"))
    assert "Every referral gets exactly one lead route Holds" in page.text
    assert "Counselling outside talking therapies Fails" in page.text
    assert "Shown by this referral" in page.text
    assert "Veteran of the armed forces: yes" in page.text
    assert "found against these rules" in page.text


def test_the_page_of_the_proofs_needs_nothing_from_anywhere() -> None:
    page = Page(CliRunner().invoke(main, ["rules", "show", "--proofs"]).output)
    assert page.loads == []
    assert all(link.startswith("#") for link in page.links)
    assert page.language == "en-GB"
    assert page.headings[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(page.headings))
    assert "Nothing was found against these rules" in page.text
    assert "10⁵⁷" in page.text
    assert "Fails" not in page.text


def test_the_page_shows_the_proofs_or_the_paper_form_not_both() -> None:
    done = CliRunner().invoke(main, ["rules", "show", "--proofs", "--paper"])
    assert done.exit_code == 2
    assert "not both" in done.output
