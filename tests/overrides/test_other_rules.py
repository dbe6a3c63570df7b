"""A decision made by rules of yesterday is overridden in the words and teams of today."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

import pytest

from tests.builders import referral_builder
from tests.edited_rules import EditedRules
from triage.config import Settings
from triage.decide import Decider
from triage.domain.caller import Caller, Role
from triage.domain.overriding import Asked, Standing
from triage.errors import ReferralError
from triage.overrides import Made, Overrides
from triage.recording import Recorder
from triage.rulebook import Rulebook, load_rulebook
from triage.store.log import DecisionLog
from triage.store.opening import open_log

BY = Caller(Role.CLINICIAN, "first")

RENAMED = {
    "urgency: soon": "urgency: shortly",
    "\n  soon: {": "\n  shortly: {",
    "\n  rotherham:\n": "\n  barnsley:\n",
    "place: rotherham": "place: barnsley",
}


@pytest.fixture
def of_today(edited_rules: EditedRules) -> Rulebook:
    """Rules that have another word for an urgency and another name for a place."""
    for path in edited_rules.directory.glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        for old, new in RENAMED.items():
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")
    return load_rulebook(edited_rules.directory)


@pytest.fixture
def log(log_settings: Settings) -> Iterator[DecisionLog]:
    with closing(open_log(log_settings)) as opened:
        yield opened


@pytest.fixture
def decision(decider: Decider, log: DecisionLog) -> str:
    """A decision of yesterday: soon, for somebody in Rotherham."""
    builder = referral_builder(specialist_indicator="psychosis").of_patient(
        age=40, postcode="S60 1AA"
    )
    return Recorder(decider, log).record(builder.build(), BY).decision_id


def override(
    rulebook: Rulebook, log: DecisionLog, decision: str, route: str, urgency: str | None
) -> Made:
    asked = Asked(route, urgency, "in_care", "So it is.")
    return Overrides(rulebook, log).override(decision, asked, BY, datetime.now(UTC))


@pytest.mark.parametrize(
    ("urgency", "standing"),
    [
        ("emergency", Standing.IN_FORCE),
        ("very_urgent", Standing.AWAITING),
        ("shortly", Standing.AWAITING),
        ("routine", Standing.AWAITING),
    ],
)
def test_where_what_stands_has_no_word_all_but_the_most_urgent_may_be_lower(
    of_today: Rulebook, log: DecisionLog, decision: str, urgency: str, standing: Standing
) -> None:
    made = override(of_today, log, decision, "cmht", urgency)
    assert made.override.standing is standing
    assert made.entry.content["from"] == {"route": "cmht", "urgency": "soon"}


def test_where_what_stands_has_no_word_the_urgency_must_be_stated(
    of_today: Rulebook, log: DecisionLog, decision: str
) -> None:
    with pytest.raises(ReferralError) as caught:
        override(of_today, log, decision, "counselling", None)
    (fault,) = caught.value.faults
    assert fault.field == "urgency"


def test_a_place_that_is_not_there_any_more_has_the_team_of_the_rulebook_s_own(
    rulebook: Rulebook, of_today: Rulebook, log: DecisionLog, decision: str
) -> None:
    then = override(rulebook, log, decision, "crisis", "very_urgent").entry.content
    now = override(of_today, log, decision, "emergency", "emergency").entry.content
    last = override(of_today, log, decision, "crisis", "emergency").entry.content
    assert then["team"]["id"] == "rotherham-crisis-team"
    assert last["team"]["id"] == "doncaster-crisis-team"
    assert now["rulebook"] == of_today.stamp.digest != then["rulebook"]


def test_the_rulebook_of_an_override_is_kept_whole(
    of_today: Rulebook, log: DecisionLog, decision: str
) -> None:
    made = override(of_today, log, decision, "crisis", "emergency")
    kept = log.rulebook(made.entry.content["rulebook"])
    assert kept is not None
    assert kept.digest == of_today.stamp.digest
