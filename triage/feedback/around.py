"""What stands around a referral: what was decided before it, what came later, what was not read."""

from __future__ import annotations

from triage.domain.referred import Referred
from triage.feedback.wording import words
from triage.rulebook import Rulebook

MOST_UNREAD = 5
"""How many things that were not read are told one by one; of the others only how many there are."""


def before(referred: Referred, rulebook: Rulebook) -> str:
    """What was decided before and was more urgent, from which nobody has stood down."""
    urgencies = rulebook.vocabulary.urgencies
    first = referred.more_urgent_before(urgencies)
    if first is None:
        return ""
    known = urgencies.get(first.urgency)
    title = f" ({words(known.title).lower()})" if known else ""
    return (
        f"What was decided before on this referral was more urgent{title}. Nobody stands down from"
        " that by a message: a clinician looks at both first."
    )


def later(referred: Referred) -> str:
    """That a later decision took its place."""
    if referred.later is None:
        return ""
    return f"A later decision took the place of this one: {referred.later[0]}."


def unread(referred: Referred) -> tuple[str, ...]:
    """What of the message was passed over or read with doubt, the gravest first."""
    told = tuple(dict.fromkeys(words(one["says"]) for one in referred.findings))
    more = len(told) - MOST_UNREAD
    rest = (f"And {more} more; the answer to the message names each.",) if more > 0 else ()
    return (*told[:MOST_UNREAD], *rest)
