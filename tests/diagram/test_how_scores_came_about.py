"""Rules that route by how a score came about: of PHQ-9, of GAD-7, or of either of them.

No shipped rule routes by these facts, of which some are true where they are of one questionnaire.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from random import Random
from typing import Any

import pytest

from tests.builders import a_referral, alert_ids, referral_builder
from tests.diagram.scored import FACTS, routing_by, scored
from tests.facts import facts_of
from tests.plain_conclusions import PlainDecider
from tests.random_things import Drawer
from triage.decide import Decider
from triage.diagram.inputs import OF_EITHER
from triage.domain.vocabulary import EVALUATORS_DISAGREE
from triage.rulebook import Rulebook

REFERRALS = 250


def conditions() -> Iterator[dict[str, Any]]:
    for fact in FACTS:
        if fact.endswith("_items"):
            yield from ({fact: {"known": wanted}} for wanted in (True, False))
        else:
            yield from ({fact: {"is": wanted}} for wanted in (True, False))
            yield {"not": {fact: {"is": True}}}
    for fact in OF_EITHER:
        yield {"all": [{fact: {"is": False}}, {"gad7_total": {"known": True}}]}
        yield {"not": {"any": [{fact: {"is": False}}, {"phq9_item9": {"at_least": 1}}]}}


@pytest.mark.parametrize("when", list(conditions()), ids=str)
def test_engine_diagram_and_plain_reader_agree_on_it(
    rulebook: Rulebook, when: Mapping[str, Any]
) -> None:
    routing = routing_by(rulebook, when)
    drawer, plain, random = Drawer(routing), PlainDecider(routing.content), Random(7)
    fires = 0
    with closing(Decider(routing)) as decider:
        for _ in range(REFERRALS):
            referral = scored(random, drawer)
            decision = decider.decide(referral)
            assert EVALUATORS_DISAGREE not in alert_ids(decision.alerts), referral
            facts = {**routing.switches, **facts_of(referral, routing)}
            fired = {reason.rule.id for reason in decision.reasoning}
            assert fired == plain.conclude(facts).fired, referral
            fires += "by-the-score" in fired
    assert 0 < fires < REFERRALS


def test_scores_that_differ_in_one_questionnaire_do_not_agree_in_either(
    rulebook: Rulebook,
) -> None:
    routing = routing_by(rulebook, {"totals_differ": {"is": False}})
    differing = referral_builder(phq9_items=(0,) * 9, phq9_total=5).build()
    with closing(Decider(routing)) as decider:
        for referral, urgency in ((differing, "routine"), (a_referral(), "soon")):
            decision = decider.decide(referral)
            assert decision.urgency.id == urgency
            assert EVALUATORS_DISAGREE not in alert_ids(decision.alerts)
