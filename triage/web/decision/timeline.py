"""What happened to a decision, as a line of events, and who looked at it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from triage.access.roles import SEE_VIEWS
from triage.domain.caller import Caller
from triage.domain.overriding import Standing
from triage.feedback.moments import moment_words
from triage.feedback.wording import plain, told
from triage.store.deliveries import Channel, State
from triage.store.told import Told
from triage.web.decision.names import Names, by_words
from triage.web.site import may

Entry = Mapping[str, Any]

STANDINGS: Mapping[str, str] = {
    Standing.IN_FORCE: "in force",
    Standing.AWAITING: "waits for a second person",
    Standing.WITHDRAWN: "withdrawn",
    Standing.SUPERSEDED: "superseded",
}
"""How far a decision or an override has come, in words."""

CHANNELS: Mapping[str, str] = {
    Channel.MESSAGE: "by a message to their system",
    Channel.WEBHOOK: "by a call to their system",
    Channel.LETTER: "by letter",
}
"""How somebody is told, in words."""

STATES: Mapping[str, str] = {
    State.WAITING: "on its way",
    State.DELIVERED: "delivered",
    State.DEAD: "could not be delivered: whoever runs the service must look at it",
    State.DROPPED: "not sent: nothing names the person any more",
}
"""How far a delivery has come, in words."""

CANCELLED: Mapping[str, str] = {
    "revoked": "Cancelled: its sender took it back",
    "entered-in-error": "Cancelled: it was sent in error",
}

ERASED: Mapping[str, str] = {
    "person_request": "because the person asked for it",
    "recorded_in_error": "because it was recorded in error",
    "retention": "because it had been kept for as long as it may be",
}

MOST_VIEWS = 50
"""How many of those who looked are told one by one, the last of them first."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: what, by whom and when, with its number in the log.

    ``standing`` is empty but for decisions and overrides; ``reason`` and ``comment`` but for
    overrides. ``waiting`` is the id of an override that waits for a second person, which whoever
    looks ``may_confirm`` or ``may_withdraw``; else empty.
    """

    sequence: int
    kind: str
    title: str
    by: str
    when: str
    standing: str = ""
    reason: str = ""
    comment: str = ""
    respond_by: str = ""
    told: tuple[str, ...] = ()
    waiting: str = ""
    may_confirm: bool = False
    may_withdraw: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """That somebody looked at something."""

    what: str
    by: str
    when: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """The events of a decision, and ``looks`` at it: None for whoever is not told of those.

    ``more`` is how many looks there were before those told.
    """

    events: tuple[Event, ...]
    looks: tuple[Look, ...] | None
    more: int = 0

    def event(self, sequence: int) -> Event | None:
        """The event of a number in the log, where somebody did it here."""
        made = (one for one in self.events if one.kind in MADE_HERE)
        return next((one for one in made if one.sequence == sequence), None)


MADE_HERE = frozenset({"override", "override_confirmation", "override_withdrawal"})
"""The kinds of events that pages make."""


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom a timeline is told, and in whose words."""

    caller: Caller
    names: Names
    told: Sequence[Told]


def timeline_of(history: Entry, reader: Reader) -> Timeline:
    """The line of events of a history (``history_of``)."""
    entries: Sequence[Entry] = history["entries"]
    events = tuple(_event(one, reader) for one in entries if one["kind"] != "view")
    if reader.caller.role not in SEE_VIEWS:
        return Timeline(events, None)
    views = [one for one in entries if one["kind"] == "view"]
    last = views[: -MOST_VIEWS - 1 : -1]
    looks = (Look(told(one["what"]), by_words(one["by"]), moment_words(one["at"])) for one in last)
    return Timeline(events, tuple(looks), max(0, len(views) - MOST_VIEWS))


def _event(entry: Entry, reader: Reader) -> Event:
    return Event(
        sequence=entry["sequence"],
        kind=entry["kind"],
        title=_TITLES[entry["kind"]](entry, reader.names),
        by=by_words(entry["by"]),
        when=moment_words(entry["at"]),
        standing=STANDINGS[entry["standing"]] if "standing" in entry else "",
        reason=reader.names.reason(entry["reason"]) if entry["kind"] == "override" else "",
        comment=_comment(entry),
        respond_by=moment_words(entry["respond_by"]) if "respond_by" in entry else "",
        told=tuple(_deliveries(entry, reader.told)),
        **_offered(entry, reader.caller),
    )


def _comment(entry: Entry) -> str:
    if entry["kind"] != "override":
        return ""
    return plain(entry["comment"]) if entry["comment"] else "(the comment was erased)"


def _deliveries(entry: Entry, every: Sequence[Told]) -> Iterator[str]:
    for one in every:
        if one.sequence == entry["sequence"]:
            when = f" at {moment_words(one.delivered_at)}" if one.delivered_at else ""
            channel = CHANNELS.get(one.channel, told(one.channel).lower())
            yield f"{channel}: {STATES.get(one.state, one.state)}{when}"


def _offered(entry: Entry, caller: Caller) -> dict[str, Any]:
    """What whoever looks may do about an override that waits for a second person."""
    if entry.get("standing") != Standing.AWAITING:
        return {}
    return {
        "waiting": entry["id"],
        "may_confirm": may(caller, "decision.confirm") and _is_second(entry["by"], caller),
        "may_withdraw": may(caller, "decision.withdraw"),
    }


def _is_second(by: Entry, caller: Caller) -> bool:
    """Is somebody known to be another than who asked, who is known as well?"""
    known = by["subject"] is not None and caller.subject is not None
    return known and (by["subject"], by["issuer"]) != (caller.subject, caller.issuer)


def _overridden(entry: Entry, names: Names) -> str:
    before = names.goes(entry["from"]["route"], entry["from"]["urgency"])
    now = names.goes(entry["route"], entry["urgency"])
    if entry.get("standing") == Standing.AWAITING:
        return f"A lower urgency was asked for: {now}; {before[:1].lower()}{before[1:]} goes on"
    return f"Decided otherwise: {now}; before, {before}"


def _decided(entry: Entry, names: Names) -> str:
    return f"Decided by the rules: {names.goes(entry['route'], entry['urgency'])}"


_TITLES: Mapping[str, Callable[[Entry, Names], str]] = {
    "decision": _decided,
    "override": _overridden,
    "override_confirmation": lambda entry, names: (
        f"Confirmed by a second person: {names.goes(entry['route'], entry['urgency'])}"
    ),
    "override_withdrawal": lambda _entry, _names: "The lower urgency was withdrawn",
    "cancellation": lambda entry, _names: CANCELLED[entry["status"]],
    "erasure": lambda entry, _names: f"What named the person was erased, {ERASED[entry['reason']]}",
}
