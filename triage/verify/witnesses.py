"""A witness as a person reads it: what was answered, by the titles and words of the vocabulary."""

from __future__ import annotations

from collections.abc import Iterator

from triage.domain.referral import BIRTH_DATE, SOURCE
from triage.domain.rules import NO_INDICATORS, rated_fact
from triage.domain.vocabulary import Vocabulary
from triage.verify.report import Witness


def told(witness: Witness, words: Vocabulary) -> Iterator[str]:
    """Each thing that the referral holds; every other question was not asked."""
    for path, value in witness.given.items():
        part, _, name = path.partition(".")
        if part == "answers":
            term = words.answers[name].term
            yield f"{term.title}: {term.words(value)}"
        elif part == "levels":
            level = NO_INDICATORS if (name, value) == ("risk", "low") else value
            yield f"{words.terms[rated_fact(name)].title}: {level}"
        elif path == SOURCE:
            yield f"Source: {words.sources_of_referral[value].title}"
        else:
            yield f"{_PATIENT.get(path, path)}: {value}"
    if not witness.given:
        yield "nothing was asked"


_PATIENT = {
    "patient.age": "Age",
    BIRTH_DATE: "Date of birth",
    "patient.nhs_number": "NHS number",
}


def outcome_of(witness: Witness, words: Vocabulary) -> str:
    """What the live engine makes of it."""
    if witness.route is None or witness.urgency is None:
        return "no route"
    told = f"{words.routes[witness.route].title}, {words.urgencies[witness.urgency].title.lower()}"
    return told if witness.agreed else f"{told} (the engine and the diagram differ on it)"
