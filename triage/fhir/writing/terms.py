"""The words of a rulebook as R4 has them: codes with what they are called, priorities, clocks.

A decision may be older than the rulebook that it is written with. A word that the rulebook does
not know is written as it stands, and an urgency that it does not know counts as the most urgent.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from importlib.metadata import version

from triage.domain.clock import LONDON
from triage.domain.vocabulary import Urgency
from triage.fhir.own import Own
from triage.fhir.questionnaires import SCREENING
from triage.fhir.writing.elements import Element, coding
from triage.rulebook import Rulebook

SOFTWARE = "referral-triage"
"""The name of this software, as messages name it."""

MOST_URGENT = "stat"
"""The most urgent priority (R4, RequestPriority)."""

HOURS_OF_A_WEEK = 168


class Terms:
    """Says the words of one rulebook in R4. ``base`` is where FHIR is spoken, with no slash."""

    def __init__(self, rulebook: Rulebook, public_url: str) -> None:
        self.rulebook, self.vocabulary = rulebook, rulebook.vocabulary
        self.own = Own.of(rulebook.vocabulary)
        self.base = f"{public_url}/fhir"
        self.version = version(SOFTWARE)

    def route(self, id_: str) -> Element:
        """The code of a route."""
        return coding(self.own.system("route"), id_, self.route_title(id_))

    def urgency(self, id_: str) -> Element:
        """The code of an urgency."""
        return coding(self.own.system("urgency"), id_, self.urgency_title(id_))

    def alert(self, id_: str) -> Element:
        """The code of an alert."""
        return self._named("alert", "alerts", id_)

    def action(self, id_: str) -> Element:
        """The code of an action."""
        return self._named("action", "actions", id_)

    def _named(self, system: str, section: str, id_: str) -> Element:
        known = self.vocabulary.named[section].get(id_)
        return coding(self.own.system(system), id_, known.title if known else in_words(id_))

    def route_title(self, id_: str) -> str:
        """What a route is called."""
        known = self.vocabulary.routes.get(id_)
        return known.title if known else in_words(id_)

    def urgency_title(self, id_: str) -> str:
        """What an urgency is called."""
        known = self.vocabulary.urgencies.get(id_)
        return known.title if known else in_words(id_)

    def priority(self, urgency: str) -> str:
        """An urgency as a priority (R4, RequestPriority)."""
        known = self.vocabulary.urgencies.get(urgency)
        return (known.priority if known else "") or MOST_URGENT

    def sooner(self, one: str, other: str) -> str:
        """The more urgent of two urgencies, the second where they are as urgent."""
        first, second = (self.vocabulary.urgencies.get(each) for each in (one, other))
        if first is None or second is None:
            return one if first is None else other
        return one if first.sooner_than(second) else other

    def is_danger(self, urgency: str) -> bool:
        """Does an urgency say that somebody may be in danger?"""
        known = self.vocabulary.urgencies.get(urgency)
        return known.danger if known else True

    def clock(self, urgency: str) -> str:
        """How soon a referral is to be answered that was never overridden, in words."""
        known = self.vocabulary.urgencies.get(urgency)
        return f"To be answered {_within(known)}" if known else "To be answered at once"

    def questionnaire(self, stamp: Mapping[str, str]) -> str:
        """The canonical address of the screening questionnaire of a decision's rulebook."""
        return f"{self.own.questionnaire(SCREENING)}|{stamp['version']}"

    def plan(self, stamp: Mapping[str, str]) -> str:
        """The canonical address of a decision's rulebook as a plan."""
        return f"{self.own.plan_definition(plan_id(stamp['id']))}|{stamp['version']}"


def plan_id(rulebook: str) -> str:
    """The id of a rulebook as a resource: its own in letters, digits and hyphens."""
    return re.sub(r"[^A-Za-z0-9.-]", "-", rulebook)[:64]


def in_words(name: str) -> str:
    """A name that no rulebook at hand explains."""
    return name.replace("_", " ").capitalize()


def moment_in_words(moment: str) -> str:
    """A moment (RFC 3339) as clocks in the United Kingdom show it."""
    local = datetime.fromisoformat(moment).astimezone(LONDON)
    return f"{local:%H:%M} on {day_in_words(local.date())}"


def day_in_words(day: date) -> str:
    """A day as people write it."""
    return f"{day.day} {day:%B %Y}"


def _within(urgency: Urgency) -> str:
    hours = urgency.within_hours
    if hours is None:
        return "by the end of the day"
    if hours == 0:
        return "at once"
    weeks, rest = divmod(hours, HOURS_OF_A_WEEK)
    return f"within {_counted(hours, 'hour')}" if rest else f"within {_counted(weeks, 'week')}"


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
