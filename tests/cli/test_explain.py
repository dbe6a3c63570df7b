"""`triage decide --pretty`: what alone decides it, and what would alter the route."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tests.builders import a_referral
from tests.cli.command import A_REFERRAL, FAULTY, triage
from triage.cli.answers import Answer
from triage.cli.telling import Teller
from triage.decide import Decider

IN_CRISIS = (
    '{"answers": {"thoughts_of_harm": "frequent", "plan": "active", "emergency_now": false}}'
)

REASON = "  What alone decides it: “Emergency now” is no; “Plan” is an active plan.\n"


def test_people_are_told_what_alone_decides_it() -> None:
    told = triage("decide", "--pretty", "-", text=IN_CRISIS).stdout
    assert REASON in told
    assert "What would alter the route" not in told


def test_people_who_ask_are_told_what_would_alter_the_route() -> None:
    told = triage("decide", "--pretty", "--explain", "-", text=IN_CRISIS).stdout
    assert REASON in told
    assert (
        "  What would alter the route:\n"
        "    - Would be Emergency services if “Emergency now” were yes.\n"
        "    - Would be Clinical review if “Plan” were a passive plan.\n"
    ) in told


def test_machines_are_told_no_more_than_before() -> None:
    decision = json.loads(triage("decide", "-", text=A_REFERRAL).stdout)
    assert not {"sufficient", "changes"} & decision.keys()


def test_what_would_alter_the_route_is_for_people_alone() -> None:
    done = triage("decide", "--explain", "-", text=A_REFERRAL)
    assert (done.returncode, done.stdout) == (2, "")
    assert "--explain goes with --pretty" in done.stderr


def test_a_referral_that_was_not_decided_is_not_explained() -> None:
    told = triage("decide", "--pretty", "--explain", "-", text=FAULTY).stdout
    assert "DANGER: Crisis team" in told
    assert "What alone decides it" not in told


def test_where_the_evaluations_differ_people_are_told_so(
    decider: Decider, capsys: pytest.CaptureFixture[str]
) -> None:
    known = decider.known(a_referral())
    urgent = decider.rulebook.vocabulary.urgencies["urgent"]
    decision = replace(decider.conclude(known), urgency=urgent)
    Teller(decider, explain=True, no_color=True).say(Answer(1, decision, known))
    told = capsys.readouterr().out
    assert "What alone decides it: the two evaluations of the rules differ" in told
    assert "What would alter the route" not in told
