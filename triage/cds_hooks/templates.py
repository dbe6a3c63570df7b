"""What GP systems are asked to send along: FHIR queries by key, made from the vocabulary's codes.

They keep to what the standard recommends (CDS Hooks 2.0, prefetch query restrictions): reading by
id, searching by reference and token, the newest first, and so many at most.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from triage.domain.vocabulary import Answer, Kind, Vocabulary
from triage.fhir.own import Own
from triage.fhir.questionnaires import questionnaires_of
from triage.rulebook import Rulebook

PATIENT = "patient"
"""The key under which the Patient is sent."""

TOKEN = "{{context.patientId}}"  # noqa: S105 (the standard's word for a place to be filled in)

MEASURES = "measures"
"""The group of answers that are scores of instruments, which records keep as Observations."""

MOST = 50
"""How many of a kind are asked for where the vocabulary gives no number."""

ROUNDS = 2
"""How many rounds of an instrument are asked for: the newest may have been left incomplete."""


def templates_of(rulebook: Rulebook) -> Mapping[str, str]:
    """The templates by key, for every service here the same."""
    search = f"?patient={TOKEN}"
    return {
        PATIENT: f"Patient/{TOKEN}",
        **_observations(rulebook.vocabulary),
        "questionnaireResponses": f"QuestionnaireResponse{search}&{_questionnaires(rulebook)}",
        "conditions": f"Condition{search}&clinical-status=active&_count={MOST}",
        "flags": f"Flag{search}&_count={MOST}",
    }


def filled(template: str, patient_id: str) -> str:
    """A template as the address of a query, below that of a FHIR server.

    ``patient_id`` is an id as R4 has it, so nothing of it needs to be escaped.
    """
    return template.replace(TOKEN, patient_id)


def _observations(vocabulary: Vocabulary) -> dict[str, str]:
    """A search for each instrument, by every code that it, its total or its items have."""
    found: dict[str, dict[str, None]] = {}
    for answer in vocabulary.answers.values():
        if answer.group == MEASURES:
            instrument = answer.name.partition("_")[0]
            found.setdefault(instrument, {}).update(dict.fromkeys(_codes(answer, vocabulary)))
    return {
        key: (
            f"Observation?patient={TOKEN}&code={','.join(codes)}"
            f"&_sort=-date&_count={ROUNDS * len(codes)}"
        )
        for key, codes in found.items()
    }


def _codes(answer: Answer, vocabulary: Vocabulary) -> Iterator[str]:
    """The codes of an answer as tokens; of one that no national system knows, our own."""
    systems = vocabulary.messages.systems
    yield from (f"{systems[name]}|{code}" for name, code in answer.codes.items())
    for name, items in answer.item_codes.items():
        yield from (f"{systems[name]}|{code}" for code in items)
    if not answer.codes and answer.term.kind is not Kind.DATE:
        yield f"{Own.of(vocabulary).system('answer')}|{answer.name}"


def _questionnaires(rulebook: Rulebook) -> str:
    """Our questionnaires, and those of others that can be read here."""
    ours = [one["url"] for one in questionnaires_of(rulebook).values()]
    urls = [*ours, *rulebook.vocabulary.messages.questionnaires]
    return f"questionnaire={','.join(urls)}&_sort=-authored&_count={ROUNDS * len(urls)}"
