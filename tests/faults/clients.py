"""Clients that send each referral until it is acknowledged, and what must then be in the log."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from random import Random
from time import monotonic, sleep
from typing import Any
from urllib.parse import urlsplit

from tests.builders import MILD_ANSWERS
from tests.running import LONGEST_WAIT, Answer, read
from triage.config import Settings
from triage.recording import decision_of
from triage.store.entries import Kind
from triage.store.log import DecisionLog
from triage.store.opening import open_log
from triage.store.verification import Elsewhere, HeldHead, Verified, verify

BREATH_SECONDS = 0.02
"""How long a client waits before it tries again what was not acknowledged."""

AGAIN = 0.1
"""How many of those acknowledged are sent once more."""

IMPATIENT, SOON_SECONDS = 0.05, 0.01
"""How many are given up soon and sent again, while the first may still be under way."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A referral as a client sends it, as often as it takes. The key is its reference too."""

    key: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """What a client was told: from now on it relies on this.

    ``was_there``: it was recorded before, and that answer never came.
    """

    key: str
    status: int
    body: bytes
    was_there: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Refused:
    """An answer that acknowledges nothing, and when it came (seconds, monotonic)."""

    key: str
    answer: Answer
    at: float


@dataclass
class Clients:
    """Several clients at work, and what they were told.

    Whoever starts the service says with ``url`` where it is now. Each client goes on with a
    referral until it was acknowledged. ``unanswered`` counts tries that got no answer; ``found``
    referrals that stood in the log already when they were acknowledged for the first time;
    ``repeated`` those acknowledged a second time, with the very same bytes.
    """

    seed: int
    url: str = ""
    acknowledged: list[Acknowledged] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    unanswered: int = 0
    found: int = 0
    repeated: int = 0
    _enough: threading.Event = field(default_factory=threading.Event)
    _stop: threading.Event = field(default_factory=threading.Event)
    _futures: list[Future[None]] = field(default_factory=list)

    def start(self, threads: ThreadPoolExecutor, count: int) -> None:
        """Start so many clients."""
        self._futures = [threads.submit(self._work, number) for number in range(count)]

    def wait_for(self, more: int, seconds: float = LONGEST_WAIT) -> None:
        """Wait until so many more were acknowledged."""
        wanted, latest = len(self.acknowledged) + more, monotonic() + seconds
        while len(self.acknowledged) < wanted:
            self.check()
            assert monotonic() < latest, f"nothing acknowledged any more: {self.refused[-1:]}"
            sleep(BREATH_SECONDS)

    def check(self) -> None:
        """Raise what a client raised: an answer that no client should ever get."""
        for one in self._futures:
            if one.done():
                one.result()

    def finish(self, seconds: float = LONGEST_WAIT) -> None:
        """Begin nothing new, and wait until everything that was sent is acknowledged."""
        self._enough.set()
        for one in self._futures:
            one.result(seconds)

    def stop(self) -> None:
        """Give up what was not acknowledged, and wait until every client has ended."""
        self._enough.set()
        self._stop.set()
        for one in self._futures:
            one.result(LONGEST_WAIT)

    def _work(self, number: int) -> None:
        random = Random(f"{self.seed}/{number}")
        with closing(_Line()) as line:
            while not self._enough.is_set():
                sent = drawn(random)
                told = self._until_acknowledged(line, sent, random)
                if told is None:
                    return
                self.acknowledged.append(told)
                self.found += told.was_there
                if random.random() < AGAIN:
                    again = self._until_acknowledged(line, sent, random)
                    assert again in (told, None), f"{told} became {again}"
                    self.repeated += again is not None

    def _until_acknowledged(self, line: _Line, sent: Sent, random: Random) -> Acknowledged | None:
        """Send something until it is acknowledged; None where it was given up."""
        while not self.url:  # there is no service as yet
            if self._stop.wait(BREATH_SECONDS):
                return None
        while not self._stop.is_set():
            patience = SOON_SECONDS if random.random() < IMPATIENT else LONGEST_WAIT
            answer = line.ask(self.url, sent, patience)
            if answer is None:
                self.unanswered += 1
            elif answer.status == 201:
                was_there = "Idempotent-Replayed" in answer.headers
                return Acknowledged(sent.key, answer.status, answer.body, was_there)
            else:
                assert answer.status == 503, f"{answer.status}: {answer.body!r}"
                self.refused.append(Refused(sent.key, answer, monotonic()))
            sleep(BREATH_SECONDS * random.random())
        return None


