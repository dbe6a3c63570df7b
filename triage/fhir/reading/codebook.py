"""What links and codes of messages stand for: tables made from the vocabulary, once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from triage.domain.referral import BIRTH_DATE
from triage.domain.rules import LEVELS
from triage.domain.vocabulary import Answer, Kind, KnownQuestionnaire, Vocabulary
from triage.fhir.own import Own
from triage.fhir.reading.elements import Coding
from triage.fhir.reading.said import Asked, Question
from triage.fhir.reading.values import undotted
from triage.fhir.systems import plain

LOINC, SNOMED, ICD10 = "loinc", "snomed", "icd10"
"""How the vocabulary names three systems: one whose codes are links; one that GP systems speak,
whose codes like those of the first are known without their system; and one whose codes have parts.
"""

SAFETY = "safety"
"""The group of the questions about danger."""

SOURCE, DECLINED = Asked("", "source"), Asked("", "declined")
AGE, BORN = Asked("patient", "age"), Asked("patient", BIRTH_DATE.partition(".")[2])
ADJUSTMENTS = Asked("answers", "adjustments")
PROBLEM, DURATION = (
    Asked("answers", "presenting_problem"),
    Asked("answers", "problem_duration_days"),
)

Key = tuple[str, str]
"""A system and a code of it."""

T = TypeVar("T")


class Codebook:
    """The tables of one vocabulary. Made once; safe for many threads."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.own = Own.of(vocabulary)
        self._base = f"{plain(self.own.base)}/"
        self._loinc = plain(vocabulary.messages.systems.get(LOINC, ""))
        self._questionnaires = {
            plain(url): known for url, known in vocabulary.messages.questionnaires.items()
        }
        self.questions = {one.asked: one for one in _questions(vocabulary, self.own)}
        self.links = {_link(asked): asked for asked in (DECLINED, *self.questions)}
        self.codes = dict(_codes(vocabulary, self.own))
        items = dict(_item_codes(vocabulary))
        self._by_key = {**items, **self.codes}
        self.twins = {item: self.codes[key] for key, item in items.items() if key in self.codes}
        self.items_of = {twin: item for item, twin in self.twins.items()}
        self._bare = dict(_bare(self._by_key, vocabulary))
        self.risk_like = frozenset(_risk_like(vocabulary, self.twins))

    def questionnaire(self, url: str) -> KnownQuestionnaire | None:
        """A questionnaire of somebody else that is known, by its canonical URL."""
        return self._questionnaires.get(plain(url))

    def is_ours(self, uri: str) -> bool:
        """Is this one of our own URIs, or meant to be?"""
        return len(self._base) > 1 and plain(uri).startswith(self._base)

    def own_system(self, name: str) -> str:
        """A code system of ours, as systems are compared."""
        return plain(self.own.system(name))

    def by_loinc(self, code: str) -> Asked | None:
        """What a code of LOINC alone stands for."""
        return self._by_key.get((self._loinc, code))

    def asked_by(self, codings: Sequence[Coding]) -> Sequence[Asked]:
        """What these codings ask for: by ours where one is, and as a whole only where by no part.

        More than one where they contradict one another.
        """
        found = self.by_system(codings) or self.without_system(codings)
        return [one for one in found if not self.is_panel(one)] or found

    def names(self, codings: Iterable[Coding]) -> list[Asked]:
        """What those of our own among these codings ask for."""
        return self._known(one for one in codings if self.is_ours(one.system))

    def by_system(self, codings: Sequence[Coding]) -> list[Asked]:
        """What those among these codings ask for that name a system: ours where any is."""
        return self.names(codings) or self._known(codings)

    def without_system(self, codings: Iterable[Coding]) -> list[Asked]:
        """What those ask for that are known although they name no system."""
        asked = (self._bare.get(one.code) for one in codings if not one.system)
        return list(dict.fromkeys(one for one in asked if one))

    def misnamed(self, codings: Iterable[Coding]) -> list[Coding]:
        """Those that are meant to be our own and name nothing that can be asked."""
        ours = (one for one in codings if self.is_ours(one.system))
        return [one for one in ours if one.known_by not in self._by_key]

    def _known(self, codings: Iterable[Coding]) -> list[Asked]:
        asked = (self._by_key.get(one.known_by) for one in codings)
        return list(dict.fromkeys(one for one in asked if one))

    def is_panel(self, asked: Asked) -> bool:
        """Does it ask for all the items of a questionnaire at once?"""
        return asked.item is None and self.questions[asked].kind is Kind.ITEMS

    def is_list(self, asked: Asked) -> bool:
        """Does it ask for as many as there are?"""
        question = self.questions.get(asked)
        return question is not None and question.kind is Kind.LIST

    def total_of(self, panel: Asked) -> Asked | None:
        """The answer that is the total of a questionnaire's items."""
        total = Asked(panel.part, panel.name.removesuffix("_items") + "_total")
        return total if total in self.questions else None


