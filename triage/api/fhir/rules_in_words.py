"""Rules in plain words, each in one line, for systems that show what the service goes by."""

from __future__ import annotations

from triage.domain.rules import Rule
from triage.domain.vocabulary import Vocabulary
from triage.fhir.plan_definition import InWords, Saying
from triage.pages.words import Clause, Words

OTHERWISE = "No other rule concludes a route"
"""When the rule without a condition fires."""


def saying(vocabulary: Vocabulary) -> Saying:
    """What says rules in the words of a vocabulary."""
    words = Words(vocabulary)

    def say(rule: Rule) -> InWords:
        when = in_one_line(words.condition(rule.when)) if rule.when else OTHERWISE
        says = tuple(words.sentence(one) for one in rule.sentences)
        return InWords(when, says, tuple(words.conclusions(rule)))

    return say


def in_one_line(clause: Clause) -> str:
    """A clause with all its parts; what is itself made of parts stands in brackets."""
    if not clause.parts:
        return clause.text
    parts = [f"({in_one_line(one)})" if one.parts else one.text for one in clause.parts]
    if clause.joint:
        return f"; {clause.joint} ".join(parts)
    return f"{clause.text} {'; '.join(parts)}"
