"""The history of a decision: what stands, everything about it in order, and who may see what."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from schemas.overrides import HistorySchema, OverrideMadeSchema
from tests.overrides.desk import NOBODY, Desk, made
from triage.domain.caller import Caller, Role
from triage.errors import ChangedError
from triage.persons import Reason, erase, of_decision
from triage.store.chains import unless_changed
from triage.store.entries import Identity, Kind, NewEntry
from triage.store.log import Recorded
from triage.store.tables import OVERRIDDEN
from triage.wire import as_bytes, canonical_bytes


def recorded(desk: Desk, id_: str) -> Recorded:
    """An entry of the log."""
    found = desk.log.recorded(id_)
    assert found is not None
    return found


def test_a_history_tells_everything_in_its_order(desk: Desk) -> None:
    decision = desk.refer()
    made(desk.override(decision, "cmht", "urgent", comment="She rang back."))
    waiting = made(desk.override(decision, "cmht", "soon", reason="new_information"), 202)
    made(desk.confirm(decision, waiting["override_id"]))
    again = made(desk.override(decision, "cmht", "routine"), 202)
    made(desk.withdraw(decision, again["override_id"]))
    history = desk.history(decision)
    entries = history["entries"]
    assert [one["kind"] for one in entries] == [
        "decision",
        "override",
        "override",
        "override_confirmation",
        "override",
        "override_withdrawal",
    ]
    assert [one.get("standing") for one in entries] == [
        "superseded",
        "superseded",
        "in_force",
        None,
        "withdrawn",
        None,
    ]
    assert entries[1]["comment"] == "She rang back."
    assert entries[2]["reason"] == "new_information"
    assert [one["by"]["subject"] for one in entries[1:]] == ["first"] * 2 + ["second"] + [
        "first"
    ] * 2
    assert entries[3]["override_id"] == waiting["override_id"] == history["standing"]["by"]
    assert [one["sequence"] for one in entries] == sorted(one["sequence"] for one in entries)
    assert HistorySchema().validate(history) == {}


def test_an_answer_is_as_it_is_described(desk: Desk) -> None:
    decision = desk.refer()
    told = made(desk.override(decision, "cmht", "urgent"))
    assert OverrideMadeSchema().validate(told) == {}
    entry = recorded(desk, told["entry"]["id"]).entry
    assert (entry.sequence, entry.at) == (told["entry"]["sequence"], told["entry"]["at"])
    answer = desk.override(decision, "crisis", "very_urgent")
    assert answer.headers["Location"] == f"/v1/decisions/{decision}/history"


def test_nobody_overrode_it(desk: Desk) -> None:
    decision = desk.refer()
    history = desk.history(decision)
    assert history["standing"]["by"] == "decision"
    assert (history["supersedes"], history["superseded_by"], history["hops"]) == (None, [], 0)
    (entry,) = history["entries"]
    assert entry["standing"] == "in_force"
    assert entry["id"] == decision


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.CLINICIAN])
def test_who_looked_is_told_to_auditors_and_clinicians(desk: Desk, role: Role) -> None:
    decision = desk.refer()
    desk.get(f"/v1/decisions/{decision}", "a-handler", Role.CALL_HANDLER)
    desk.history(decision, Role.CALL_HANDLER)
    views = [one for one in desk.history(decision, role)["entries"] if one["kind"] == "view"]
    assert [(one["by"]["subject"], one["what"]) for one in views] == [
        ("a-handler", "decision"),
        ("reader", "history"),
    ]


def test_who_looked_is_not_told_to_call_handlers(desk: Desk) -> None:
    decision = desk.refer()
    made(desk.override(decision, "cmht", comment="She rang back."))
    desk.history(decision)
    entries = desk.history(decision, Role.CALL_HANDLER)["entries"]
    assert [one["kind"] for one in entries] == ["decision", "override"]
    assert entries[1]["comment"] == "She rang back."


@pytest.mark.parametrize("role", [Role.GP_SYSTEM, Role.OPERATOR])
def test_a_history_is_closed_to_others(desk: Desk, role: Role) -> None:
    decision = desk.refer()
    answer = desk.get(f"/v1/decisions/{decision}/history", "somebody", role)
    assert answer.status_code == 403


def test_a_comment_is_kept_apart_with_the_person(desk: Desk) -> None:
    decision = desk.refer()
    told = made(desk.override(decision, "cmht", comment="Her sister rang: Élise."))
    found, first = recorded(desk, told["override_id"]), recorded(desk, decision)
    assert b"sister" not in found.entry.leaf
    assert found.identity is not None
    assert first.identity is not None
    assert found.identity.person == first.identity.person
    assert found.entry.content["commitment"] == found.identity.commitment
    assert found.identity.content == canonical_bytes({"comment": "Her sister rang: Élise."})


def test_a_comment_that_was_erased_is_null_and_all_else_stays(desk: Desk) -> None:
    decision = desk.refer()
    told = made(desk.override(decision, "cmht", comment="She rang back."))
    before = desk.history(decision, Role.CALL_HANDLER)
    (erasable,) = of_decision(desk.log, decision)
    erase(desk.log, erasable, Caller(Role.OPERATOR, "an-operator"), Reason.PERSON_REQUEST)
    after = desk.history(decision, Role.CALL_HANDLER)
    erasure = after["entries"].pop()
    assert (erasure["kind"], erasure["reason"]) == ("erasure", "person_request")
    assert erasure["by"]["subject"] == "an-operator"
    assert told["override_id"] == after["standing"]["by"]
    assert after["entries"][1].pop("comment") is None
    assert before["entries"][1].pop("comment") == "She rang back."
    assert as_bytes(after) == as_bytes(before)


def test_a_person_who_was_erased_can_still_be_sent_elsewhere(desk: Desk) -> None:
    decision = desk.refer()
    (erasable,) = of_decision(desk.log, decision)
    erase(desk.log, erasable, Caller(Role.OPERATOR), Reason.PERSON_REQUEST)
    told = made(desk.override(decision, "cmht"))
    found = recorded(desk, told["override_id"])
    assert found.identity is not None
    assert found.identity.person is None


def test_no_comment_is_kept_under_a_person_who_is_erased_at_the_same_moment(desk: Desk) -> None:
    looked_at = recorded(desk, desk.refer())
    comment = Identity(b"{}", person=b"p")
    new = NewEntry(
        Kind.OVERRIDE,
        Caller(Role.CLINICIAN, "first"),
        {},
        about=looked_at.entry.id,
        identity=comment,
        guard=unless_changed(looked_at, 0),
    )
    (erasable,) = of_decision(desk.log, looked_at.entry.id)
    erase(desk.log, erasable, Caller(Role.OPERATOR), Reason.PERSON_REQUEST)
    with pytest.raises(ChangedError):
        desk.log.append(new)


def test_a_decision_leads_to_what_it_took_the_place_of_and_back(desk: Desk) -> None:
    first = desk.refer()
    second = desk.refer(supersedes=first.upper())
    third = desk.refer(supersedes=first)
    assert desk.history(second)["supersedes"] == first
    history = desk.history(first)
    assert history["supersedes"] is None
    assert history["superseded_by"] == [second, third]
    assert [one["kind"] for one in history["entries"]] == ["decision"]


@pytest.mark.parametrize("named", [NOBODY, "{0}"])
def test_what_names_no_decision_leads_nowhere(desk: Desk, named: str) -> None:
    elsewhere = made(desk.override(desk.refer(), "cmht"))["override_id"]
    decision = desk.refer(supersedes=named.format(elsewhere))
    assert desk.history(decision)["supersedes"] is None
    referral = recorded(desk, decision).entry.content["referral"]
    assert referral["supersedes"] == named.format(elsewhere)


def test_the_log_finds_what_is_in_force_by_its_columns(desk: Desk) -> None:
    decision = desk.refer()
    sequence = recorded(desk, decision).entry.sequence
    kept = select(OVERRIDDEN).where(OVERRIDDEN.c.sequence == sequence)

    def is_overridden() -> bool:
        with desk.log.database.read() as connection:
            return connection.execute(kept).first() is not None

    assert not is_overridden()
    crisis = desk.refer(answers={"plan": "active"})
    sequence = recorded(desk, crisis).entry.sequence
    kept = select(OVERRIDDEN).where(OVERRIDDEN.c.sequence == sequence)
    waiting = made(desk.override(crisis, "cmht", "urgent"), 202)
    assert not is_overridden()
    made(desk.confirm(crisis, waiting["override_id"]))
    assert is_overridden()
