"""One lead route, and no dead end: a gap is found where it is, and counted."""

from __future__ import annotations

from collections.abc import Callable

from click.testing import Result

from tests.verify.proofs.edited import Edited, a_rule, proved, to
from tests.verify.proofs.shown import check_shown
from triage.rulebook import Rulebook
from triage.verify.proofs.ground import Ground
from triage.verify.proofs.one_route import no_dead_end, one_lead_route

NOWHERE = (None, None)


def silent(edited: Edited) -> Edited:
    """The rule that says otherwise sends nobody anywhere."""
    edited.content["stepped_care.yaml"]["otherwise"]["then"] = [{"support": "debt"}]
    return edited


def replacing_each_other(edited: Edited) -> Edited:
    """Emergency and crisis each take the place of the other, so that neither stands."""
    edited.route("emergency")["replaces"] = ["crisis", "clinical_review"]
    edited.route("crisis")["replaces"] = ["emergency", "clinical_review"]
    return edited


def test_every_referral_has_one_route_by_the_shipped_rules(rulebook: Rulebook) -> None:
    proof = proved(one_lead_route, rulebook)
    assert proof.holds
    assert proof.against == 0
    titles = [route.title for route in rulebook.vocabulary.routes.values()]
    assert [said.partition(":")[0] for said in proof.said] == titles


def test_those_whom_no_rule_sends_anywhere_are_found_and_counted(
    edited: Edited, rulebook: Rulebook
) -> None:
    gap = silent(edited).rulebook()
    proof = proved(one_lead_route, gap)
    (found,) = proof.findings
    assert (found.check, found.file) == ("one_route", "vocabulary.yaml")
    assert (found.witnesses[0].route, found.witnesses[0].urgency) == NOWHERE
    check_shown(found, gap)
    shipped = Ground(rulebook)
    assert proof.against == shipped.count(shipped.model.leads["iapt_step_2"])


def test_two_routes_that_take_the_place_of_each_other_leave_nobody_a_route(edited: Edited) -> None:
    rulebook = replacing_each_other(edited).rulebook()
    proof = proved(one_lead_route, rulebook)
    (found,) = proof.findings
    assert "no two routes replace each other" in found.problem
    assert (found.witnesses[0].route, found.witnesses[0].urgency) == NOWHERE
    assert found.witnesses[0].given == {"answers.harm_injury": "life_threatening"}
    check_shown(found, rulebook)


def test_an_answer_without_which_nothing_is_concluded_is_a_dead_end(edited: Edited) -> None:
    silent(edited).add(a_rule("asked", {"veteran": {"known": True}}, to("iapt_step_2")))
    rulebook = edited.rulebook()
    proof = proved(no_dead_end, rulebook)
    (found,) = proof.findings
    assert "patterns of missing answers may end without a route" in found.problem
    assert "answers.veteran" not in found.witnesses[0].given
    assert (found.witnesses[0].route, found.witnesses[0].urgency) == NOWHERE
    check_shown(found, rulebook)


def test_only_patterns_without_the_answer_that_is_needed_are_dead_ends(edited: Edited) -> None:
    silent(edited)
    everywhere = proved(no_dead_end, edited.rulebook()).against
    edited.add(a_rule("asked", {"veteran": {"known": True}}, to("iapt_step_2")))
    assert 2 * proved(no_dead_end, edited.rulebook()).against == everywhere
    edited.add(a_rule("not-asked", {"veteran": {"known": False}}, to("iapt_step_2")))
    assert proved(no_dead_end, edited.rulebook()).against == 0


def test_no_pattern_of_missing_answers_is_a_dead_end_by_the_shipped_rules(
    rulebook: Rulebook,
) -> None:
    proof = proved(no_dead_end, rulebook)
    assert (proof.holds, proof.against) == (True, 0)
    assert proof.said == ("4.5 x 10^15 patterns",)
    assert len(Ground(rulebook).space.inputs) == 52


def test_the_command_fails_and_shows_the_referral_that_gets_no_route(
    edited: Edited, command: Callable[[Edited], Result]
) -> None:
    done = command(silent(edited))
    assert done.exit_code == 1
    assert "FAILS  Every referral gets exactly one lead route" in done.output
    assert "FAILS  No pattern of missing answers is a dead end" in done.output
    assert "decided:  no route" in done.output
