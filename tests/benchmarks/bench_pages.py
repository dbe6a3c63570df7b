"""How long a call waits for what an answer changes, and what the first page makes a browser load.

Times are of requests one after another on a connection that is kept open, as a client on the same
machine sees them, beside what-ifs by ``POST /v1/triage`` to the same service in the same run.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPConnection
from random import Random
from statistics import median, quantiles
from time import perf_counter
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Request
from pytest_benchmark.fixture import BenchmarkFixture

from tests.browser.scene import HANDLER, Scene, an_own_scene
from tests.running import Answer, read
from triage.api.examples import LIVE_CALL, REFERRAL

Say = Callable[[str], None]

ANSWERS, WARM_UP = 400, 40

FORM = {"Content-Type": "application/x-www-form-urlencoded"}

_RADIO = re.compile(r'type="radio" name="([a-z0-9_.]+)" id="[^"]*" value="([^"]+)"')


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with an_own_scene(tmp_path_factory.mktemp("pages")) as found:
        yield found


@dataclass
class Handler:
    """Takes calls without a browser; ``taken`` is how long each answer took, in milliseconds."""

    connection: HTTPConnection
    random: Random = field(default_factory=lambda: Random(0))
    taken: list[float] = field(default_factory=list)
    cookie: str = ""
    token: str = ""

    def sign_in(self) -> None:
        """Be somebody who takes calls."""
        headers = self._send("POST", "/sign-in", {"person": "asha-begum"}).headers
        self.cookie = headers["Set-Cookie"].split(";")[0]
        home = self._send("GET", "/").body.decode()
        self.token = re.findall(r'name="form" value="([^"]+)"', home)[0]

    def take_a_call(self) -> None:
        """Answer until nothing more is asked."""
        address = self._send("POST", "/call", {"source": "B1"}).headers["Location"]
        asked = self._send("GET", address).body.decode()
        while found := re.search(rf'hx-post="({address}/question/[a-z0-9_.]+)"', asked):
            asked = self._answered(found[1], _RADIO.findall(asked))

    def _answered(self, address: str, radios: Sequence[tuple[str, str]]) -> str:
        """The part of the page that an answer changes, with what stands beside the question."""
        said = dict([self.random.choice(radios)]) if radios else {}
        button = "save" if radios else "decline"
        begun = perf_counter()
        part = self._send("POST", address, {**said, "do": button}, **{"HX-Request": "true"})
        self.taken.append((perf_counter() - begun) * 1e3)
        assert b"innerHTML:#side" in part.body, part
        return part.body.decode()

    def _send(
        self, method: str, path: str, said: Mapping[str, str] | None = None, **headers: str
    ) -> Answer:
        body = urlencode({**said, "form": self.token}) if said is not None else None
        asked = {**FORM, "Cookie": self.cookie, "Accept": "text/html", **headers}
        self.connection.request(method, path, body, asked)
        return read(self.connection.getresponse())


def test_an_answer_and_what_it_changes(benchmark: BenchmarkFixture, scene: Scene, say: Say) -> None:
    with closing(scene.service.connection()) as connection:
        handler = Handler(connection)
        handler.sign_in()
        while len(handler.taken) < WARM_UP:
            handler.take_a_call()
        handler.taken.clear()
        while len(handler.taken) < ANSWERS:
            handler.take_a_call()
        answers = handler.taken
        what_ifs = [_what_if(connection, body) for body in (REFERRAL, LIVE_CALL) * (ANSWERS // 2)]
        say(f"{len(answers)} answers on calls, each with all that stands around the question:")
        say(f"  p50 {median(answers):5.1f} ms   p95 {_p95(answers):5.1f} ms (aim: under 50)")
        say(f"  what-ifs: p50 {median(what_ifs):5.1f} ms   p95 {_p95(what_ifs):5.1f} ms")
        ratio, at_p95 = median(answers) / median(what_ifs), _p95(answers) / _p95(what_ifs)
        say(f"  an answer takes {ratio:.1f} times a what-if, {at_p95:.1f} at p95")
        benchmark.extra_info.update(p50_ms=median(answers), p95_ms=_p95(answers), ratio=ratio)
        benchmark.pedantic(handler.take_a_call, rounds=3)


def _what_if(connection: HTTPConnection, body: object) -> float:
    """How long one took, in milliseconds."""
    begun = perf_counter()
    sent = json.dumps(body).encode()
    connection.request("POST", "/v1/triage", sent, {"Content-Type": "application/json"})
    assert read(connection.getresponse()).status == 200
    return (perf_counter() - begun) * 1e3


def _p95(taken: Sequence[float]) -> float:
    return quantiles(taken, n=20)[-1]


@pytest.mark.parametrize("path", ["/sign-in", "/", "/call", "a call", "a decision", "/rules"])
def test_what_a_first_visit_makes_a_browser_load(
    benchmark: BenchmarkFixture, scene: Scene, path: str, say: Say
) -> None:
    places = {
        "a call": f"/call/{scene.calls['settled']}",
        "a decision": f"/decisions/{scene.decisions['routine']}",
    }
    loaded, outside = benchmark.pedantic(loaded_for, (scene, places.get(path, path)), rounds=1)
    kilobytes = sum(map(_transferred, loaded)) / 1000
    say(
        f"{path + ':':12} {kilobytes:5.0f} kB in {len(loaded):2} requests, {outside} outside"
        " (aim for the first: under 200 kB, none outside)"
    )
    benchmark.extra_info.update(kB=kilobytes, requests=len(loaded), outside=outside)


def loaded_for(scene: Scene, path: str) -> tuple[list[Request], int]:
    """Every request that a page makes of a browser that has seen none, and how many go outside."""
    visitor, loaded = scene.visitor(HANDLER), list[Request]()

    def finished(request: Request) -> None:
        loaded.append(request)

    visitor.context.on("requestfinished", finished)
    visitor.go(path)
    visitor.page.wait_for_load_state("networkidle")
    return loaded, len(visitor.strayed)


def _transferred(request: Request) -> int:
    """The bytes of an answer as they went over the wire."""
    sizes = request.sizes()
    return sizes["responseHeadersSize"] + sizes["responseBodySize"]
