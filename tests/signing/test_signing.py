"""A clinician signs a rulebook: by name, once, and for the very words that were read."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace

import pytest

from tests.recorded import CLINICIAN
from triage import persons
from triage.config import Settings
from triage.domain.caller import Caller, Role
from triage.errors import ConflictError
from triage.persons import Reason
from triage.rulebook import Rulebook
from triage.signing import Conclusion, Statement, sign, signed
from triage.store.log import DecisionLog
from triage.store.opening import open_log
from triage.store.verification import Elsewhere, verify

OTHER = Caller(Role.CLINICIAN, "another-clinician", "pages", "an-issuer")


@pytest.fixture
def log(log_settings: Settings) -> Iterator[DecisionLog]:
    """A log of its own, without an entry."""
    with closing(open_log(log_settings)) as opened:
        yield opened


def test_who_signed_stands_with_the_newest_first(log: DecisionLog, rulebook: Rulebook) -> None:
    digest = rulebook.stamp.digest
    assert signed(log, digest) == []
    sign(log, rulebook, Statement(Conclusion.SENT_BACK, "Ask Síle about PTSD."), CLINICIAN)
    entry = sign(log, rulebook, Statement(Conclusion.APPROVED, None), OTHER)
    assert entry.content["commitment"] is None
    assert (entry.content["rulebook"], entry.content["version"]) == (digest, rulebook.stamp.version)
    found = signed(log, digest)
    assert [(one.by, one.conclusion, one.note) for one in found] == [
        (OTHER, Conclusion.APPROVED, None),
        (CLINICIAN, Conclusion.SENT_BACK, "Ask Síle about PTSD."),
    ]
    assert signed(log, "sha256:of-others") == []
    copy = log.rulebook(digest)
    assert copy is not None
    assert copy.id == rulebook.stamp.id


def test_a_note_may_be_erased_and_the_log_is_proved(log: DecisionLog, rulebook: Rulebook) -> None:
    entry = sign(log, rulebook, Statement(Conclusion.APPROVED, "Mrs Smith."), CLINICIAN)
    (found,) = persons.of_decision(log, entry.id)
    persons.erase(log, found, OTHER, Reason.RECORDED_IN_ERROR)
    assert [one.note for one in signed(log, rulebook.stamp.digest)] == [None]
    proved = verify(log.database, Elsewhere((), [log.vkey], log.person_key))
    assert (proved.entries, proved.erased, proved.rulebooks) == (2, 1, 1)


def test_a_signature_needs_a_name(log: DecisionLog, rulebook: Rulebook) -> None:
    with pytest.raises(ConflictError, match="needs a name"):
        sign(log, rulebook, Statement(Conclusion.APPROVED, None), Caller(Role.DEVELOPER))
    assert log.head().head.size == 0


def test_nobody_says_the_same_twice_and_anybody_may_think_better_of_it(
    log: DecisionLog, rulebook: Rulebook
) -> None:
    def said(_number: int) -> bool:
        try:
            return bool(sign(log, rulebook, Statement(Conclusion.APPROVED, None), CLINICIAN))
        except ConflictError:
            return False

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(said, range(4))) == 1
    sign(log, rulebook, Statement(Conclusion.SENT_BACK, None), CLINICIAN)
    assert said(0)
    elsewhere = replace(CLINICIAN, issuer="another-issuer")
    assert sign(log, rulebook, Statement(Conclusion.APPROVED, None), elsewhere).sequence == 4
