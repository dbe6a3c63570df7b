"""Who is erased is nowhere any more; the entries stay, readable and proved."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import orjson
import pytest
from sqlalchemy import select, text

from tests.builders import a_referral
from tests.recorded import CLINICIAN, GP, commented, recorded
from triage import persons
from triage.config import Settings
from triage.decide import Decider
from triage.domain.caller import Caller, Role
from triage.domain.drafts import Draft, Way
from triage.domain.referral import Patient, Referral
from triage.persons import Reason, years_before
from triage.recording import Recorder, decision_of
from triage.replay import Replayer
from triage.rulebook import Rulebook
from triage.store.database import PRAGMAS
from triage.store.drafts import Drafts
from triage.store.entries import Kind, NewEntry, now
from triage.store.log import DecisionLog
from triage.store.merkle import check_inclusion, leaf_hash
from triage.store.opening import open_log
from triage.store.tables import IDENTITIES
from triage.store.verification import verify

OPERATOR = Caller(Role.OPERATOR, "an-operator", "command line")

ONE, OTHER = "9990000026", "9990000042"


@pytest.fixture
def log(log_settings: Settings) -> Iterator[DecisionLog]:
    with closing(open_log(log_settings)) as opened:
        yield opened


def of(number: str | None, **more: object) -> Referral:
    """A referral of a person, with words of their own."""
    patient = Patient(nhs_number=number, postcode="DN1 1AA", age=44, gender="2")
    told = a_referral(long_term_conditions=("words of my own", "diabetes"))
    return replace(told, patient=patient, notes="Notes that name.", **more)  # type: ignore[arg-type]


def erased(log: DecisionLog, number: str) -> list[int]:
    """Erase a person, and give the numbers of the entries that say so."""
    found = persons.of_person(log, number)
    entries = [persons.erase(log, one, OPERATOR, Reason.PERSON_REQUEST) for one in found]
    return [entry.sequence for entry in entries if entry]


def held(log: DecisionLog) -> list[int]:
    """The entries of which the identity is there."""
    with log.database.read() as connection:
        return sorted(connection.execute(select(IDENTITIES.c.sequence)).scalars())


def test_a_person_is_erased_from_every_decision_and_comment(
    log: DecisionLog, rulebook: Rulebook
) -> None:
    answered = recorded(log, rulebook, [of(ONE), of(OTHER), of(ONE), of(None)])
    ids = [one.decision_id for one in answered]
    commented(log, ids[0], "A comment that names.")
    commented(log, ids[1], "About somebody else.")
    assert [(one.decision_id, one.sequences) for one in persons.of_person(log, ONE)] == [
        (ids[0], (1, 5)),
        (ids[2], (3,)),
    ]
    assert erased(log, ONE) == [7, 8]
    assert held(log) == [2, 4, 6]
    assert persons.of_person(log, ONE) == []
    entry = log.entry(7)
    assert entry is not None
    told = entry.content
    assert (told["kind"], told["about"]) == ("erasure", ids[0])
    assert (told["sequences"], told["reason"]) == ([1, 5], "person_request")
    assert told["by"] == OPERATOR.as_dict()


def test_what_is_left_is_readable_proved_and_comes_out_the_same(
    log: DecisionLog, rulebook: Rulebook
) -> None:
    (answered,) = recorded(log, rulebook, [of(ONE)])
    before = log.head().head
    erased(log, ONE)
    found = log.recorded(answered.decision_id)
    assert found is not None
    assert found.identity is None
    told, sent = orjson.loads(decision_of(found)), orjson.loads(answered.body)
    assert told["reference"] is None
    assert told["route"] == sent["route"]
    assert b"words of my own" in answered.body
    assert b"words of my own" not in decision_of(found)
    with closing(Replayer(log)) as replayer:
        assert replayer.replay(found.entry).identical
    proof = log.inclusion(1)
    assert proof is not None
    root = proof.head.head.root
    assert check_inclusion(leaf_hash(found.entry.leaf), 0, 2, proof.path, root)
    assert log.consistency(before.size, 2) is not None
    assert verify(log.database).erased == 1


def test_who_is_erased_stays_erased_when_asked_again(log: DecisionLog, rulebook: Rulebook) -> None:
    recorded(log, rulebook, [of(ONE)])
    (found,) = persons.of_person(log, ONE)
    assert persons.erase(log, found, OPERATOR, Reason.PERSON_REQUEST) is not None
    assert persons.erase(log, found, OPERATOR, Reason.PERSON_REQUEST) is None
    assert log.head().head.size == 2


def test_what_came_at_the_same_moment_goes_as_well(log: DecisionLog, rulebook: Rulebook) -> None:
    (answered,) = recorded(log, rulebook, [of(ONE)])
    (found,) = persons.of_person(log, ONE)
    commented(log, answered.decision_id, "Said just now.")
    entry = persons.erase(log, found, OPERATOR, Reason.PERSON_REQUEST)
    assert entry is not None
    assert entry.content["sequences"] == [1, 2]
    assert held(log) == []


def test_calls_in_progress_go_with_an_entry_that_says_so(log: DecisionLog) -> None:
    drafts = Drafts(log.database, log.person_key)
    for id_, number in (("one", ONE), ("other", OTHER), ("nobody", None), ("decided", ONE)):
        at, body = now(), {"patient": {"nhs_number": number}}
        draft = Draft(id_, 1, Way.FORM, CLINICIAN, at, at, body)
        drafts.begin(draft)
    drafts.decided(draft, "a-decision")
    assert persons.calls_of_person(log, ONE) == ("one",)
    entry = persons.erase_calls(log, ONE, OPERATOR, Reason.PERSON_REQUEST)
    assert entry is not None
    assert (entry.content["sequences"], entry.content["calls"]) == ([], ["one"])
    assert {one.id for one in drafts.in_progress()} == {"other", "nobody"}
    assert drafts.one("decided") is not None
    assert persons.erase_calls(log, ONE, OPERATOR, Reason.PERSON_REQUEST) is None
    assert verify(log.database).entries == 1


def test_a_call_that_was_begun_at_the_same_moment_goes_as_well(
    log: DecisionLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    drafts, looked = Drafts(log.database, log.person_key), persons.calls_of_person

    def begun(id_: str) -> None:
        at, body = now(), {"patient": {"nhs_number": ONE}}
        drafts.begin(Draft(id_, 1, Way.CALL, CLINICIAN, at, at, body))

    def begun_meanwhile(log: DecisionLog, number: str) -> Sequence[str]:
        found = looked(log, number)
        if len(found) == 1:
            begun("two")
        return found

    begun("one")
    monkeypatch.setattr(persons, "calls_of_person", begun_meanwhile)
    entry = persons.erase_calls(log, ONE, OPERATOR, Reason.PERSON_REQUEST)
    assert entry is not None
    assert entry.content["calls"] == ["one", "two"]
    assert drafts.in_progress() == ()


def test_one_decision_can_be_erased_alone(log: DecisionLog, rulebook: Rulebook) -> None:
    first, second = recorded(log, rulebook, [of(ONE), of(ONE)])
    (found,) = persons.of_decision(log, first.decision_id)
    assert found.others == 1
    persons.erase(log, found, OPERATOR, Reason.RECORDED_IN_ERROR)
    assert held(log) == [2]
    assert persons.of_decision(log, first.decision_id) == []
    (left,) = persons.of_person(log, ONE)
    assert (left.decision_id, left.others) == (second.decision_id, 0)


def test_a_decision_that_took_the_place_of_another_keeps_its_person(
    log: DecisionLog, rulebook: Rulebook
) -> None:
    (first,) = recorded(log, rulebook, [of(ONE)])
    recorded(log, rulebook, [of(ONE, supersedes=first.decision_id)])
    (found,) = persons.of_decision(log, first.decision_id)
    persons.erase(log, found, OPERATOR, Reason.RECORDED_IN_ERROR)
    assert held(log) == [2]


def test_nobody_is_found_by_the_id_of_something_else(log: DecisionLog, rulebook: Rulebook) -> None:
    (answered,) = recorded(log, rulebook, [of(ONE)])
    comment = commented(log, answered.decision_id, "A comment.")
    assert persons.of_decision(log, comment.id) == []
    assert persons.of_person(log, OTHER) == []


def test_a_request_that_comes_again_after_the_erasure_makes_no_second_decision(
    log: DecisionLog, rulebook: Rulebook
) -> None:
    with closing(Decider(rulebook)) as decider:
        recorder = Recorder(decider, log)
        retry = recorder.retry(GP, "a key", {"the": "body"})
        first = recorder.record(of(ONE), GP, retry)
        erased(log, ONE)
        again = recorder.record(of(ONE), GP, retry)
    assert (again.decision_id, again.repeated) == (first.decision_id, True)
    assert log.head().head.size == 2
    assert held(log) == []


def test_erasing_is_one_transaction(log: DecisionLog, rulebook: Rulebook) -> None:
    recorded(log, rulebook, [of(ONE)])
    (found,) = persons.of_person(log, ONE)

    def fails(_connection: object) -> None:
        raise RuntimeError("the power is gone")

    parts = {"sequences": list(found.sequences), "reason": "person_request"}
    new = NewEntry(Kind.ERASURE, OPERATOR, parts, found.decision_id, also=fails)
    with pytest.raises(RuntimeError):
        log.append(new)
    assert log.head().head.size == 1
    assert held(log) == [1]
    assert erased(log, ONE) == [2]


NAMES = ("9990000026", "words of my own", "Notes that name.", "A comment that names.")


def traces(file: Path, *names: bytes) -> list[bytes]:
    """Which of these stand in the files of a database."""
    files = file.parent.glob(f"{file.name}*")
    content = b"".join(each.read_bytes() for each in files)
    return [name for name in names if name in content]


def test_what_is_erased_is_gone_from_the_files(tmp_path: Path, rulebook: Rulebook) -> None:
    settings = Settings(database_url=f"sqlite:///{tmp_path / 'log.db'}", keys=tmp_path / "keys")
    with closing(open_log(settings)) as log:
        others = [of(f"999000{number:04}") for number in range(1000, 1200)]
        recorded(log, rulebook, others[:100], at_once=16)
        (answered,) = recorded(log, rulebook, [of(ONE, reference="the reference of one")])
        recorded(log, rulebook, others[100:], at_once=16)
        commented(log, answered.decision_id, "A comment that names.")
        secrets = (b"9990000026", b"the reference of one", b"A comment that names.")
        person = log.person_key.hash(ONE)
        log.database.forget()
        assert traces(log.database.file, *secrets, person) == [*secrets, person]
        erased(log, ONE)
        assert log.database.forget()
        assert traces(log.database.file, *secrets, person) == []
        for other in others:
            assert other.patient.nhs_number is not None
            erased(log, other.patient.nhs_number)
        log.database.forget()
        assert (
            traces(log.database.file, b"Notes that name.", b"words of my own", b'"nhs_number":"')
            == []
        )


def test_a_reader_in_the_way_is_told_of(
    tmp_path: Path, rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("triage.store.database.PRAGMAS", (*PRAGMAS, "busy_timeout=100"))
    settings = Settings(database_url=f"sqlite:///{tmp_path / 'log.db'}", keys=tmp_path / "keys")
    with closing(open_log(settings)) as log, closing(open_log(settings)) as reader:
        recorded(log, rulebook, [of(ONE)])
        with reader.database.read() as connection:
            connection.execute(text("SELECT * FROM identities")).first()
            erased(log, ONE)
            assert not log.database.forget()
        assert log.database.forget()
        assert traces(log.database.file, b"9990000026") == []


def test_a_log_is_verified_while_people_are_erased(
    log: DecisionLog, log_settings: Settings, rulebook: Rulebook
) -> None:
    numbers = [f"999000{number:04}" for number in range(60)]
    recorded(log, rulebook, [of(number) for number in numbers], at_once=16)
    with closing(open_log(log_settings)) as other:
        eraser = threading.Thread(target=lambda: [erased(other, number) for number in numbers])
        eraser.start()
        while eraser.is_alive():
            verify(log.database)
        eraser.join()
    assert verify(log.database).erased == len(numbers)


def test_years_are_counted_by_the_calendar() -> None:
    assert years_before("2026-11-22T10:15:00.123Z", 20) == "2006-11-22T10:15:00.123Z"
    leap = years_before("2024-02-29T10:15:00.123Z", 1)
    assert "2023-02-28T23:59:59.999Z" < leap < "2023-03-01T00:00:00.000Z"
    assert years_before("0010-01-01T00:00:00.000Z", 256) == "0000-01-01T00:00:00.000Z"


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    """Sets the time at which entries are recorded."""

    def turn(moment: str) -> None:
        monkeypatch.setattr("triage.store.batch.now", lambda: f"{moment}T10:00:00.000Z")

    yield turn
    monkeypatch.undo()


def kept_back(log: DecisionLog, years: int) -> list[tuple[int, ...]]:
    """The entries of which the identities are out of date."""
    return [one.sequences for one in persons.out_of_date(log, years)]


def test_who_was_not_heard_of_for_twenty_years_is_out_of_date(
    log: DecisionLog, rulebook: Rulebook, at: object
) -> None:
    assert callable(at)
    this_year = int(now()[:4])
    at(f"{this_year - 30}-05-01")
    long_ago = recorded(log, rulebook, [of(ONE), of(OTHER), of(None), of("9990000069")])
    commented(log, long_ago[0].decision_id, "At the time.")
    at(f"{this_year - 21}-05-01")
    recorded(log, rulebook, [of(ONE)])
    at(f"{this_year - 2}-05-01")
    recorded(log, rulebook, [of(OTHER)])
    commented(log, long_ago[3].decision_id, "Looked at again of late.")
    assert kept_back(log, 20) == [(1, 5), (3,), (6,)]
    assert kept_back(log, 1) == [(1, 5), (2,), (3,), (4, 8), (6,), (7,)]
    assert kept_back(log, 40) == []
    for one in persons.out_of_date(log, 20):
        persons.erase(log, one, OPERATOR, Reason.RETENTION)
    assert held(log) == [2, 4, 7, 8]
    assert kept_back(log, 20) == []
    assert verify(log.database).erased == 4


def test_a_comment_on_a_decision_whose_person_was_erased_goes_in_its_own_time(
    log: DecisionLog, rulebook: Rulebook, at: object
) -> None:
    assert callable(at)
    this_year = int(now()[:4])
    at(f"{this_year - 30}-05-01")
    (answered,) = recorded(log, rulebook, [of(ONE)])
    erased(log, ONE)
    commented(log, answered.decision_id, "Said afterwards.")
    assert kept_back(log, 20) == [(3,)]
    (found,) = persons.out_of_date(log, 20)
    assert persons.erase(log, found, OPERATOR, Reason.RETENTION) is not None
    assert held(log) == []


def test_a_view_of_the_record_is_no_contact(
    log: DecisionLog, rulebook: Rulebook, at: object
) -> None:
    assert callable(at)
    at(f"{int(now()[:4]) - 30}-05-01")
    (answered,) = recorded(log, rulebook, [of(ONE)])
    at(now()[:10])
    log.append(NewEntry(Kind.VIEW, CLINICIAN, {"what": "decision"}, answered.decision_id))
    assert kept_back(log, 20) == [(1,)]
