"""A large log that is made fast is as good as one that was recorded."""

from __future__ import annotations

from contextlib import closing
from typing import Any

import orjson
import pytest
import rfc8785

from tests.bulk import SHARES, fill
from tests.bulk_moulds import Size
from tests.search.plain import Plain
from triage.config import Settings
from triage.recording import decision_of
from triage.replay import Replayer
from triage.store.entries import Kind
from triage.store.opening import open_log
from triage.store.verification import Elsewhere, verify


@pytest.mark.parametrize("size", ["small", "real"])
def test_it_is_verified_and_can_be_gone_on_with(log_settings: Settings, size: Size) -> None:
    fill(log_settings, 900, size=size)
    fill(log_settings, 400, size=size, seed=1)
    with closing(open_log(log_settings)) as log:
        found = verify(log.database, Elsewhere(person_key=log.person_key))
        assert (found.entries, found.heads) == (1300, 5)
        entries = Plain.of(log).entries
    kinds = {kind: sum(entry["kind"] == kind for entry in entries) for kind in Kind}
    assert kinds[Kind.DECISION] == pytest.approx(0.6 * len(entries), rel=0.1)
    assert set(SHARES) == {kind for kind in kinds if kinds[kind]}


def test_its_leaves_are_canonical_and_as_long_as_they_say(log_settings: Settings) -> None:
    lengths: dict[Size, int] = {"small": 1_100, "real": 9_000}
    with closing(open_log(log_settings)) as log:
        for size, length in lengths.items():
            first = len(Plain.of(log).entries)
            fill(log_settings, 300, size=size)
            made = [log.entry(first + place) for place in range(1, 301)]
            leaves = [entry.leaf for entry in made if entry and is_decision(entry.content)]
            assert sum(map(len, leaves)) / len(leaves) == pytest.approx(length, rel=0.2)
            for leaf in leaves[::20]:
                assert rfc8785.dumps(orjson.loads(leaf)) == leaf


def is_decision(entry: dict[str, Any]) -> bool:
    return bool(entry["kind"] == "decision")


def test_a_real_decision_in_it_is_read_and_decided_again(log_settings: Settings) -> None:
    fill(log_settings, 60, size="real")
    with closing(open_log(log_settings)) as log, closing(Replayer(log)) as replayer:
        one = Plain.of(log).decisions[0]
        recorded = log.recorded(one["id"])
        assert recorded is not None
        told = orjson.loads(decision_of(recorded))
        assert (told["decision_id"], told["reference"]) == (one["id"], "ref-test")
        assert replayer.replay(recorded.entry).identical
