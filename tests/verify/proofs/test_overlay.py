"""A local rulebook is never less urgent than its base, save where a waiver names it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.edited_rules import EditedRules
from tests.rulebook.overlays import LOCAL, SOONER, write
from tests.verify.proofs.edited import proved
from tests.verify.proofs.shown import check_shown
from triage.cli import main
from triage.rulebook import Rulebook, load_rulebook
from triage.verify.proofs.ground import Ground
from triage.verify.proofs.overlay import no_less_urgent_than_the_base

ROTHERHAM = Path(__file__).parents[3] / "rules" / "rotherham"

LATER = f"""\
retired:
  - {{rule: matrix-impairment-high, because: "Routine here.", basis: {LOCAL}}}
rules:
  referral_matrix:
    - id: impairment-high-here
      title: High impairment goes to the community mental health team
      basis: {LOCAL}
      when: {{impairment_level: {{is: high}}}}
      because: "Impairment is high."
      then:
        - route: {{to: cmht, urgency: routine}}
      examples:
        - {{title: high, given: {{impairment_level: high}}, fires: true}}
        - {{title: medium, given: {{impairment_level: medium}}, fires: false}}
"""
"""High impairment waits four weeks here, and three days in the base."""


def waiver(name: str = "later", *, when: str = "", before: str = "soon") -> str:
    condition = f"    when: {when}\n" if when else ""
    return (
        f"  - id: {name}\n    title: High impairment is routine here\n{condition}"
        f"    urgency: {{from: {before}, to: routine}}\n    basis: {LOCAL}\n"
    )


def waived(*waivers: str) -> str:
    return "waivers:\n" + "".join(waivers)


def here(rules: EditedRules, *parts: str) -> Rulebook:
    return load_rulebook(write(rules, "here", *parts))


def base_of(rulebook: Rulebook) -> Rulebook:
    assert rulebook.base is not None
    return rulebook.base


def test_rotherham_is_never_less_urgent_than_its_base() -> None:
    proof = proved(no_less_urgent_than_the_base, load_rulebook(ROTHERHAM))
    assert (proof.holds, proof.against) == (True, 0)
    assert proof.claim == "Never less urgent than doncaster 2026.1"


def test_a_rulebook_that_extends_none_is_asked_nothing(rulebook: Rulebook) -> None:
    assert no_less_urgent_than_the_base(Ground(rulebook)) is None


def test_an_overlay_that_changes_no_urgency_holds(edited_rules: EditedRules) -> None:
    assert proved(no_less_urgent_than_the_base, here(edited_rules, SOONER)).holds


def test_an_overlay_that_is_less_urgent_is_found_and_shown_by_both(
    edited_rules: EditedRules,
) -> None:
    local = here(edited_rules, LATER)
    proof = proved(no_less_urgent_than_the_base, local)
    (found,) = proof.findings
    assert (found.check, found.file) == ("overlay", "overlay.yaml")
    assert "less urgent than the base: soon there, routine here" in found.problem
    at_home, at_base = found.witnesses
    assert at_home.given == at_base.given
    assert (at_home.route, at_home.urgency) == ("cmht", "routine")
    assert (at_base.route, at_base.urgency) == ("cmht", "soon")
    check_shown(found, local, base_of(local))


def test_a_waiver_that_names_it_makes_it_hold_and_is_told(edited_rules: EditedRules) -> None:
    bare = proved(no_less_urgent_than_the_base, here(edited_rules, LATER)).against
    proof = proved(no_less_urgent_than_the_base, here(edited_rules, LATER, waived(waiver())))
    assert (proof.holds, proof.against) == (True, 0)
    (told,) = proof.said
    assert told.startswith("waived by later: High impairment is routine here (")
    assert bare > 0
    assert "(0 referrals)" not in told


def test_a_waiver_that_waives_too_little_leaves_the_rest_found(edited_rules: EditedRules) -> None:
    bare = proved(no_less_urgent_than_the_base, here(edited_rules, LATER)).against
    local = here(edited_rules, LATER, waived(waiver(when="{severity_level: {is: high}}")))
    proof = proved(no_less_urgent_than_the_base, local)
    (found,) = proof.findings
    assert 0 < proof.against < bare
    assert "less urgent than the base" in found.problem
    check_shown(found, local, base_of(local))


def test_a_waiver_from_another_urgency_waives_nothing_and_is_found(
    edited_rules: EditedRules,
) -> None:
    local = here(edited_rules, LATER, waived(waiver(before="urgent")))
    proof = proved(no_less_urgent_than_the_base, local)
    problems = {found.rule: found.problem for found in proof.findings}
    assert set(problems) == {None, "later"}
    assert problems["later"] == "this waiver waives nothing; take it out"


def test_a_waiver_that_is_no_longer_needed_is_found(edited_rules: EditedRules) -> None:
    proof = proved(no_less_urgent_than_the_base, here(edited_rules, SOONER, waived(waiver())))
    (found,) = proof.findings
    assert (found.file, found.rule) == ("overlay.yaml", "later")
    assert proof.against == 0


@pytest.mark.parametrize("waivers", [(), (waiver(),)], ids=["not waived", "waived"])
def test_the_command_fails_unless_it_is_waived(
    edited_rules: EditedRules, waivers: tuple[str, ...]
) -> None:
    directory = write(edited_rules, "here", LATER, *([waived(*waivers)] if waivers else []))
    done = CliRunner().invoke(main, ["rules", "check", "-q", str(directory)])
    assert ("FAILS  Never less urgent than doncaster 2026.1" in done.output) == (not waivers)
    assert ("soon there, routine here" in done.output) == (not waivers)
    assert ("waived by later: High impairment is routine here" in done.output) == bool(waivers)
    assert done.exit_code == (0 if waivers else 1)
