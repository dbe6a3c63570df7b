"""Replays entries in a process where nothing but the entries and rulebooks can be read.

Started by a test with a file of both. The clock, chance, the locale and the surroundings raise
whoever asks. It prints how many came out identical, and a digest of every byte that came out.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import locale
import os
import random
import secrets
import sys
import time
import uuid
from pathlib import Path
from typing import Any, NoReturn, cast


def refuse(*_arguments: Any, **_named: Any) -> NoReturn:
    """Stands where a clock, chance or the surroundings were."""
    raise AssertionError("the core asked for more than it was given")


class Moment(dt.datetime):
    """A date and time that knows no now."""

    now = today = utcnow = classmethod(refuse)


class Day(dt.date):
    """A day that knows no today."""

    today = classmethod(refuse)


dt.datetime, dt.date = Moment, Day  # type: ignore[misc]  # before ours are imported

from triage.replay import Replayer  # noqa: E402
from triage.store.entries import Entry, RulebookCopy  # noqa: E402
from triage.store.log import DecisionLog  # noqa: E402
from triage.wire import canonical_bytes  # noqa: E402

FORBIDDEN = (
    (time, ("time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "localtime", "gmtime")),
    (random, ("random", "choice", "randrange", "randint", "shuffle", "getrandbits", "Random")),
    (secrets, ("token_bytes", "token_hex", "randbits")),
    (uuid, ("uuid1", "uuid4", "getnode")),
    (os, ("urandom", "getenv")),
    (locale, ("getlocale", "setlocale", "localeconv")),
)


class Rulebooks:
    """What a log has of rulebooks."""

    def __init__(self, contents: dict[str, str]) -> None:
        self._contents = contents

    def rulebook(self, digest: str) -> RulebookCopy:
        """The rulebook of a digest."""
        return RulebookCopy(digest, "", "", self._contents[digest])


def main() -> None:
    """Replay what is in the file that is named."""
    given = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    for module, names in FORBIDDEN:
        for name in names:
            setattr(module, name, refuse)
    replayer = Replayer(cast("DecisionLog", Rulebooks(given["rulebooks"])))
    found, identical = hashlib.sha256(), 0
    for sequence, leaf in enumerate(given["leaves"], 1):
        replayed = replayer.replay(Entry(sequence, "", "", leaf.encode()))
        identical += replayed.identical
        found.update(canonical_bytes(replayed.as_dict()))
    replayer.close()
    print(identical, found.hexdigest())  # noqa: T201


if __name__ == "__main__":
    main()
