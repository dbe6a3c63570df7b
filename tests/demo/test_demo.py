"""A demonstration begins with a history of people who do not exist, in a log of its own."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from schemas.referral import ReferralReader
from triage.cli.demo import apart, begin_history
from triage.config import Settings, data_folder
from triage.decide import Decider
from triage.demo import MANY
from triage.demo.referrals import DAYS_BACK, made_up
from triage.domain.caller import Caller, Role
from triage.domain.nhs_number import check_digit_is_right
from triage.errors import SettingsError
from triage.recording import Recorder
from triage.store.entries import Kind, NewEntry
from triage.store.opening import open_log
from triage.store.outbox import Outbox

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


def test_nobody_made_up_can_be_anybody() -> None:
    numbers = [made_up(number, NOW)["patient"]["nhs_number"] for number in range(1, MANY + 1)]
    assert len(set(numbers)) == MANY
    assert all(one.startswith("999") and check_digit_is_right(one) for one in numbers)


def test_every_kind_of_route_is_seen(decider: Decider) -> None:
    reader = ReferralReader(decider.rulebook.vocabulary)
    referrals = [reader.read(made_up(number, NOW), NOW) for number in range(1, MANY + 1)]
    assert all(0 <= (NOW - one.received_at).days <= DAYS_BACK for one in referrals)
    routes = Counter(decider.decide(one).route.route.id for one in referrals)
    assert routes.keys() == decider.rulebook.vocabulary.routes.keys()


def test_the_same_is_made_up_again() -> None:
    assert made_up(7, NOW) == made_up(7, NOW)


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder of somebody who has just come."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    return data_folder(Settings())


def test_it_is_kept_where_other_commands_look_if_nothing_is_there(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("triage.demo.history.MANY", 1)
    assert apart(Settings(demo=True)).data is None
    begin_history(Settings(demo=True))
    assert (data / "triage.db").exists()
    assert apart(Settings(demo=True)).data is None


def test_it_is_kept_apart_from_a_log_that_began_otherwise(data: Path) -> None:
    open_log(Settings()).close()
    assert apart(Settings(demo=True)).data == data / "demonstration"
    assert apart(Settings(demo=True, data=Path("/here"))).data == Path("/here")
    assert apart(Settings()).data is None


def test_a_log_that_began_otherwise_is_not_shown_as_made_up(data: Path) -> None:
    with closing(open_log(Settings())) as log:
        log.append(NewEntry(Kind.VIEW, Caller(Role.DEVELOPER), {"what": "page"}))
    with pytest.raises(SettingsError, match="a log of its own"):
        begin_history(Settings(demo=True))
    assert data.exists()


def test_a_log_that_holds_something_is_left_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("triage.demo.history.MANY", 20)
    settings = Settings(demo=True, data=tmp_path)
    begin_history(settings)
    size = open_log(settings).head().head.size
    assert size == 21  # twenty decisions, of which one was decided otherwise
    begin_history(settings)
    assert open_log(settings).head().head.size == size


def test_nobody_is_told_of_what_nobody_referred(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("triage.demo.history.MANY", 20)
    settings = Settings(demo=True, data=tmp_path)
    begin_history(settings)
    with closing(open_log(settings)) as log:
        assert Outbox(log.database).counts() == (0, 0)


def test_a_log_of_real_people_is_never_shown_as_made_up(tmp_path: Path, decider: Decider) -> None:
    settings = Settings(demo=True, data=tmp_path)
    with closing(open_log(settings)) as log:
        referral = ReferralReader(decider.rulebook.vocabulary).read(made_up(1, NOW), NOW)
        Recorder(decider, log).record(referral, Caller(Role.CALL_HANDLER, "somebody"))
    with pytest.raises(SettingsError, match="a log of its own"):
        begin_history(settings)
