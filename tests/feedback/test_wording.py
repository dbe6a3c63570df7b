"""What rules and teams say, made fit to be told."""

from __future__ import annotations

import pytest

from triage.feedback.wording import fit, sentences


@pytest.mark.parametrize(
    "said",
    [
        "This is a low risk.",
        "A low-risk referral.",
        "The lowest risk there is.",
        "The risk is low.",
        "Risk: low.",
        "A clinician rated the risk as low.",
        "Risk level is low.",
        "The risk was rated as low by somebody.",
        "RISK IS LOW.",
    ],
)
def test_a_sentence_that_calls_a_risk_low_is_not_told(said: str) -> None:
    assert sentences(f"PHQ-9 is 9. {said} GAD-7 is 5.") == ["PHQ-9 is 9.", "GAD-7 is 5."]


@pytest.mark.parametrize(
    "said",
    [
        "PHQ-9 is 9, in the low range; there is no GAD-7.",
        "The answers about risk do not settle it, so a clinician must ask.",
        "A low-intensity treatment was tried and did not help.",
        "There is a history of serious harm and no current answer that makes the risk High.",
        "no immediate-safety indicators recorded",
    ],
)
def test_other_sentences_stand_as_they_are(said: str) -> None:
    assert fit(said) == said


def test_a_text_becomes_one_line() -> None:
    assert fit("  One\n line\tof text.\r\n") == "One line of text."


def test_what_is_withheld_is_said_to_be_elsewhere() -> None:
    said = "Adjustments asked for: an interpreter, (withheld)."
    assert fit(said) == "Adjustments asked for: an interpreter, as written in the referral."
