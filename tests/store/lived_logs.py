"""Logs as they are after some years: decisions, comments, views, retries, and people erased.

Decisions were made on service requests of others as well, and referrers were told of them.

They are written by the store itself, in commits whose sizes are drawn from a seed, and without
waiting for the disk, so that a campaign can make many of them.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any, cast

import pytest
from sqlalchemy import Connection, create_engine, select, text

from tests.recorded import CLINICIAN, GP, drawn
from triage import persons
from triage.config import Settings, keys_folder
from triage.decide import Decider
from triage.domain.caller import Caller, Role
from triage.persons import Reason
from triage.recording import PLAIN, Recorder, Sent
from triage.rulebook import Rulebook
from triage.store.batch import Batch
from triage.store.checkpoint import Head, SignedHead
from triage.store.database import PRAGMAS, Database
from triage.store.entries import Entry, Identity, Kind, NewEntry
from triage.store.identities import Erasable
from triage.store.keys import PersonKey, SigningKey
from triage.store.log import DecisionLog
from triage.store.opening import database_of, open_log
from triage.store.tables import HEADS
from triage.store.verification import Elsewhere, HeldHead, Verified, verify
from triage.wire import canonical_bytes

OPERATOR = Caller(Role.OPERATOR, "an-operator", "command line")

COMMITS = (1, 1, 1, 2, 3, 5, 8)
"""How many entries a commit may hold; many hold one."""


@dataclass(frozen=True)
class LivedLog:
    """A log, and the heads that an honest one has."""

    settings: Settings
    size: int
    heads: Sequence[SignedHead] = field(repr=False)

    @property
    def file(self) -> Path:
        """The file of a log in SQLite."""
        return Path(str(self.settings.database_url).removeprefix("sqlite:///"))

    @property
    def person_key(self) -> PersonKey:
        """The key by which people are found in it."""
        return PersonKey.open(keys_folder(self.settings))

    @property
    def signing_key(self) -> SigningKey:
        """The key that signs it."""
        return SigningKey.open(keys_folder(self.settings))

    def copied(self, file: Path) -> LivedLog:
        """The same in another file of SQLite, with the same keys."""
        shutil.copyfile(self.file, file)
        return replace(self, settings=replace(self.settings, database_url=f"sqlite:///{file}"))

    def around(self, sequence: int) -> tuple[int, int]:
        """The first and the last entry of the commit that an entry is of."""
        sizes = [0, *(head.head.size for head in self.heads)]
        before = max(size for size in sizes if size < sequence)
        return before + 1, min(size for size in sizes if size >= sequence)

    def verified(self, held: Sequence[SignedHead] = ()) -> Verified:
        """What is proved of it. Raises ``DamagedLogError``."""
        heads = [HeldHead(one, f"the head held over {one.head.size}") for one in held]
        with closing(database_of(self.settings)) as database:
            return verify(database, Elsewhere(heads, person_key=self.person_key))


@contextmanager
def tampering(log: LivedLog) -> Iterator[Connection]:
    """A connection of somebody who owns the database, and whom it refuses nothing any more."""
    engine = create_engine(Database(str(log.settings.database_url)).__reduce__()[1][0])
    with engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            wanted = text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for name in connection.execute(wanted).scalars().all():
                connection.execute(text(f"DROP TRIGGER {name}"))
        else:
            connection.execute(text("SET session_replication_role = replica"))
        yield connection
    engine.dispose()


def lived(settings: Settings, rulebook: Rulebook, random: Random, length: int) -> LivedLog:
    """Write a log of about this length: two people are erased in its midst, and one at its end."""
    *_, found = living(settings, rulebook, random, (length // 2 - 2, length // 2 - 1))
    return found


def living(
    settings: Settings, rulebook: Rulebook, random: Random, steps: Iterable[int]
) -> Iterator[LivedLog]:
    """Let a log grow by so many entries at a time, after each of which people are erased."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("triage.store.database.PRAGMAS", (*PRAGMAS, "synchronous=OFF"))
        with closing(open_log(settings)) as log, closing(Decider(rulebook)) as decider:
            life = _Life(log, decider, random)
            for number, step in enumerate(steps):
                life.goes_on(step)
                life.ends_for(1 if number else 2)
                yield _as_it_is(settings, log)


def _as_it_is(settings: Settings, log: DecisionLog) -> LivedLog:
    with log.database.read() as connection:
        rows = connection.execute(select(HEADS).order_by(HEADS.c.size)).all()
    heads = [_head(log.origin, row) for row in rows]
    return LivedLog(settings, heads[-1].head.size, heads)


def _head(origin: str, row: Any) -> SignedHead:
    return SignedHead(Head(origin, row.size, row.root, row.at), row.key_id, row.signature)


class _Life:
    """What happens to a log. It takes the place of the log for whoever records decisions."""

    def __init__(self, log: DecisionLog, decider: Decider, random: Random) -> None:
        self.person_key = log.person_key
        self._log, self._random = log, random
        self._recorder = Recorder(decider, cast("DecisionLog", self))
        self._draw = drawn(decider.rulebook, random.randrange(2**32))
        self._signing_key = log._signing_key  # noqa: SLF001 (the log keeps it to itself)
        self._waiting: list[NewEntry] = []
        self._decided: list[NewEntry] = []

    def append(self, new: NewEntry) -> Entry:
        """Take what is to be recorded."""
        self._waiting.append(new)
        return Entry(0, new.id, "", b"")

    def goes_on(self, length: int) -> None:
        """Let so many things happen."""
        for number in range(length):
            self._happens(number)
        batch = Batch(self._log.origin, self._signing_key)
        while self._waiting:
            some = self._random.choice(COMMITS)
            news, self._waiting = self._waiting[:some], self._waiting[some:]
            with self._log.database.write() as connection:
                batch.append(connection, news)

    def ends_for(self, people: int) -> None:
        """Erase so many decisions."""
        found: dict[str, Erasable] = {}
        while len(found) < people:
            one = self._random.choice(self._decided).id
            found |= {each.decision_id: each for each in persons.of_decision(self._log, one)}
        for each in found.values():
            persons.erase(self._log, each, OPERATOR, Reason.PERSON_REQUEST)

    def _happens(self, number: int) -> None:
        match self._random.choice("dddddddvvo") if self._decided else "d":
            case "d":
                retry = self._recorder.retry(GP, f"key {number}", number)
                kept = retry if self._random.random() < 0.5 else None
                asked = PLAIN if kept else Sent((self._random.randbytes(32),))
                self._recorder.record(self._draw(), GP, kept, asked)
                self._decided.append(self._waiting[-1])
            case "v":
                about = self._random.choice(self._decided).id
                self.append(NewEntry(Kind.VIEW, CLINICIAN, {"what": "decision"}, about))
            case _:
                self._comments(self._random.choice(self._decided))

    def _comments(self, decision: NewEntry) -> None:
        parts = {"route": "cmht", "urgency": "urgent", "reason": "clinical_judgement"}
        person = decision.identity.person if decision.identity else None
        words = Identity(canonical_bytes({"comment": "A comment."}), person)
        lowers = self._random.random() < 0.3
        said = {**parts, "lowers": lowers}
        self.append(NewEntry(Kind.OVERRIDE, CLINICIAN, said, decision.id, identity=words))
