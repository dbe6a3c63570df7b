"""A lower urgency is in force only when a second person has confirmed it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta

import pytest

from tests.builders import a_referral
from tests.overrides.desk import Desk, made, refused
from triage.config import Settings
from triage.decide import Decider
from triage.domain.caller import Caller, Role
from triage.domain.clock import stamp
from triage.domain.overriding import Asked, Standing
from triage.errors import ConflictError
from triage.overrides import Overrides
from triage.recording import Recorder
from triage.store.opening import open_log

URGENT = ("cmht", "urgent")


@pytest.fixture
def decision(desk: Desk) -> str:
    """A decision of which an urgent override is in force."""
    decision = desk.refer()
    made(desk.override(decision, *URGENT))
    return decision


def test_a_lower_urgency_waits(desk: Desk, decision: str) -> None:
    told = made(desk.override(decision, "cmht", "soon"), 202)
    assert told["standing"] == "awaiting_second_person"
    assert told["lowers"]
    assert desk.standing(decision) == URGENT


def test_a_second_person_puts_it_in_force(desk: Desk, decision: str) -> None:
    waiting = made(desk.override(decision, "cmht", "soon"), 202)
    told = made(desk.confirm(decision, waiting["override_id"]))
    assert told["standing"] == "in_force"
    assert told["entry"]["kind"] == "override_confirmation"
    assert told["override_id"] == waiting["override_id"]
    assert desk.standing(decision) == ("cmht", "soon")
    three_days = stamp(datetime.now(UTC) + timedelta(hours=72))
    assert waiting["respond_by"] == told["respond_by"] <= three_days


def test_the_urgency_of_the_rules_is_lowered_only_so_too(desk: Desk) -> None:
    decision = desk.refer(answers={"plan": "active", "thoughts_of_harm": "frequent"})
    assert desk.standing(decision) == ("crisis", "very_urgent")
    made(desk.override(decision, "cmht", "urgent"), 202)
    assert desk.standing(decision) == ("crisis", "very_urgent")


@pytest.mark.parametrize("urgency", ["same_day", "urgent"])
def test_urgent_and_the_same_day_are_one_class(desk: Desk, decision: str, urgency: str) -> None:
    told = made(desk.override(decision, "clinical_review", urgency))
    assert (told["lowers"], told["standing"]) == (False, "in_force")


def test_nobody_confirms_their_own(desk: Desk, decision: str) -> None:
    waiting = made(desk.override(decision, "cmht", "soon"), 202)
    refused(desk.confirm(decision, waiting["override_id"], "first"), 409, "your own")
    assert desk.standing(decision) == URGENT


def test_nobody_unknown_confirms(desk: Desk, decision: str) -> None:
    waiting = made(desk.override(decision, "cmht", "soon", by=None), 202)
    refused(desk.confirm(decision, waiting["override_id"], None), 409, "token that names you")
    refused(desk.confirm(decision, waiting["override_id"]), 409, "Nobody knows who asked")


def test_an_override_is_confirmed_once(desk: Desk, decision: str) -> None:
    waiting = made(desk.override(decision, "cmht", "soon"), 202)
    made(desk.confirm(decision, waiting["override_id"]))
    refused(desk.confirm(decision, waiting["override_id"], "third"), 409, "waits for nobody")


def test_of_many_confirmations_at_once_one_counts(desk: Desk, decision: str) -> None:
    waiting = made(desk.override(decision, "cmht", "soon"), 202)["override_id"]
    names = [f"clinician-{number}" for number in range(8)]
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda name: desk.confirm(decision, waiting, name), names))
    assert sorted(one.status_code for one in answers) == [201] + [409] * 7
    kinds = [one["kind"] for one in desk.history(decision)["entries"]]
    assert kinds.count("override_confirmation") == 1


def test_of_a_confirmation_and_a_withdrawal_at_once_one_counts(desk: Desk, decision: str) -> None:
    for _ in range(5):
        waiting = made(desk.override(decision, "cmht", "soon"), 202)["override_id"]
        with ThreadPoolExecutor(2) as threads:
            confirmed = threads.submit(desk.confirm, decision, waiting)
            withdrawn = threads.submit(desk.withdraw, decision, waiting)
        statuses = confirmed.result().status_code, withdrawn.result().status_code
        assert sorted(statuses) == [201, 409]
        lowered = statuses[0] == 201
        assert desk.standing(decision) == (("cmht", "soon") if lowered else URGENT)
        if lowered:
            made(desk.override(decision, *URGENT))


def test_what_is_withdrawn_is_not_confirmed(desk: Desk, decision: str) -> None:
    waiting = made(desk.override(decision, "cmht", "soon"), 202)["override_id"]
    told = made(desk.withdraw(decision, waiting))
    assert (told["standing"], told["entry"]["kind"]) == ("withdrawn", "override_withdrawal")
    refused(desk.confirm(decision, waiting), 409, "was withdrawn")
    refused(desk.withdraw(decision, waiting), 409, "was withdrawn")
    assert desk.standing(decision) == URGENT


def test_any_clinician_withdraws_what_waits(desk: Desk, decision: str) -> None:
    waiting = made(desk.override(decision, "cmht", "soon"), 202)["override_id"]
    made(desk.withdraw(decision, waiting, "third"))


def test_what_is_in_force_is_not_withdrawn(desk: Desk, decision: str) -> None:
    history = desk.history(decision)
    refused(desk.withdraw(decision, history["standing"]["by"]), 409, "is in force")


def test_a_later_override_takes_the_place_of_what_waits(desk: Desk, decision: str) -> None:
    waiting = made(desk.override(decision, "cmht", "soon"), 202)["override_id"]
    made(desk.override(decision, "crisis", "very_urgent", by="third"))
    refused(desk.confirm(decision, waiting), 409, "took the place")
    refused(desk.withdraw(decision, waiting), 409, "took the place")
    assert desk.standing(decision) == ("crisis", "very_urgent")


def test_of_two_that_would_wait_the_later_waits(desk: Desk, decision: str) -> None:
    first = made(desk.override(decision, "cmht", "soon"), 202)["override_id"]
    second = made(desk.override(decision, "cmht", "routine", by="third"), 202)["override_id"]
    refused(desk.confirm(decision, first), 409, "took the place")
    made(desk.confirm(decision, second))
    assert desk.standing(decision) == ("cmht", "routine")


def test_the_same_does_not_wait_twice(desk: Desk, decision: str) -> None:
    made(desk.override(decision, "cmht", "soon"), 202)
    refused(desk.override(decision, "cmht", "soon", by="second"), 409, "confirm it, or withdraw")


@pytest.fixture
def overriding(log_settings: Settings, decider: Decider) -> Iterator[tuple[Overrides, str]]:
    """The use case itself, with a decision that is urgent."""
    with closing(open_log(log_settings)) as log:
        referral = a_referral(serious_harm_history=True)
        id_ = Recorder(decider, log).record(referral, Caller(Role.GP_SYSTEM)).decision_id
        yield Overrides(decider.rulebook, log), id_


ASKED = Asked("cmht", "routine", "risk_judgement", "Seen today.")


@pytest.mark.parametrize(
    ("second", "is_another"),
    [
        (Caller(Role.CLINICIAN, "dr-a", "another client", "issuer-one"), False),
        (Caller(Role.DEVELOPER, "dr-a", None, "issuer-one"), False),
        (Caller(Role.CLINICIAN, "dr-a", "client", "issuer-two"), True),
        (Caller(Role.CLINICIAN, "dr-b", "client", "issuer-one"), True),
        (Caller(Role.CLINICIAN, None, "client", "issuer-one"), False),
    ],
)
def test_a_person_is_a_subject_of_an_issuer(
    overriding: tuple[Overrides, str], second: Caller, *, is_another: bool
) -> None:
    overrides, id_ = overriding
    first = Caller(Role.CLINICIAN, "dr-a", "client", "issuer-one")
    waiting = overrides.override(id_, ASKED, first, datetime.now(UTC)).override
    assert waiting.standing is Standing.AWAITING
    if is_another:
        confirmed = overrides.confirm(id_, waiting.id, second).override
        assert confirmed.standing is Standing.IN_FORCE
    else:
        with pytest.raises(ConflictError):
            overrides.confirm(id_, waiting.id, second)


def test_of_confirmations_by_several_processes_one_counts(
    log_settings: Settings, decider: Decider
) -> None:
    first = Caller(Role.CLINICIAN, "first")
    with ExitStack() as stack:
        logs = [stack.enter_context(closing(open_log(log_settings))) for _ in range(4)]
        referral = a_referral(serious_harm_history=True)
        id_ = Recorder(decider, logs[0]).record(referral, first).decision_id
        desks = [Overrides(decider.rulebook, log) for log in logs]
        waiting = desks[0].override(id_, ASKED, first, datetime.now(UTC)).override.id

        def confirm(number: int) -> bool:
            try:
                desks[number].confirm(id_, waiting, Caller(Role.CLINICIAN, f"second-{number}"))
            except ConflictError:
                return False
            return True

        with ThreadPoolExecutor(4) as threads:
            assert sorted(threads.map(confirm, range(4))) == [False, False, False, True]
