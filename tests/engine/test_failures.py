"""An engine that fails is an error to the caller, never an empty list of rules."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from typing import Any

import durable_rules_engine as durable
import pytest

import triage
from tests.builders import a_referral, referral_builder
from tests.campaigns import share
from tests.facts import facts_of
from tests.quick_reader import QuickDecider
from tests.random_things import Drawer
from triage.decide import Decider
from triage.errors import EngineError
from triage.rulebook import Rulebook

CALLS = ("assert_fact", "start_action_for_state", "complete_and_start_action")
WRITTEN = "Wilhelmina Ottoline Featherstonehaugh"


def failing(error: Exception) -> Callable[..., Any]:
    def fail(*_given: Any) -> Any:
        raise error

    return fail


def failing_after(real: Callable[..., Any], error: Exception) -> Callable[..., Any]:
    def fail(*given: Any) -> Any:
        real(*given)
        raise error

    return fail


@pytest.fixture
def own(rulebook: Rulebook) -> Iterator[Decider]:
    """A decider of the test's own, which may be broken."""
    made = Decider(rulebook)
    yield made
    made.close()


def test_an_engine_that_starts_nothing_is_an_error(
    own: Decider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(durable, "start_action_for_state", lambda *_: None)
    with pytest.raises(EngineError, match="did not run"):
        own.decide(a_referral())


def test_an_engine_that_never_comes_to_its_sentinel_is_an_error(
    own: Decider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(durable, "complete_and_start_action", lambda *_: None)
    with pytest.raises(EngineError, match="did not run"):
        own.decide(a_referral(intent="strong"))


@pytest.mark.parametrize("code", [1, 2, 3, 303])
def test_facts_that_the_engine_refuses_are_an_error(
    own: Decider, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    monkeypatch.setattr(durable, "assert_fact", lambda *_: (code, 0))
    with pytest.raises(EngineError, match="refused"):
        own.decide(a_referral())


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("error", [Exception(WRITTEN), MemoryError(WRITTEN), KeyError(WRITTEN)])
def test_an_exception_of_the_engine_is_an_error_that_quotes_no_facts(
    own: Decider, monkeypatch: pytest.MonkeyPatch, call: str, error: Exception
) -> None:
    monkeypatch.setattr(durable, call, failing(error))
    with pytest.raises(EngineError) as caught:
        own.decide(a_referral(intent="strong"))
    assert WRITTEN not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("facts", [{"plan": WRITTEN}, {"wsas_total": WRITTEN}], ids=str)
def test_what_a_patient_wrote_never_stands_in_an_error(own: Decider, facts: dict[str, str]) -> None:
    with pytest.raises(EngineError) as caught:
        own.decide(referral_builder(**facts).build())
    assert WRITTEN not in f"{caught.value!r} {caught.value.args}"


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("late", [False, True], ids=["at once", "after its work"])
def test_after_a_failure_the_next_referral_is_decided_right(
    own: Decider, decider: Decider, monkeypatch: pytest.MonkeyPatch, call: str, late: bool
) -> None:
    broken = RuntimeError("broken")
    real: Callable[..., Any] = getattr(durable, call)
    with monkeypatch.context() as patched:
        patched.setattr(durable, call, failing_after(real, broken) if late else failing(broken))
        for _ in range(3):
            with pytest.raises(EngineError):
                own.decide(a_referral(intent="strong", daily_functioning="marked"))
    for referral in (a_referral(), a_referral(serious_harm_history=True), a_referral()):
        assert own.decide(referral).as_dict() == decider.decide(referral).as_dict()


def test_facts_are_forgotten_even_where_the_engine_fails(
    own: Decider, monkeypatch: pytest.MonkeyPatch
) -> None:
    asserted: list[int] = []
    retracted: list[int] = []
    assert_fact, retract_fact = durable.assert_fact, durable.retract_fact

    def noting(handle: int, text: str) -> Any:
        asserted.append(handle)
        return assert_fact(handle, text)

    def forgetting(handle: int, text: str) -> Any:
        retracted.append(handle)
        return retract_fact(handle, text)

    monkeypatch.setattr(durable, "assert_fact", noting)
    monkeypatch.setattr(durable, "retract_fact", forgetting)
    own.decide(a_referral())
    monkeypatch.setattr(durable, "complete_and_start_action", failing(RuntimeError()))
    with pytest.raises(EngineError):
        own.decide(a_referral())
    assert retracted == asserted
    assert len(asserted) > 1


EACH = 4_000
"""How many referrals each of eight threads decides in full."""


def test_eight_threads_at_once_agree_with_the_plain_reader(
    decider: Decider, rulebook: Rulebook
) -> None:
    drawer, plain = Drawer(rulebook), QuickDecider(rulebook.content)

    def differences(seed: int) -> int:
        random, wrong = Random(seed), 0
        for _ in range(share(EACH)):
            referral = drawer.referral(random)
            known = {**rulebook.switches, **facts_of(referral, rulebook)}
            found = {reason.rule.id for reason in decider.decide(referral).reasoning}
            wrong += found != plain.conclude(known).fired
        return wrong

    with ThreadPoolExecutor(max_workers=8) as pool:
        assert list(pool.map(differences, range(8))) == [0] * 8


PACKAGE = Path(triage.__file__).parent


def test_nothing_imports_the_parts_of_durable_rules_that_are_not_safe() -> None:
    imported = {
        name
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in _imports(node)
    }
    assert "durable_rules_engine" in imported
    assert not {name for name in imported if name.split(".")[0] == "durable"}


def _imports(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and not node.level:
        return [node.module or ""]
    return []


ROOT = Path(__file__).parents[2]

LONGEST_WAIT = 1800

DECISIONS, ENGINES = 200_000, 600
"""In full, each in one process; a tenth of so many shows a leak of a few bytes a time as well."""


def run_apart(task: str, *count: str, **surroundings: str) -> str:
    """What a task of ``apart.py`` says, run in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.engine.apart", task, *count],
        cwd=ROOT,
        env={**os.environ, **surroundings},
        capture_output=True,
        check=False,
        text=True,
        timeout=LONGEST_WAIT,
    )
    assert done.returncode == 0, f"{task} ended with {done.returncode}: {done.stderr[-2000:]}"
    return done.stdout.strip()


def test_memory_is_flat_over_many_decisions() -> None:
    """In kilobytes; the first tenth warms up what Python itself keeps."""
    grown = int(run_apart("many_decisions", str(share(DECISIONS))))
    assert grown < 500


def test_memory_is_flat_over_many_rebuilt_engines() -> None:
    grown = int(run_apart("many_engines", str(share(ENGINES))))
    assert grown < 1_000


def test_a_heap_full_of_rubbish_is_no_obstacle() -> None:
    """The engine frees what it never set up, unless an action ran first."""
    assert run_apart("decide_and_close", MALLOC_PERTURB_="165") == "right"


def test_four_forked_children_decide_right() -> None:
    assert run_apart("fork_four") == "right right right right"
