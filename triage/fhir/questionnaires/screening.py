"""The questionnaire that asks everything the rules may read: the one for a referral."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from triage.domain.referral import SOURCE
from triage.domain.rules import LEVELS, NO_INDICATORS
from triage.domain.vocabulary import Answer, Factor, Vocabulary
from triage.fhir.own import Own
from triage.fhir.questionnaires.heading import Resource, heading, notice
from triage.fhir.questionnaires.items import Items, within
from triage.rulebook import Rulebook

SCREENING = "referral-screening"
"""The id of the questionnaire."""

PURPOSE = "What is asked before a referral is routed, the questions about safety first."

RATED = LEVELS[1:]
"""The levels that a clinician may give; what is not rated is left out."""

RISK = "risk"
"""The factor whose lowest level is no level to people, but what was recorded (NICE NG225)."""


def screening_of(rulebook: Rulebook) -> Resource:
    """The questionnaire; each item has the name of its answer as its ``linkId``."""
    words = rulebook.vocabulary
    own = Own.of(words)
    title = f"Referral screening: {rulebook.title}"
    return {
        **heading(SCREENING, title, PURPOSE, rulebook),
        **notice(_systems(words)),
        "code": [{"system": own.system("questionnaire"), "code": SCREENING, "display": title}],
        "item": [*_asked(words), _about(words, own), _ratings(words, own)],
    }


def _systems(words: Vocabulary) -> Iterator[str]:
    for answer in words.answers.values():
        yield from (*answer.codes, *answer.item_codes)


def _asked(words: Vocabulary) -> Iterator[Resource]:
    """The questions in their groups, which come as the vocabulary first names them."""
    items, grouped = Items(words), dict[str, list[Answer]]()
    for answer in words.answers.values():
        grouped.setdefault(answer.group, []).append(answer)
    for name, answers in grouped.items():
        yield _group(name, name.replace("_", " ").capitalize(), map(items.of, answers))


def _group(name: str, text: str, items: Iterable[Resource]) -> Resource:
    return {"linkId": f"group.{name}", "text": text, "type": "group", "item": list(items)}


def _about(words: Vocabulary, own: Own) -> Resource:
    """What is not of the answers, and stands elsewhere in a message: source and age."""
    return _group("about", "About the referral", [_source(words, own), _age(words, own)])


def _source(words: Vocabulary, own: Own) -> Resource:
    system = own.system("source")
    named = [(one.id, one.title) for one in words.sources_of_referral.values()]
    return {
        "linkId": SOURCE,
        "text": "Who refers?",
        "type": "choice",
        "answerOption": [
            {"valueCoding": {"system": system, "code": id_, "display": title}}
            for id_, title in named
        ],
    }


def _age(words: Vocabulary, own: Own) -> Resource:
    term = words.derived["age"].term
    return {
        **within(term),
        "linkId": "patient.age",
        "code": [{"system": own.system("answer"), "code": "patient.age", "display": term.title}],
        "text": "How old is the person, in completed years? A date of birth serves better.",
        "type": "integer",
    }


def _ratings(words: Vocabulary, own: Own) -> Resource:
    ratings = (_rating(one, own) for one in words.factors.values())
    return _group("levels", "What a clinician rates, where they do", ratings)


def _rating(factor: Factor, own: Own) -> Resource:
    return {
        "linkId": f"levels.{factor.name}",
        "code": [{"system": own.system("factor"), "code": factor.name, "display": factor.title}],
        "text": f"{factor.title}, as a clinician rates it",
        "type": "choice",
        "answerOption": [{"valueCoding": _level(level, factor, own)} for level in RATED],
    }


def _level(level: str, factor: Factor, own: Own) -> Resource:
    is_no_level = factor.name == RISK and level == RATED[0]
    display = NO_INDICATORS if is_no_level else level
    return {
        "system": own.system("level"),
        "code": level,
        "display": display[:1].upper() + display[1:],
    }
