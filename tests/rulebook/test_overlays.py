"""A local rulebook: what an overlay changes of its base, and that nothing else changes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.builders import RECEIVED, a_referral, nothing_asked, referral_builder
from tests.edited_rules import EditedRules
from tests.rulebook.overlays import (
    ADDING,
    LOCAL,
    RETIRING,
    SOONER,
    SOURCE,
    WAIVING,
    beside,
    write,
)
from tests.rulebook.test_kept import kept, told
from triage.decide import Decider
from triage.domain.conditions import Compare
from triage.domain.overlays import Laid
from triage.domain.referral import Referral
from triage.rulebook import Rulebook, load_rulebook, rulebook_of
from triage.verify.check import check

ROTHERHAM = Path(__file__).parents[2] / "rules" / "rotherham"

REFERRALS = (
    a_referral(),
    nothing_asked().build(),
    a_referral(thoughts_of_harm="regular", intent="some", plan="passive"),
    a_referral(intent="strong", plan="active", thoughts_of_harm="frequent"),
    a_referral(daily_functioning="marked", substance_use="dependent", phq9_total=22),
    a_referral(presenting_problem="stress", phq9_total=4),
    referral_builder(serious_harm_history=True).of_patient(age=15).build(),
)


@pytest.fixture(scope="module")
def rotherham() -> Rulebook:
    """The shipped example of a local rulebook."""
    return load_rulebook(ROTHERHAM)


@pytest.fixture(scope="module")
def local(rotherham: Rulebook) -> Iterator[Decider]:
    """The shipped example made ready to decide."""
    made = Decider(rotherham)
    yield made
    made.close()


# --- what an overlay changes ---


def test_a_value_is_set_anew_and_stays_what_it_was_in_all_else(
    edited_rules: EditedRules, rulebook: Rulebook
) -> None:
    here = load_rulebook(write(edited_rules, "here", SOONER))
    name = "active_monitoring_review_days"
    there, value = rulebook.values[name], here.values[name]
    assert (there.value, value.value) == (14, 7)
    assert value.basis.where == "Agreed here"
    assert replace(value, value=14, basis=there.basis) == there
    rest = {each: told(one) for each, one in here.values.items() if each != name}
    assert rest == {each: told(one) for each, one in rulebook.values.items() if each != name}


def test_a_rule_is_added_at_the_end_of_its_ruleset(
    edited_rules: EditedRules, rulebook: Rulebook
) -> None:
    here = load_rulebook(write(edited_rules, "here", ADDING))
    for there, ruleset in zip(rulebook.rulesets, here.rulesets, strict=True):
        added = ["made-here"] if ruleset.id == "pathways" else []
        assert [rule.id for rule in ruleset.rules] == [rule.id for rule in there.rules] + added
    (rule,) = (rule for rule in here.rules if rule.id == "made-here")
    assert (rule.ruleset, rule.file) == ("pathways", "here/overlay.yaml")


def test_a_rule_that_is_retired_is_gone_and_named_with_the_reason(
    edited_rules: EditedRules, rulebook: Rulebook
) -> None:
    here = load_rulebook(write(edited_rules, "here", RETIRING))
    (one,) = here.retired
    title = next(rule.title for rule in rulebook.rules if rule.id == "debt-support")
    assert (one.rule, one.title, one.because) == ("debt-support", title, "Nobody here gives it.")
    assert {rule.id for rule in rulebook.rules} - {rule.id for rule in here.rules} == {one.rule}


def test_a_ruleset_may_be_made_anew(edited_rules: EditedRules, rulebook: Rulebook) -> None:
    (ruleset,) = (each for each in rulebook.rulesets if each.id == "pathways")
    retired = "".join(
        f'  - {{rule: {rule.id}, because: "No.", basis: {LOCAL}}}\n' for rule in ruleset.rules
    )
    here = load_rulebook(write(edited_rules, "here", f"retired:\n{retired}", ADDING))
    assert [rule.id for rule in here.rules if rule.ruleset == "pathways"] == ["made-here"]


def test_a_waiver_says_where_it_may_be_less_urgent(edited_rules: EditedRules) -> None:
    (one,) = load_rulebook(write(edited_rules, "here", SOONER, WAIVING)).waivers
    assert (one.id, one.before, one.after) == ("later-here", "soon", "routine")
    assert one.when == Compare("veteran", "is", wanted=False)


def test_a_waiver_may_hold_everywhere(edited_rules: EditedRules) -> None:
    everywhere = WAIVING.replace("    when: {veteran: {is: false}}\n", "")
    assert load_rulebook(write(edited_rules, "here", SOONER, everywhere)).waivers[0].when is None


def test_a_source_is_added_for_what_rests_on_it(edited_rules: EditedRules) -> None:
    sooner = SOONER.replace("source: local", "source: here")
    here = load_rulebook(write(edited_rules, "here", SOURCE.format(title="Minutes"), sooner))
    assert here.values["active_monitoring_review_days"].basis.source.title == "Minutes"


def test_a_cell_of_the_matrix_may_stand_for_another_route(
    edited_rules: EditedRules, rulebook: Rulebook
) -> None:
    cells = "cells: {risk: {medium: [clinical_review]}}\n"
    here = load_rulebook(write(edited_rules, "here", SOONER, cells))
    (cell,) = set(here.cells) - set(rulebook.cells)
    assert (cell.factor, cell.level, cell.routes) == ("risk", "medium", ("clinical_review",))
    assert cell.destination == "PCT IAPT Primary Care Team"


def test_the_place_that_is_assumed_may_be_another(edited_rules: EditedRules) -> None:
    here = load_rulebook(write(edited_rules, "here", "default_place: rotherham\n"))
    assert here.directory.default_place == "rotherham"


def test_the_base_is_kept_as_it_is(edited_rules: EditedRules, rulebook: Rulebook) -> None:
    here = load_rulebook(write(edited_rules, "here", SOONER, ADDING, RETIRING))
    assert here.base is not None
    assert told(here.base) == told(rulebook)
    assert here.extends == rulebook.stamp
    assert here.stamp.digest != rulebook.stamp.digest
    assert (here.base.extends, here.base.base) == (None, None)


def test_the_local_rulebook_goes_by_the_name_of_the_overlay(edited_rules: EditedRules) -> None:
    here = load_rulebook(write(edited_rules, "here", SOONER))
    assert (here.stamp.id, here.stamp.version) == ("here", "7")
    assert (here.title, here.status, here.owner) == ("Triage in here", "draft", "Clinical lead")
    assert here.overlays == (Laid("here", "Triage in here", "7"),)


def test_what_the_overlay_does_not_name_is_as_in_the_base(
    edited_rules: EditedRules, rulebook: Rulebook
) -> None:
    here = load_rulebook(write(edited_rules, "here", SOONER))
    front = "rulebook.yaml"
    assert {name: said for name, said in here.content.items() if name != front} == {
        name: said for name, said in rulebook.content.items() if name != front
    }
    assert [rule.id for rule in here.rules] == [rule.id for rule in rulebook.rules]
    assert (here.promises, here.safety_net) == (rulebook.promises, rulebook.safety_net)


# --- what is kept of it ---


def test_a_local_rulebook_comes_back_whole_from_what_was_kept(edited_rules: EditedRules) -> None:
    parts = (SOONER, ADDING, RETIRING, WAIVING, SOURCE.format(title="Minutes"))
    here = load_rulebook(write(edited_rules, "here", *parts))
    back = rulebook_of(kept(here))
    assert back.stamp == here.stamp
    assert back.base is None
    assert told(back) == told(replace(here, base=None))


def test_what_is_kept_has_the_files_of_any_rulebook(
    edited_rules: EditedRules, rulebook: Rulebook
) -> None:
    here = load_rulebook(write(edited_rules, "here", SOONER, ADDING))
    assert here.content.keys() == rulebook.content.keys()
    json.dumps(here.content)


def test_every_reason_is_a_part_of_the_digest(edited_rules: EditedRules) -> None:
    before = load_rulebook(write(edited_rules, "here", RETIRING, WAIVING)).stamp.digest
    for old in ("Nobody here gives it.", "Later here", "Triage in here"):
        directory = write(edited_rules, "here", RETIRING, WAIVING)
        path = directory / "overlay.yaml"
        path.write_text(path.read_text(encoding="utf-8").replace(old, "Other words"))
        assert load_rulebook(directory).stamp.digest != before


# --- several at once ---


def test_overlays_laid_together_are_one_rulebook_whichever_is_named(
    edited_rules: EditedRules,
) -> None:
    first = write(edited_rules, "here", SOONER, ADDING, beside("winter"))
    second = write(edited_rules, "winter", RETIRING, WAIVING, beside("here"))
    one, other = load_rulebook(first), load_rulebook(second)
    assert one.stamp == other.stamp
    assert one.content == other.content
    assert told(one) == told(other)
    assert (one.stamp.id, one.stamp.version) == ("here+winter", "7+7")
    assert one.title == "Triage in here and Triage in winter"
    assert [each.id for each in one.overlays] == ["here", "winter"]
    assert told(rulebook_of(kept(one))) == told(replace(one, base=None))


def test_overlays_are_found_by_way_of_others(edited_rules: EditedRules) -> None:
    again = ADDING.replace("made-here", "made-there")
    places = (
        write(edited_rules, "autumn", SOONER, beside("winter")),
        write(edited_rules, "spring", ADDING, beside("autumn")),
        write(edited_rules, "winter", again, beside("spring")),
    )
    found = [load_rulebook(place) for place in places]
    assert len({each.stamp for each in found}) == 1
    assert found[0].stamp.id == "autumn+spring+winter"
    pathways = [rule.id for rule in found[0].rules if rule.ruleset == "pathways"]
    assert pathways[-2:] == ["made-here", "made-there"]


def test_an_overlay_that_names_no_other_is_laid_alone(edited_rules: EditedRules) -> None:
    write(edited_rules, "here", SOONER, beside("winter"))
    assert load_rulebook(write(edited_rules, "winter", RETIRING)).stamp.id == "winter"


def test_what_two_overlays_say_alike_is_laid_once(edited_rules: EditedRules) -> None:
    placed = "default_place: rotherham\ncells: {risk: {medium: [cmht]}}\n"
    parts = (SOONER, RETIRING, WAIVING, SOURCE.format(title="Minutes"), placed)
    write(edited_rules, "winter", *parts)
    here = load_rulebook(write(edited_rules, "here", *parts, beside("winter")))
    assert (len(here.retired), len(here.waivers), len(here.overlays)) == (1, 1, 2)


def test_several_are_approved_only_where_each_of_them_is(edited_rules: EditedRules) -> None:
    first = write(edited_rules, "here", SOONER, beside("winter"))
    second = write(edited_rules, "winter", RETIRING)
    for directory, standing in ((first, "draft"), (second, "approved")):
        path = directory / "overlay.yaml"
        text = path.read_text(encoding="utf-8").replace("status: draft", "status: approved")
        path.write_text(text, encoding="utf-8")
        assert load_rulebook(first).status == standing


# --- the example that is shipped ---


def test_the_shipped_overlay_is_clean(rotherham: Rulebook) -> None:
    report = check(rotherham)
    assert report.faults == ()
    assert report.clean


def test_the_shipped_overlay_asks_for_no_waiver_and_signs_nothing_itself(
    rotherham: Rulebook, rulebook: Rulebook
) -> None:
    assert rotherham.extends == rulebook.stamp
    assert rotherham.waivers == ()
    there = {rule.id for rule in rulebook.rules}
    added = [rule for rule in rotherham.rules if rule.id not in there]
    changed = [one for name, one in rotherham.values.items() if one != rulebook.values[name]]
    assert (len(added), len(changed), len(rotherham.retired)) == (1, 2, 1)
    of_rules = [rule.basis for rule in added] + [one.basis for one in rotherham.retired]
    assert all(basis.sign_off for basis in (*of_rules, *(one.basis for one in changed)))


def test_in_rotherham_medium_risk_goes_to_clinical_review(local: Decider, decider: Decider) -> None:
    referral = a_referral(thoughts_of_harm="regular", intent="some", plan="passive")
    here, there = local.decide(referral).as_dict(), decider.decide(referral).as_dict()
    assert (there["route"]["id"], here["route"]["id"]) == ("iapt_step_2", "clinical_review")
    assert here["urgency"] == there["urgency"] == "same_day"
    assert here["rulebook"]["id"] == "rotherham"


def test_in_rotherham_monitoring_is_reviewed_after_a_week(local: Decider) -> None:
    referral = a_referral(recent_trigger="job_loss", trigger_days_ago=12, phq9_total=10)
    found = local.decide(referral).as_dict()
    assert found["route"]["id"] == "active_monitoring"
    (due,) = (one["due"] for one in found["actions"] if one["id"] == "active_monitoring_review")
    assert due == (RECEIVED.date() + timedelta(days=7)).isoformat()


def test_in_rotherham_the_service_makes_the_first_contact(local: Decider, decider: Decider) -> None:
    here, there = (one.decide(a_referral()).as_dict() for one in (local, decider))
    assert "contact_person" in {one["id"] for one in here["actions"]}
    assert "contact_person" not in {one["id"] for one in there["actions"]}
    assert here["route"]["team"]["id"] == "rotherham-talking-therapies"


def test_what_was_kept_of_it_decides_alike(local: Decider, rotherham: Rulebook) -> None:
    back = Decider(rulebook_of(kept(rotherham)))
    for referral in REFERRALS:
        assert back.decide(referral).as_dict() == local.decide(referral).as_dict()
    back.close()


@pytest.mark.parametrize("referral", REFERRALS)
def test_in_rotherham_nothing_is_less_urgent(
    local: Decider, decider: Decider, rulebook: Rulebook, referral: Referral
) -> None:
    here, there = (one.decide(referral).as_dict()["urgency"] for one in (local, decider))
    urgencies = rulebook.vocabulary.urgencies
    assert not urgencies[there].sooner_than(urgencies[here])
