from __future__ import annotations

from typing import Any

import pytest

from tests.edited_rules import EditedRules
from triage.api.vocabulary_data import vocabulary_data
from triage.cds_hooks.wording import Phrases
from triage.errors import RulebookError
from triage.rulebook import Rulebook, load_rulebook

LISTED = "ordered_as: [community mental health, cmht, adult mental health team]"


def fault_of(rules: EditedRules, listed: str) -> tuple[int, int, str]:
    """The one fault of a list of phrases: where the list stands, where the fault is, and what."""
    at = rules.replace("vocabulary.yaml", LISTED, f"ordered_as: {listed}")
    with pytest.raises(RulebookError) as caught:
        load_rulebook(rules.directory)
    (fault,) = caught.value.faults
    return at, fault.line, fault.problem


@pytest.mark.parametrize("phrase", ["CMHT", '"two  spaces"', '" cmht"', '"--"'])
def test_phrases_are_written_as_they_are_compared(edited_rules: EditedRules, phrase: str) -> None:
    at, line, problem = fault_of(edited_rules, f"[cmht, {phrase}]")
    assert line == at
    assert "small letters" in problem


def test_a_phrase_stands_once(edited_rules: EditedRules) -> None:
    assert "cmht is in the list already" in fault_of(edited_rules, "[cmht, cmht]")[2]


def test_a_route_need_not_be_known_by_any_words(edited_rules: EditedRules) -> None:
    edited_rules.replace("vocabulary.yaml", f"    {LISTED}\n", "")
    assert load_rulebook(edited_rules.directory).vocabulary.routes["cmht"].ordered_as == ()


@pytest.mark.parametrize("name", ["ordered_as", "not_ordered_as"])
def test_the_lists_of_what_says_no_route_are_read_as_strictly(
    edited_rules: EditedRules, name: str
) -> None:
    at = edited_rules.replace(
        "vocabulary.yaml", f"\n  {name}:\n    - ", f"\n  {name}:\n    - X\n    - "
    )
    with pytest.raises(RulebookError) as caught:
        load_rulebook(edited_rules.directory)
    (fault,) = caught.value.faults
    assert (fault.line, "small letters" in fault.problem) == (at + 2, True)


def test_rulebooks_without_those_lists_can_still_be_read(edited_rules: EditedRules) -> None:
    path = edited_rules.directory / "vocabulary.yaml"
    text = path.read_text(encoding="utf-8")
    begins, ends = text.index("\n  ordered_as:\n"), text.index("\n  # Questionnaires of others")
    path.write_text(text[:begins] + text[ends:], encoding="utf-8")
    messages = load_rulebook(edited_rules.directory).vocabulary.messages
    assert messages.ordered_as == messages.not_ordered_as == ()


def test_everybody_can_read_them_in_the_vocabulary(rulebook: Rulebook) -> None:
    routes: list[dict[str, Any]] = vocabulary_data(rulebook.vocabulary)["routes"]
    (cmht,) = (one for one in routes if one["id"] == "cmht")
    assert "community mental health" in cmht["ordered_as"]


def test_they_wait_for_a_signature(rulebook: Rulebook) -> None:
    assert "ordered_as" in rulebook.vocabulary.to_sign


def test_words_are_the_same_however_they_are_written() -> None:
    phrases = Phrases(["drug and alcohol", "cbt"])
    for text in ("Drug & Alcohol", "drug&alcohol", "C.B.T."):
        assert phrases.are_in(text)
    assert not phrases.are_in("c b t")


def test_phrases_are_whole_words_whatever_stands_between_them() -> None:
    phrases = Phrases(["guided self-help", "cbt"])
    for text in ("Guided  Self Help!", "guided_self-help", "(CBT)", "cbt/emdr"):
        assert phrases.are_in(text)
    for text in ("guided self-helper", "cbts", "unguided self-help", ""):
        assert not phrases.are_in(text)
