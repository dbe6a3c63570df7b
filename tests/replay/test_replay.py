"""A decision that is decided again on its own rulebook gives the same bytes, for ever."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from typing import Any

import orjson
import pytest
from sqlalchemy import text

from tests.builders import a_referral, referral_builder
from tests.campaigns import share
from tests.edited_rules import EditedRules
from tests.recorded import drawn, recorded
from tests.replay.versions import VERSIONS, versions
from triage.config import Settings
from triage.domain.referral import Patient
from triage.errors import LogError
from triage.replay import KEPT_READY, Replayer, rulebook_in
from triage.rulebook import Rulebook, load_rulebook
from triage.store.entries import Entry, Kind
from triage.store.log import DecisionLog
from triage.store.opening import open_log
from triage.wire import canonical_bytes

REFERRALS = 10_000
"""How many decisions are made again by the long campaign, on as many versions as there are."""


@pytest.fixture
def log(log_settings: Settings) -> Iterator[DecisionLog]:
    with closing(open_log(log_settings)) as opened:
        yield opened


@pytest.fixture
def replayer(log: DecisionLog) -> Iterator[Replayer]:
    with closing(Replayer(log)) as made:
        yield made


@pytest.fixture(scope="module")
def rulebooks(tmp_path_factory: pytest.TempPathFactory) -> list[Rulebook]:
    """As many versions as there are."""
    return list(versions(tmp_path_factory.mktemp("versions")))


def entry_of(log: DecisionLog, sequence: int) -> Entry:
    entry = log.entry(sequence)
    assert entry is not None
    return entry


def edited(entry: Entry, **parts: Any) -> Entry:
    """An entry that says something else, written as entries are."""
    return replace(entry, leaf=canonical_bytes({**entry.content, **parts}))


def test_decisions_of_many_rulebooks_come_out_the_same(
    log: DecisionLog, replayer: Replayer, rulebooks: list[Rulebook]
) -> None:
    each = share(REFERRALS) // VERSIONS // 2  # on each of the two databases
    for seed, rulebook in enumerate(rulebooks):
        draw = drawn(rulebook, seed)
        recorded(log, rulebook, (draw() for _ in range(each)), at_once=16)
    digests = set()
    for sequence in range(1, log.head().head.size + 1):
        replayed = replayer.replay(entry_of(log, sequence))
        assert replayed.identical, replayed
        assert replayed.sequence == sequence
        digests.add(replayed.rulebook["digest"])
    assert len(digests) == VERSIONS


def test_it_is_the_rulebook_of_the_decision_that_decides_again(
    log: DecisionLog, replayer: Replayer, rulebook: Rulebook, edited_rules: EditedRules
) -> None:
    edited_rules.set_value("minimum_age", 16)
    young = referral_builder().of_patient(age=17).build()
    (before,) = recorded(log, rulebook, [young])
    (after,) = recorded(log, load_rulebook(edited_rules.directory), [young])
    routes = [orjson.loads(one.body)["route"]["id"] for one in (before, after)]
    assert routes == ["young_people", "iapt_step_2"]
    assert all(replayer.replay(entry_of(log, sequence)).identical for sequence in (1, 2))


def test_what_differs_is_named(log: DecisionLog, replayer: Replayer, rulebook: Rulebook) -> None:
    recorded(log, rulebook, [a_referral(phq9_total=12)])
    entry = entry_of(log, 1)
    decision = entry.content["decision"]
    told = {**decision, "urgency": "urgent", "treatments": [*decision["treatments"], "tea"]}
    del told["supports"]
    replayed = replayer.replay(edited(entry, decision=told))
    assert not replayed.identical
    assert [one.as_dict() for one in replayed.differences] == [
        {
            "path": f"treatments.{len(decision['treatments'])}",
            "recorded": "tea",
            "replayed": None,
        },
        {"path": "urgency", "recorded": "urgent", "replayed": "routine"},
        {"path": "supports", "recorded": None, "replayed": decision["supports"]},
    ]
    assert replayed.as_dict()["rulebook"] == decision["rulebook"]


def test_true_is_not_one(log: DecisionLog, replayer: Replayer, rulebook: Rulebook) -> None:
    recorded(log, rulebook, [a_referral()])
    entry = entry_of(log, 1)
    told = {**entry.content["decision"], "booking_held": 0}
    (difference,) = replayer.replay(edited(entry, decision=told)).differences
    assert difference.path == "booking_held"


@pytest.mark.parametrize(
    "parts",
    [
        {"referral": None},
        {"referral": {}},
        {"decision": None},
        {"decision": {"rulebook": {}}},
        {"kind": Kind.VIEW, "decision": 1},
    ],
    ids=repr,
)
def test_an_entry_that_cannot_be_decided_again_is_named(
    log: DecisionLog, replayer: Replayer, rulebook: Rulebook, parts: dict[str, Any]
) -> None:
    recorded(log, rulebook, [a_referral()])
    with pytest.raises(LogError, match="entry 1 does not hold a decision"):
        replayer.replay(edited(entry_of(log, 1), **parts))


@pytest.mark.parametrize("leaf", [b"", b"{", b"[]", b"\xff"])
def test_an_entry_that_is_no_json_is_named(replayer: Replayer, leaf: bytes) -> None:
    with pytest.raises(LogError, match="entry 7"):
        replayer.replay(Entry(7, "id", "at", leaf))


def test_an_entry_that_is_not_canonical_is_not_identical(
    log: DecisionLog, replayer: Replayer, rulebook: Rulebook
) -> None:
    recorded(log, rulebook, [a_referral()])
    entry = entry_of(log, 1)
    with pytest.raises(LogError, match="entry 1 is not written as entries are"):
        replayer.replay(replace(entry, leaf=entry.leaf.replace(b",", b", ", 1)))


def test_an_answer_that_the_rulebook_does_not_know_is_named(
    log: DecisionLog, replayer: Replayer, rulebook: Rulebook
) -> None:
    recorded(log, rulebook, [a_referral()])
    entry = entry_of(log, 1)
    referral = entry.content["referral"]
    more = {**referral, "answers": {**referral["answers"], "colour": "red"}}
    with pytest.raises(LogError, match="entry 1"):
        replayer.replay(edited(entry, referral=more))


def rewritten(log: DecisionLog, content: str) -> None:
    """Put other content under the digest of the one rulebook in the log."""
    update = "rulebooks_refuses_update" if log.database.is_sqlite else "rulebooks_only_grows"
    table = "" if log.database.is_sqlite else " ON rulebooks"
    with log.database.write() as connection:
        connection.execute(text(f"DROP TRIGGER {update}{table}"))
        connection.execute(text("UPDATE rulebooks SET content = :content"), {"content": content})


@pytest.mark.parametrize(
    ("old", "told"), [("Emergency now", "is not the rulebook"), ("rulebook.yaml", "cannot be read")]
)
def test_a_rulebook_that_was_changed_is_named_and_not_used(
    log: DecisionLog, replayer: Replayer, rulebook: Rulebook, old: str, told: str
) -> None:
    recorded(log, rulebook, [a_referral()])
    digest = rulebook.stamp.digest
    copy = log.rulebook(digest)
    assert copy is not None
    rewritten(log, copy.content.replace(old, "another"))
    with pytest.raises(LogError, match=told) as caught:
        replayer.replay(entry_of(log, 1))
    assert digest in str(caught.value)


def test_a_rulebook_that_never_decided_is_not_there(log: DecisionLog, rulebook: Rulebook) -> None:
    assert rulebook_in(log, rulebook.stamp.digest) is None
    recorded(log, rulebook, [a_referral()])
    found = rulebook_in(log, rulebook.stamp.digest)
    assert found is not None
    assert found.stamp == rulebook.stamp


def test_words_of_the_person_and_their_erasure_change_nothing(
    log: DecisionLog, replayer: Replayer, rulebook: Rulebook
) -> None:
    referral = replace(
        a_referral(long_term_conditions=("words of their own", "diabetes")),
        patient=Patient(nhs_number="9990000026", postcode="DN1 1AA", age=44),
    )
    (answered,) = recorded(log, rulebook, [referral])
    before = replayer.replay(entry_of(log, 1))
    with log.database.write() as connection:
        connection.execute(text("DELETE FROM identities"))
    found = log.recorded(answered.decision_id)
    assert found is not None
    assert found.identity is None
    assert replayer.replay(found.entry) == before
    assert before.identical


def test_many_threads_replay_more_rulebooks_than_are_kept_ready(
    log: DecisionLog, replayer: Replayer, rulebooks: list[Rulebook]
) -> None:
    more = rulebooks[: KEPT_READY + 2]
    for seed, rulebook in enumerate(more):
        recorded(log, rulebook, [drawn(rulebook, seed)()])
    sequences = list(range(1, len(more) + 1)) * 2
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda one: replayer.replay(entry_of(log, one)), sequences))
    assert all(one.identical for one in found)
    assert len(replayer._ready) == KEPT_READY  # noqa: SLF001 (what it keeps is the point)
