"""A comment that is about no decision, as on a card that was shown, can be forgotten as well."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from tests.builders import a_referral
from tests.recorded import GP, recorded
from triage import persons
from triage.config import Settings
from triage.domain.caller import Caller, Role
from triage.persons import Reason
from triage.rulebook import Rulebook
from triage.store import identities
from triage.store.entries import Entry, Identity, Kind, NewEntry, written
from triage.store.log import DecisionLog
from triage.store.opening import open_log
from triage.store.verification import Elsewhere, verify
from triage.wire import canonical_bytes

OPERATOR = Caller(Role.OPERATOR, "an-operator", "command line")


@pytest.fixture
def log(log_settings: Settings) -> Iterator[DecisionLog]:
    with closing(open_log(log_settings)) as opened:
        yield opened


def feedback(log: DecisionLog, about: str | None = None, person: bytes | None = None) -> Entry:
    """What somebody made of a card, with a comment of theirs."""
    parts = {
        "service": "triage-order-sign",
        "card": "9f1b6f0c-51f3-5d0c-8d1f-2f4f2a1f7f10",
        "outcome": "overridden",
        "suggestions": [],
        "override_reason": "clinical_judgement",
        "given_at": "2026-11-26T10:00:00Z",
    }
    words = Identity(canonical_bytes({"comment": "Mrs Smith rang."}), person)
    return log.append(NewEntry(Kind.CARD_FEEDBACK, GP, parts, about, identity=words))


def proved(log: DecisionLog) -> int:
    """How many were erased, of a log that is proved."""
    return verify(log.database, Elsewhere((), [log.vkey], log.person_key)).erased


def test_it_is_erased_by_its_own_id(log: DecisionLog) -> None:
    entry = feedback(log)
    (found,) = persons.of_decision(log, entry.id)
    assert found.sequences == (1,)
    erasure = persons.erase(log, found, OPERATOR, Reason.RECORDED_IN_ERROR)
    assert erasure is not None
    assert persons.of_decision(log, entry.id) == []
    recorded_entry = log.recorded(entry.id)
    assert recorded_entry is not None
    assert recorded_entry.identity is None
    assert proved(log) == 1


def test_it_is_kept_as_long_as_anything_that_names_a_person(
    log: DecisionLog, rulebook: Rulebook
) -> None:
    recorded(log, rulebook, [a_referral()])
    entry = feedback(log)
    later = written(datetime.now(UTC) + timedelta(minutes=1))
    with log.database.read() as connection:
        assert identities.out_of_date(connection, entry.at[:4]) == []
        assert entry.id in identities.out_of_date(connection, later)


def test_one_that_is_about_a_decision_goes_with_it(log: DecisionLog, rulebook: Rulebook) -> None:
    (decision,) = recorded(log, rulebook, [a_referral()])
    feedback(log, decision.decision_id)
    (found,) = persons.of_decision(log, decision.decision_id)
    assert found.sequences == (1, 2)
    persons.erase(log, found, OPERATOR, Reason.PERSON_REQUEST)
    assert proved(log) == 2
