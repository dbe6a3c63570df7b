"""What the rules ask, as FHIR Questionnaires: made from the vocabulary, and from nothing else."""

from __future__ import annotations

from collections.abc import Mapping

from triage.fhir.questionnaires.heading import Resource
from triage.fhir.questionnaires.instruments import instruments_of
from triage.fhir.questionnaires.screening import SCREENING, screening_of
from triage.rulebook import Rulebook

__all__ = ["SCREENING", "questionnaires_of"]


def questionnaires_of(rulebook: Rulebook) -> Mapping[str, Resource]:
    """The questionnaires of a rulebook by their ids, each a resource of R4.

    ``referral-screening`` asks everything. Beside it there is one for each instrument of which the
    vocabulary has the items, such as ``phq9``.
    """
    return {SCREENING: screening_of(rulebook), **instruments_of(rulebook)}
