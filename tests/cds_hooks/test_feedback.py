from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import orjson
import pytest

from tests.cds_hooks.desk import OTHER, Desk, desk_of, problem
from triage.config import Settings
from triage.decide import Decider
from triage.domain.vocabulary import Vocabulary
from triage.fhir.own import Own
from triage.rulebook import Rulebook
from triage.store.verification import verify

CARD, SUGGESTION = str(uuid.uuid4()), str(uuid.uuid4())
AT = "2026-11-20T10:15:00+01:00"
PATH = "/cds-services/triage-order-sign/feedback"


@pytest.fixture
def own(decider: Decider, log_settings: Settings) -> Iterator[Desk]:
    """A service with a log of its own, on each database."""
    with desk_of(decider, log_settings) as desk:
        yield desk


@pytest.fixture(scope="module")
def words(rulebook: Rulebook) -> Vocabulary:
    return rulebook.vocabulary


def accepted(**more: Any) -> dict[str, Any]:
    return {
        "card": CARD,
        "outcome": "accepted",
        "acceptedSuggestions": [{"id": SUGGESTION}],
        "outcomeTimestamp": AT,
        **more,
    }


def overridden(words: Vocabulary, **more: Any) -> dict[str, Any]:
    reason = {
        "system": Own.of(words).system("override-reason"),
        "code": "persons_choice",
        "display": "whatever the system shows",
    }
    given = {"reason": reason, "userComment": "Mrs Brown would rather wait."}
    told = {"card": CARD, "outcome": "overridden", "overrideReason": given}
    return {**told, "outcomeTimestamp": AT, **more}


def tell(desk: Desk, *outcomes: Any) -> None:
    """Tell outcomes, which are all taken."""
    answer = desk.post(PATH, {"feedback": list(outcomes)})
    assert (answer.status_code, answer.data) == (200, b"")


def faults(desk: Desk, *outcomes: Any) -> dict[str, str]:
    """The faults of outcomes, none of which is taken."""
    told = problem(desk.post(PATH, {"feedback": list(outcomes)}), 400)
    assert desk.heard() == []
    return {one["field"]: one["problem"] for one in told["errors"]}


def test_what_became_of_each_card_is_an_entry(own: Desk, words: Vocabulary) -> None:
    tell(own, accepted(), overridden(words))
    first, second = (one.entry.content for one in own.heard())
    assert {name: first[name] for name in first if name in _PARTS} == {
        "service": "triage-order-sign",
        "card": CARD,
        "outcome": "accepted",
        "suggestions": [SUGGESTION],
        "override_reason": None,
        "given_at": "2026-11-20T09:15:00Z",
    }
    assert (second["outcome"], second["override_reason"]) == ("overridden", "persons_choice")
    assert first["by"]["client"] == "https://ehr.example.org"
    assert first["about"] is None
    assert verify(own.log.database).entries == 2


_PARTS = ("service", "card", "outcome", "suggestions", "override_reason", "given_at")


def test_words_of_their_own_stand_apart_from_the_entry(own: Desk, words: Vocabulary) -> None:
    tell(own, overridden(words), accepted())
    with_words, without = own.heard()
    assert "Brown" not in with_words.entry.leaf.decode()
    assert "whatever" not in with_words.entry.leaf.decode()
    assert with_words.identity is not None
    assert orjson.loads(with_words.identity.content) == {"comment": "Mrs Brown would rather wait."}
    assert without.identity is None


def test_a_reason_of_the_systems_own_is_kept_apart_as_well(own: Desk) -> None:
    reason = {"system": "urn:ehr", "code": "other", "display": "Mrs Brown again"}
    tell(own, {**accepted(), "outcome": "overridden", "overrideReason": {"reason": reason}})
    (heard,) = own.heard()
    assert heard.entry.content["override_reason"] is None
    assert heard.identity is not None
    assert orjson.loads(heard.identity.content) == {
        "reason": ["urn:ehr", "other", "Mrs Brown again"]
    }


def test_the_same_told_again_is_recorded_once_and_anything_else_anew(
    own: Desk, words: Vocabulary
) -> None:
    for _ in range(3):
        tell(own, accepted(), accepted())
    assert len(own.heard()) == 1
    tell(own, overridden(words))
    tell(own, accepted(outcomeTimestamp="2026-11-20T10:16:00Z"))
    tell(replace(own, caller=OTHER), accepted())
    own.post(PATH.replace("sign", "select"), {"feedback": [accepted()]})
    assert len(own.heard()) == 5


def test_a_card_dismissed_without_a_reason_is_recorded(own: Desk) -> None:
    tell(own, {"card": CARD, "outcome": "overridden", "outcomeTimestamp": AT, "extension": {}})
    assert own.heard()[0].entry.content["suggestions"] == []


def test_every_fault_is_named_with_its_place_and_nothing_is_recorded(own: Desk) -> None:
    many = [{"id": SUGGESTION}] * 21
    wrong = {
        "card": "x",
        "outcome": "ignored",
        "acceptedSuggestions": [{"id": SUGGESTION}, {"id": 1}, "x"],
        "overrideReason": {"reason": {"code": "x" * 300}, "userComment": "x" * 2001},
        "outcomeTimestamp": "yesterday",
    }
    found = faults(own, accepted(), wrong, accepted(acceptedSuggestions=many), {}, 1)
    assert set(found) == {
        "feedback.1.card",
        "feedback.1.outcome",
        "feedback.1.acceptedSuggestions.1.id",
        "feedback.1.acceptedSuggestions.2",
        "feedback.1.overrideReason.reason.code",
        "feedback.1.overrideReason.userComment",
        "feedback.1.outcomeTimestamp",
        "feedback.2.acceptedSuggestions",
        "feedback.3.card",
        "feedback.3.outcome",
        "feedback.3.outcomeTimestamp",
        "feedback.4",
    }
    assert "accepted, overridden" in found["feedback.1.outcome"]


@pytest.mark.parametrize("body", [{}, {"feedback": []}, {"feedback": {}}, [], {"feedback": None}])
def test_a_body_without_feedback_is_refused(desk: Desk, body: Any) -> None:
    assert problem(desk.post(PATH, body), 400)["errors"]


def test_too_many_at_once_are_refused(desk: Desk) -> None:
    told = problem(desk.post(PATH, {"feedback": [accepted()] * 101}), 400)
    assert told["errors"] == [{"field": "feedback", "problem": "must hold 1 to 100 entries"}]


def test_feedback_is_no_referral_so_its_faults_speak_of_no_danger(desk: Desk) -> None:
    body = {"feedback": [], "answers": {"plan": "active"}}
    assert "safety" not in json.dumps(problem(desk.post(PATH, body), 400)["errors"])
