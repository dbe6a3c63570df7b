"""Who was told of what was decided."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta

from tests.builders import a_referral
from tests.recorded import recorded
from triage.config import Settings
from triage.rulebook import Rulebook
from triage.store.opening import open_log
from triage.store.outbox import Outbox
from triage.store.told import Told, told_of


def test_each_delivery_of_an_entry_is_told_with_what_became_of_it(
    log_settings: Settings, rulebook: Rulebook
) -> None:
    with closing(open_log(log_settings)) as log:
        recorded(log, rulebook, [a_referral(), a_referral()])
        waiting = Told(1, "letter", "waiting", None)
        assert told_of(log.database, [1]) == (waiting,)
        outbox, now = Outbox(log.database), datetime.now(UTC)
        for one in outbox.claim(now, 1, timedelta(minutes=1)):
            outbox.delivered(one, now)
        first, second = told_of(log.database, [2, 1, 99])
        assert [first.state, second.state] == ["delivered", "waiting"]
        assert first.delivered_at is not None
        assert told_of(log.database, []) == ()
