"""Makes the feedback on a decision, from the record or for a what-if. Nothing here reads a clock.

The directory, the safety net and every word come from the rulebook; a word that it does not know,
because the decision was made on another, is told as well as it can be.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from operator import itemgetter
from typing import Any

from triage.domain.referred import Cancelled, Referred
from triage.domain.vocabulary import RouteTerm
from triage.feedback import around
from triage.feedback.feedback import Feedback
from triage.feedback.moments import clock_words, day_words
from triage.feedback.parts import (
    Missing,
    OtherRoute,
    Overridden,
    Purpose,
    Question,
    ToDo,
    Warned,
)
from triage.feedback.reasons import Reasons
from triage.feedback.standing import CRISIS, REVIEW, Standing, team_of
from triage.feedback.steps import NOW, YOU, steps
from triage.feedback.summary import Headline
from triage.feedback.wording import fit, sentences, told, words
from triage.rulebook import Rulebook
from triage.rulebook.rulebook import Stamp

MOST_QUESTIONS = 5
"""How many questions are told one by one; of the others only how many there are."""


def feedback_of(referred: Referred, rulebook: Rulebook) -> Feedback:
    """What a referrer is told of a referral that was recorded, as it stands.

    Of whoever is referred, and of whoever refers, nothing is named.
    """
    return replace(
        _feedback(Standing.of_referred(referred, rulebook)),
        before=around.before(referred, rulebook),
        later=around.later(referred),
        unread=around.unread(referred),
    )


def feedback_of_what_if(decision: Mapping[str, Any], rulebook: Rulebook) -> Feedback:
    """What a referrer is told of a decision (``Decision.as_dict``) that nobody recorded."""
    return _feedback(Standing.of_what_if(decision, rulebook))


def _feedback(one: Standing) -> Feedback:
    also, actions, missing = _standing_parts(one)
    why = Reasons(one.rulebook).why(one.decision)
    line = Headline(one.title, one.clock, one.team.phone, danger=one.is_danger, held=one.is_held)
    return Feedback(
        route=one.stands.route,
        urgency=one.stands.urgency,
        danger=one.is_danger,
        title=one.title,
        heading=f"Cancelled: {one.title}" if one.cancelled else line.heading,
        summary=_CANCELLED[one.cancelled] if one.cancelled else line.summary(),
        where=one.team,
        how_fast=one.how_fast,
        respond_by=one.stands.respond_by,
        held=_HELD if one.is_held else "",
        why=why,
        also=also,
        alerts=tuple(dict.fromkeys(_alerts(one, why))),
        actions=actions,
        missing=missing,
        if_worse=_if_worse(one),
        appropriate=tuple(_appropriate(one)),
        next=steps(one, also, actions, missing),
        if_you_disagree=_if_you_disagree(one),
        overridden=_overridden(one),
        cancelled=_cancelled(one),
        rulebook=Stamp(**one.decision["rulebook"]),
        rulebook_title=words(one.rulebook.title),
        decision_id=one.decision.get("decision_id"),
    )


def _standing_parts(
    one: Standing,
) -> tuple[tuple[OtherRoute, ...], tuple[ToDo, ...], Missing]:
    """Other teams, actions and questions; none where the referral was taken back."""
    if one.cancelled:
        return (), (), Missing("", (), 0)
    return _also(one), _actions(one), _missing(one)


_HELD = "Nothing is booked until a clinician has looked at the answers."

_CANCELLED = {
    Cancelled.REVOKED: "This referral was cancelled: its sender took it back",
    Cancelled.ENTERED_IN_ERROR: "This referral was cancelled: it was sent in error",
}


def _cancelled(one: Standing) -> str:
    if one.cancelled is None:
        return ""
    after = _WITH_CARE if one.is_danger or one.was_danger else "No team acts on it any more."
    return f"{_CANCELLED[one.cancelled]}. {after} What it said stands below."


_WITH_CARE = "Somebody may be in danger all the same: a clinician looks before anybody stands down."


def _also(one: Standing) -> tuple[OtherRoute, ...]:
    """The routes beside the one that stands; their clocks where this rulebook knows them."""
    urgencies = one.rulebook.vocabulary.urgencies
    return tuple(
        OtherRoute(
            title=one.title_of(each["id"]),
            how_fast=clock_words(urgencies[each["urgency"]])
            if each["urgency"] in urgencies
            else told(each["urgency"]).lower(),
            team=team_of(each["team"]),
            concurrent=each["concurrent"],
        )
        for each in one.decision["also_indicated"]
        if each["id"] != one.stands.route
    )


def _alerts(one: Standing, why: tuple[str, ...]) -> Iterator[Warned]:
    """What a person must see; what the reasons say already is not said again."""
    for each in one.decision["alerts"]:
        because = " ".join(said for said in sentences(each["because"]) if said not in why)
        yield Warned(each["id"], _named(one, "alerts", each["id"]), because)


def _actions(one: Standing) -> tuple[ToDo, ...]:
    """What is to be done. In an emergency whoever refers does it: no team of ours has it then."""
    who = YOU if one.clock == NOW else one.team.name
    found = (
        ToDo(
            id=each["id"],
            title=_named(one, "actions", each["id"]),
            who=who,
            due=each["due"],
            by=day_words(date.fromisoformat(each["due"])),
            because=fit(each["because"]),
        )
        for each in one.decision["actions"]
    )
    return tuple({(each.id, each.due): each for each in found}.values())


def _named(one: Standing, section: str, id_: str) -> str:
    named = one.rulebook.vocabulary.named[section].get(id_)
    return words(named.title) if named else told(id_)


def _missing(one: Standing) -> Missing:
    asked = one.decision["missing"]
    first = tuple(
        Question(each["answer"], words(each["question"]), words(each["why"]))
        for each in asked[:MOST_QUESTIONS]
    )
    says = "" if one.is_overridden or not asked else _OPEN[one.decision["status"]]
    return Missing(says, first, len(asked) - len(first))


_OPEN = {
    "routed": "None of these can change where the referral goes or how fast.",
    "provisional": "An answer could still change where the referral goes or how fast.",
    "needs_information": "A clinician asks about risk before anything else.",
}


def _if_worse(one: Standing) -> str:
    crisis = one.helper(CRISIS)
    reach = f" The crisis team is {crisis.says}." if crisis else ""
    return f"{one.rulebook.safety_net}{reach}"


def _if_you_disagree(one: Standing) -> str:
    review = one.helper(REVIEW)
    if review is None or one.cancelled or not one.is_recorded:
        return ""
    return f"Ring {review.says}: a clinician can decide otherwise, and tells you why."


def _appropriate(one: Standing) -> Iterator[Purpose]:
    """What the route is for; where it is no talking therapy, what those take as well."""
    if one.route is None:
        return
    yield _purpose(one.route)
    if one.route.step is None:
        routes = one.rulebook.vocabulary.routes.values()
        stepped = [(route.step, route) for route in routes if route.step is not None]
        yield from (_purpose(route) for _, route in sorted(stepped, key=itemgetter(0)))


def _purpose(route: RouteTerm) -> Purpose:
    return Purpose(words(route.title), words(f"{route.meaning} {route.suits}"))


def _overridden(one: Standing) -> Overridden | None:
    if not one.is_overridden:
        return None
    return Overridden(one.before, one.told(one.stands), *_by(one))


def _by(one: Standing) -> tuple[str, str]:
    """The role of who decided otherwise, and the reason, where they are known."""
    if one.override is None:
        return "", ""
    entry = one.override.entry
    reason = one.rulebook.vocabulary.override_reasons.get(entry["reason"])
    title = words(reason.title) if reason else told(entry["reason"])
    return told(entry["by"]["role"]).lower(), title
