"""The counts of the proofs are those of trying everything, on rules small enough for that."""

from __future__ import annotations

from itertools import product

import pytest

from tests.verify.proofs.edited import Edited, a_rule, both, proved, to
from tests.verify.proofs.small import FAULTS, silent, tried
from triage.verify.proofs.alive import every_rule_lives
from triage.verify.proofs.ground import Ground
from triage.verify.proofs.monotone import worse_is_never_less_urgent
from triage.verify.proofs.one_route import no_dead_end, one_lead_route
from triage.verify.proofs.unknown_risk import unknown_risk_is_seen

# --- one route ---


def test_each_route_leads_as_many_as_are_found_by_trying_all(small: Edited) -> None:
    every = tried(small)
    proof = proved(one_lead_route, every.rulebook)
    leads = list(every.leads.values())
    assert proof.cells == every.cells == 26_100
    assert proof.said == tuple(
        f"{route.title}: {leads.count(name):,}"
        for name, route in every.rulebook.vocabulary.routes.items()
    )


def test_as_many_get_no_route_as_are_found_by_trying_all(small: Edited) -> None:
    silent(small)
    every = tried(small)
    proof = proved(one_lead_route, every.rulebook)
    assert proof.against == list(every.leads.values()).count(None) > 0


def test_as_many_get_no_route_where_two_replace_each_other(small: Edited) -> None:
    small.route("crisis")["replaces"] = ["emergency", "clinical_review"]
    small.route("emergency")["replaces"] = ["crisis", "clinical_review"]
    every = tried(small)
    proof = proved(one_lead_route, every.rulebook)
    assert proof.against == list(every.leads.values()).count(None) > 0


def test_as_many_patterns_of_missing_answers_are_dead_ends(small: Edited) -> None:
    silent(small)
    small.add(
        a_rule("asked", {"thoughts_of_harm": {"known": True}}, to("iapt_step_2")),
        file="safety.yaml",
    )
    every = tried(small)
    ends = {tuple(map(bool, place)) for place, lead in every.leads.items() if lead is None}
    proof = proved(no_dead_end, every.rulebook)
    assert proof.against == len(ends) > 0
    assert proof.said == (f"{2 ** len(every.axes)} patterns",)


# --- unknown risk ---


@pytest.mark.parametrize("urgency", [None, "soon"])
def test_as_many_of_unknown_risk_are_not_seen(small: Edited, urgency: str | None) -> None:
    small.rule("risk-unknown")["then"] = [to("clinical_review", urgency or "soon")]
    if urgency is None:
        small.drop("risk-unknown")
    every = tried(small)
    proof = proved(unknown_risk_is_seen, every.rulebook)
    unknown = {p for p, one in every.concluded.items() if one and one.levels["risk"] == "unknown"}
    promises = every.rulebook.promises
    assert promises is not None
    unseen = {
        place
        for place in unknown
        if every.ranks[place] > 2 or every.leads[place] in promises.unknown_risk_never
    }
    assert (proof.cells, proof.against) == (len(unknown), len(unseen))
    assert unseen


# --- the rest ---


def test_as_many_rules_are_found_as_are_idle(small: Edited) -> None:
    small.add(
        a_rule("dead", both({"plan": {"is": "none"}}, {"plan": {"is": "active"}}), to("cmht")),
        a_rule("hidden", {"emergency_now": {"is": True}}, {"urgency": "soon"}),
        file="safety.yaml",
    )
    proof = proved(every_rule_lives, small.rulebook())
    assert (proof.against, len(proof.findings)) == (2, 2)


def test_the_cells_of_a_proof_are_those_of_its_ground(small: Edited) -> None:
    rulebook = small.rulebook()
    claims = (one_lead_route, no_dead_end, worse_is_never_less_urgent, every_rule_lives)
    assert {proved(claim, rulebook).cells for claim in claims} == {Ground(rulebook).cells}


def test_no_count_is_of_more_than_there_are(small: Edited) -> None:
    for fault, other in product(FAULTS, repeat=2):
        edited = Edited(small.rulebook())
        edited.add(*FAULTS[fault], file="safety.yaml")
        again = [{**one, "id": f"{one['id']}-again"} for one in FAULTS[other]]
        edited.add(*again, file="safety.yaml")
        proof = proved(worse_is_never_less_urgent, edited.rulebook())
        assert 0 < proof.against < proof.cells
