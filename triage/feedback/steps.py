"""What happens next: who does what, and by when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from operator import itemgetter

from triage.domain.clock import local_day
from triage.feedback.moments import moment_words
from triage.feedback.parts import Missing, OtherRoute, Step, Team, ToDo
from triage.feedback.standing import CRISIS, Standing
from triage.feedback.wording import once, words

YOU = "You"
NOW = "now"


def steps(
    one: Standing, also: tuple[OtherRoute, ...], actions: tuple[ToDo, ...], missing: Missing
) -> tuple[Step, ...]:
    """Every step, in the order in which it is due: what the referrer does at once comes first."""
    if one.cancelled:
        return tuple(_of_cancelled(one))
    return (
        *_at_once(one),
        *_sending(one),
        *(step for _, step in sorted(_timed(one, also, actions), key=itemgetter(0))),
        *_supporting(one),
        *_answering(one, missing),
        *_nothing_more(one),
    )


def _of_cancelled(one: Standing) -> Iterator[Step]:
    if one.is_danger:
        ring = f"Ring {_reach(one.team)} if what was answered is true of the person"
        yield Step(YOU, ring, NOW)
    yield Step(YOU, "Refer again if the person needs help after all")


def _at_once(one: Standing) -> Iterator[Step]:
    if not one.is_danger:
        return
    if one.clock == NOW:
        yield Step(YOU, f"Ring {_reach(one.team)}", NOW)
        return
    yield Step(YOU, f"Ring {_reach(one.team)}; do not wait to be rung", NOW)
    crisis = one.helper(CRISIS)
    if crisis and crisis.hours != one.team.hours:
        yield Step(YOU, f"Outside its hours ({one.team.hours}), ring {_reach(crisis)}", NOW)


def _sending(one: Standing) -> Iterator[Step]:
    if not one.is_recorded:
        yield Step(YOU, "Send the referral: nothing has been recorded or sent yet")


def _timed(
    one: Standing, also: tuple[OtherRoute, ...], actions: tuple[ToDo, ...]
) -> Iterator[tuple[str, Step]]:
    """What teams do, each with the day by which it is due."""
    day = local_day(datetime.fromisoformat(one.stands.respond_by)).isoformat()
    by = f"by {moment_words(one.stands.respond_by)}"
    if one.is_held and not actions:
        yield day, Step("A clinician", "Looks at the referral before anything is booked", by)
    if one.clock != NOW:
        yield day, Step(one.team.name, "Responds to the referral", by)
    for each in also:
        if each.concurrent:
            yield day, Step(each.team.name, "Acts at the same time", each.how_fast)
    for action in actions:
        yield action.due, Step(action.who, action.title, f"by {action.by}")


def _supporting(one: Standing) -> Iterator[Step]:
    named = one.rulebook.vocabulary.named["supports"]
    titles = once(words(named[each].title) for each in one.decision["supports"] if each in named)
    if titles:
        yield Step(one.team.name, f"Takes with it: {'; '.join(titles)}")


def _answering(one: Standing, missing: Missing) -> Iterator[Step]:
    if not missing.questions or one.is_danger:
        return
    if one.is_recorded:
        yield Step(YOU, f"Tell {_reach(one.team)} any answer you have to the questions below")
    else:
        yield Step(YOU, "Ask the questions below first, where you can")


def _nothing_more(one: Standing) -> Iterator[Step]:
    if one.is_recorded and not one.is_danger:
        yield Step("You and the person", "Nothing else: no second referral is needed")


def _reach(team: Team) -> str:
    return f"{team.name} on {team.phone}"
