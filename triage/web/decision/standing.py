"""What stands of a decision now, and what must be said of it before anything else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from triage.domain.clock import local_day
from triage.domain.overriding import Standing
from triage.feedback import Feedback, feedback_of
from triage.feedback.moments import moment_words
from triage.pages.letter import Envelope
from triage.rulebook import Rulebook
from triage.web.decision.answers import Given
from triage.web.decision.names import Names
from triage.web.decision.record import Record
from triage.web.shelf import Shelf

STATUSES: Mapping[str, str] = {
    "routed": "Settled: no missing answer can change where it goes or how fast",
    "provisional": "Provisional: a missing answer could still change where it goes or how fast",
    "needs_information": "Needs information: a clinician asks about risk before anything else",
}
"""How far a decision could still change, in words."""

CASENESS: Mapping[bool | None, str] = {
    True: "at or above the threshold",
    False: "below the threshold",
    None: "no score",
}


OWN = {"Your reference": "Reference of the referrer"}
"""What is called otherwise here than in a letter."""


@dataclass(frozen=True, slots=True)
class Stands:
    """What stands: ``told`` is what a referrer is told of it as well.

    ``why`` is one sentence of the rules; ``by_rules`` where they sent it, empty where that stands;
    ``waiting`` the lower urgency that waits for a second person, empty where none does.
    ``later`` and ``earlier`` are the ids of decisions that took its place, and whose it took.
    """

    told: Feedback
    why: str
    status: str
    by_rules: str
    waiting: str
    later: str
    earlier: str
    about: tuple[Given, ...]
    with_it: tuple[Given, ...]


def rulebook_standing(record: Record, shelf: Shelf) -> Rulebook:
    """The rulebook in whose words something stands: of the override in force, or the decision."""
    override = record.referred.override
    named = override.entry["rulebook"] if override else record.decision["rulebook"]["digest"]
    return shelf.of_decision(str(named))


def stands_of(record: Record, rulebook: Rulebook, names: Names) -> Stands:
    """What stands of a decision. ``rulebook`` is the one in whose words it stands."""
    referred, decision = record.referred, record.decision
    feedback = feedback_of(referred, rulebook)
    overridden = referred.is_overridden
    return Stands(
        told=feedback,
        why=feedback.why[0] if feedback.why else "",
        status=STATUSES[decision["status"]],
        by_rules=names.goes(decision["route"]["id"], decision["urgency"]) if overridden else "",
        waiting=_waiting(record, names),
        later=referred.later[0] if referred.later else "",
        earlier=record.history["supersedes"] or "",
        about=tuple(_about(record, rulebook)),
        with_it=tuple(_with_it(decision, names)),
    )


def letter_day(record: Record) -> date:
    """The day a decision was made, which is the day on its letter."""
    return local_day(datetime.fromisoformat(record.recorded.entry.at))


def _waiting(record: Record, names: Names) -> str:
    awaiting = (
        names.goes(one["route"], one["urgency"])
        for one in record.history["entries"]
        if one.get("standing") == Standing.AWAITING
    )
    return next(awaiting, "")


def _about(record: Record, rulebook: Rulebook) -> Iterator[Given]:
    """Whom it is about and who referred, as far as that is still held."""
    referral = record.referred.referral
    envelope = Envelope.of(record.referred, letter_day(record))
    yield from (Given(OWN.get(label, label), said) for label, said in envelope.about)
    if record.is_erased:
        yield Given("Person", "what named them was erased")
    age = referral["patient"]["age"]
    yield Given("Age", "not known" if age is None else f"{age} years")
    yield Given("Referred by", _referrer(envelope))
    yield Given("Source", _source(referral["source"], rulebook))
    yield Given("Received", moment_words(referral["received_at"]))


def _referrer(envelope: Envelope) -> str:
    said = [one for one in (envelope.to_name, envelope.to_ods_code) if one]
    return ", ".join(said) or "no referrer is named"


def _source(code: str | None, rulebook: Rulebook) -> str:
    known = rulebook.vocabulary.sources_of_referral.get(code or "")
    return known.title if known else (code or "not known")


def _with_it(decision: Mapping[str, Any], names: Names) -> Iterator[Given]:
    """What goes with the route: measures, treatments, supports, and whether scores reach a case."""
    for section, title in (
        ("treatments", "Treatments to offer"),
        ("measures", "Measures to take"),
        ("supports", "To take with it"),
    ):
        named = [names.named(section, one) for one in decision[section]]
        if named:
            yield Given(title, "; ".join(named))
    scores = [
        f"{names.named('measures', name)}: {CASENESS[reached]}"
        for name, reached in decision["caseness"].items()
    ]
    yield Given("Caseness", "; ".join(scores))
