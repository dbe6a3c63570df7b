"""Calls in progress that a service begins with, so that their pages need not be talked up to."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from tests.builders import MILD_ANSWERS
from triage.access.demo import PEOPLE
from triage.calls_noted import What, note
from triage.config import Settings
from triage.domain.drafts import Draft, Way
from triage.store.drafts import Drafts
from triage.store.entries import now
from triage.store.opening import open_log

CALLER = {"nhs_number": "9990000026", "birth_date": "1985-02-01", "postcode": "DN1 1AA"}


@dataclass(frozen=True, slots=True)
class MadeCall:
    """A call in progress: whose it is, what was answered, and where the rules say it leads."""

    holder: str
    route: str
    urgency: str
    answers: Mapping[str, Any] = field(default_factory=lambda: MILD_ANSWERS)
    way: Way = Way.CALL
    offered: bool = False

    def draft(self) -> Draft:
        """The call as it is kept."""
        caller = next(one.caller for one in PEOPLE if one.name == self.holder)
        at, source = now(), "B1" if self.way is Way.CALL else "A1"
        answers = {**self.answers, "risk_asked_on": at[:10]}
        body = {"received_at": at, "source": source, "patient": CALLER, "answers": answers}
        return Draft(
            str(uuid.uuid4()),
            1,
            self.way,
            caller,
            at,
            at,
            body,
            asked=tuple(self.answers),
            offered=self.offered,
            held_as=self.holder,
            route=self.route,
            urgency=self.urgency,
        )


CALLS: Mapping[str, MadeCall] = {
    "settled": MadeCall("Asha Begum", "iapt_step_2", "routine"),
    "begun": MadeCall("Asha Begum", "clinical_review", "same_day", {"emergency_now": False}),
    "danger": MadeCall(
        "Asha Begum", "crisis", "very_urgent", {"emergency_now": False, "plan": "active"}
    ),
    "faulty": MadeCall("Asha Begum", "clinical_review", "same_day", {"phq9_total": 28}),
    "letter": MadeCall("Asha Begum", "iapt_step_2", "routine", way=Way.FORM),
    "offered": MadeCall("Tom Price", "iapt_step_2", "routine", offered=True),
}
"""Calls by what they are to show."""


def begun(settings: Settings) -> Mapping[str, str]:
    """Keep all of these in the database of a service; their ids by their names."""
    made = {name: call.draft() for name, call in CALLS.items()}
    with closing(open_log(settings)) as log:
        drafts = Drafts(log.database, log.person_key)
        for draft in made.values():
            drafts.begin(draft)
    return {name: draft.id for name, draft in made.items()}


def noted(settings: Settings) -> None:
    """Begin a log as that of a demonstration: with what somebody made up did."""
    draft = CALLS["offered"].draft()
    with closing(open_log(settings)) as log:
        note(log, draft, What.OFFERED, draft.holder)
