"""What each rulebook decided, by the index of decisions."""

from __future__ import annotations

from contextlib import closing

from tests.builders import a_referral
from triage.config import Settings
from triage.decide import Decider
from triage.domain.caller import Caller, Role
from triage.recording import Recorder
from triage.signing import Conclusion, Statement, sign
from triage.store.opening import open_log
from triage.store.uses import Use, first_decided_at, uses_of


def test_a_rulebook_is_used_from_its_first_decision_to_its_last(
    log_settings: Settings, decider: Decider
) -> None:
    rulebook, by = decider.rulebook, Caller(Role.CLINICIAN, "ruth-okoro")
    digest = rulebook.stamp.digest
    with closing(open_log(log_settings)) as log:
        sign(log, rulebook, Statement(Conclusion.APPROVED), by)
        assert uses_of(log.database) == {}
        assert first_decided_at(log.database, digest) is None
        recorder = Recorder(decider, log)
        made = [recorder.record(a_referral(), by).recorded.entry for _ in range(2)]
        assert uses_of(log.database) == {digest: Use(2, made[0].at, made[1].at)}
        assert first_decided_at(log.database, digest) == made[0].at
