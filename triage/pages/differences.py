"""The difference between two rulebooks in words, wherever somebody reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from triage.domain.rules import level_fact
from triage.domain.vocabulary import Vocabulary
from triage.pages.words import Words
from triage.verify.comparison.edits import Changed, Edits
from triage.verify.comparison.held import CASENESS, Part

LEAST_SHARE = 0.0001
"""The least share of all referrals that is written out."""


def share_words(part: int, whole: int) -> str:
    """How many of all these are."""
    share = part / whole
    return f"{share:.2%}" if share >= LEAST_SHARE or not part else "<0.01%"


def changed_words(one: Changed) -> str:
    """What is one thing before, and another after."""
    return f"{one.what}: {one.before or 'not there'} -> {one.after or 'not there'}"


def edited_words(edits: Edits) -> Iterator[str]:
    """What is written otherwise, whatever comes of it."""
    for told_as, rules in (
        ("rules added", edits.added),
        ("rules dropped", edits.dropped),
        ("rules changed", edits.changed),
        ("rules with other words alone", edits.words),
    ):
        if rules:
            yield f"{told_as} ({len(rules)}): {', '.join(rules)}"
    yield from map(changed_words, (*edits.renamed, *edits.shared))


def part_words(part: Part, words: Vocabulary) -> str:
    """A part of a decision."""
    return _SAID[part.kind](part, words)


def _named(section: str, heading: str) -> Callable[[Part, Vocabulary], str]:
    return lambda part, words: f"{heading}: {words.named[section][part.name].title}"


def _level(part: Part, words: Vocabulary) -> str:
    level = Words(words).value(level_fact(part.name), part.what)
    return f"{words.factors[part.name].title}: {level}"


def _action(part: Part, words: Vocabulary) -> str:
    when = "the same day" if part.what == "0" else f"within {part.what} days"
    if part.what in words.answers:
        when = f"on the date of: {words.answers[part.what].term.title}"
    return f"To do: {words.named['actions'][part.name].title}, {when}"


def _also(part: Part, words: Vocabulary) -> str:
    urgency = words.urgencies[part.what].title.lower()
    return f"Also indicated: {words.routes[part.name].title}, {urgency}"


_SAID: Mapping[str, Callable[[Part, Vocabulary], str]] = {
    "level": _level,
    "hold_booking": lambda _part, _words: "Nothing is booked until a clinician has looked",
    "alert": _named("alerts", "Alert"),
    "action": _action,
    "also_indicated": _also,
    "concurrent": lambda part, words: f"At the same time: {words.routes[part.name].title}",
    "caseness": lambda part, words: f"{words.terms[CASENESS[part.name]].title}: {part.what}",
    "treatment": _named("treatments", "Treatment"),
    "measure": _named("measures", "Measure"),
    "support": _named("supports", "Support"),
}