class _Line:
    """The connection of one client: kept as long as it bears, and made anew."""

    def __init__(self) -> None:
        self._url, self._connection = "", HTTPConnection("")

    def ask(self, url: str, sent: Sent, patience: float) -> Answer | None:
        """Send a referral; None where there is no whole answer within so many seconds."""
        if url != self._url:
            self.close()
            self._url = url
        headers = {"Content-Type": "application/json", "Idempotency-Key": sent.key}
        try:
            if self._connection.sock is None:
                host = urlsplit(url)
                self._connection = HTTPConnection(str(host.hostname), host.port)
                self._connection.timeout = LONGEST_WAIT
                self._connection.connect()
            self._connection.sock.settimeout(patience)
            self._connection.request("POST", "/v1/referrals", sent.body, headers)
            return read(self._connection.getresponse())
        except (OSError, HTTPException):
            self.close()
            return None

    def close(self) -> None:
        """Hang up."""
        self._connection.close()


@contextmanager
def clients(count: int, seed: int) -> Iterator[Clients]:
    """So many clients at work; they are stopped at the end, however it comes."""
    made = Clients(seed)
    with ThreadPoolExecutor(count) as threads:
        made.start(threads, count)
        try:
            yield made
        finally:
            made.stop()


def drawn(random: Random) -> Sent:
    """A referral of somebody, with a key of its own."""
    key = f"{random.getrandbits(128):032x}"
    answers: dict[str, Any] = {
        **MILD_ANSWERS,
        "phq9_total": random.randrange(28),
        "gad7_total": random.randrange(22),
        "thoughts_of_harm": random.choice(("none", "none", "fleeting", "regular")),
    }
    if random.random() < 0.2:
        answers["long_term_conditions"] = ["diabetes", "words of their own"]
    referral = {
        "reference": key,
        "source": random.choice(("A1", "B1")),
        "referrer": {"ods_code": "C86001", "name": "A Doncaster practice"},
        "patient": {
            "nhs_number": f"999{random.randrange(10**7):07}",
            "birth_date": f"19{random.randrange(40, 99)}-03-14",
            "postcode": "DN1 1AA",
        },
        "answers": answers,
    }
    return Sent(key, json.dumps(referral).encode())


def check_nothing_lost(
    settings: Settings, acknowledged: Iterable[Acknowledged], held: Sequence[HeldHead] = ()
) -> Verified:
    """Is the log whole, with all that was acknowledged in it, and each referral in it once?

    ``held`` are heads that were given out meanwhile: the log must go on from each of them.
    """
    with closing(open_log(settings)) as log:
        elsewhere = Elsewhere(heads=held, vkeys=[log.vkey], person_key=log.person_key)
        verified = verify(log.database, elsewhere, workers=1)
        found = _decided(log, verified.entries)
    missing = [one for one in acknowledged if found.get(one.key) != one.body]
    assert not missing, f"{len(missing)} acknowledged are not in the log as told: {missing[0]}"
    return verified


def _decided(log: DecisionLog, size: int) -> Mapping[str, bytes]:
    """Every decision of the log as it is sent, by the reference of its referral."""
    found: dict[str, bytes] = {}
    for entry in log.decisions(1, size):
        recorded = log.recorded(entry.id, Kind.DECISION)
        assert recorded is not None
        body = decision_of(recorded)
        reference = json.loads(body)["reference"]
        assert reference not in found, f"a retry made a second decision: entry {entry.sequence}"
        found[reference] = body
    return found