def _link(asked: Asked) -> str:
    """How our own questionnaires and codes name it."""
    if asked.item is not None:
        return f"{asked.name}.{asked.item}"
    return asked.name if asked.part == "answers" else asked.path


def _codes(vocabulary: Vocabulary, own: Own) -> Iterator[tuple[Key, Asked]]:
    """What names an answer, and the codes of our own, which name anything that can be asked."""
    for one in _questions(vocabulary, own):
        yield (plain(own.system("answer")), _link(one.asked)), one.asked
    for factor in vocabulary.factors:
        yield (plain(own.system("factor")), factor), Asked("levels", factor)
    for name, answer in vocabulary.answers.items():
        for system, code in _by_system(answer.codes, vocabulary):
            yield (system, code), Asked("answers", name)


def _item_codes(vocabulary: Vocabulary) -> Iterator[tuple[Key, Asked]]:
    for name, answer in vocabulary.answers.items():
        for system, codes in _by_system(answer.item_codes, vocabulary):
            yield from (
                ((system, code), Asked("answers", name, n)) for n, code in enumerate(codes, 1)
            )


def _by_system(codes: Mapping[str, T], vocabulary: Vocabulary) -> Iterator[tuple[str, T]]:
    """The codes that an answer has in each system, by the URI of that as systems are compared."""
    systems = vocabulary.messages.systems
    return ((plain(systems[name]), each) for name, each in codes.items() if name in systems)


def _bare(codes: Mapping[Key, T], vocabulary: Vocabulary) -> Iterator[tuple[str, T]]:
    """The codes of the systems whose codes are known without them."""
    systems = vocabulary.messages.systems
    known = {plain(systems[name]) for name in (LOINC, SNOMED) if name in systems}
    return ((code, each) for (system, code), each in codes.items() if system in known)


def _risk_like(vocabulary: Vocabulary, twins: Mapping[Asked, Asked]) -> Iterator[Asked]:
    """What is asked about danger, or gets worse in a direction: none of it may be lost."""
    found = {
        Asked("answers", name)
        for name, answer in vocabulary.answers.items()
        if answer.worse or answer.group == SAFETY
    }
    yield from found
    yield from (item for item, twin in twins.items() if twin in found)


def _questions(vocabulary: Vocabulary, own: Own) -> Iterator[Question]:
    for answer in vocabulary.answers.values():
        whole = _of_answer(answer, vocabulary, own)
        yield replace(whole, codes={}, bare={}) if answer.length else whole
        for n in range(1, answer.length + 1):
            yield replace(whole, asked=whole.asked._replace(item=n))
    for factor in vocabulary.factors:
        level = plain(own.system("level"))
        yield Question(Asked("levels", factor), Kind.CHOICE, level, choices=LEVELS)
    sources = tuple(vocabulary.sources_of_referral)
    yield Question(SOURCE, Kind.CHOICE, plain(own.system("source")), choices=sources)
    yield Question(AGE, Kind.NUMBER, "")
    yield Question(BORN, Kind.DATE, "")


def _of_answer(answer: Answer, vocabulary: Vocabulary, own: Own) -> Question:
    icd10 = plain(vocabulary.messages.systems.get(ICD10, ""))
    codes = {
        (system, undotted(code) if system == icd10 else code): value
        for system, values in _by_system(answer.value_codes, vocabulary)
        for code, value in values.items()
    }
    return Question(
        asked=Asked("answers", answer.name),
        kind=answer.term.kind,
        own=plain(own.system(answer.name)),
        icd10=icd10,
        codes=codes,
        bare=dict(_bare(codes, vocabulary)),
        choices=answer.term.choices,
        lowest=answer.term.low,
    )
