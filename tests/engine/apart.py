"""What must be tried in a process of its own: memory, a heap full of rubbish, forks."""

from __future__ import annotations

import gc
import os
import resource
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random

from tests.builders import referral_builder
from tests.facts import facts_of
from tests.plain_conclusions import PlainDecider
from tests.random_things import Drawer
from triage.decide import Decider
from triage.domain.referral import Referral
from triage.engine import Engine
from triage.rulebook import Rulebook, load_rulebook


def resident() -> int:
    """The resident memory of this process, in kilobytes."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() // 1024


def some_referrals(rulebook: Rulebook, count: int) -> list[Referral]:
    drawer, random = Drawer(rulebook), Random(1)
    return [drawer.referral(random) for _ in range(count)]


def settled_referrals(rulebook: Rulebook) -> list[Referral]:
    """Referrals of every sort that leave nothing to ask, so that each is decided quickly."""
    everything = set(rulebook.vocabulary.answers)
    starts = [
        referral_builder(unhelpful_interventions=count, problem_duration_days=days)
        for count in range(5)
        for days in range(0, 1000, 10)
    ]
    starts += [referral_builder(intent="strong"), referral_builder(thoughts_of_harm="regular")]
    return [start.declining(*(everything - set(start.answers))).build() for start in starts]


def many_decisions(count: str) -> str:
    rulebook = load_rulebook()
    decider, referrals = Decider(rulebook), settled_referrals(rulebook)
    for number in range(int(count)):
        if number == int(count) // 10:
            before = resident()
        decider.decide(referrals[number % len(referrals)])
    return str(resident() - before)


def many_engines(count: str) -> str:
    rulebook = load_rulebook()
    for number in range(int(count)):
        if number == int(count) // 10:
            before = resident()
        engine = Engine(rulebook)
        for stage in rulebook.stages:
            engine.fired(stage, {"age": 40})
        engine.close()
    return str(resident() - before)


def decided_right(decider: Decider, referrals: list[Referral]) -> bool:
    plain = PlainDecider(decider.rulebook.content)
    for referral in referrals:
        known = {**decider.rulebook.switches, **facts_of(referral, decider.rulebook)}
        found = {reason.rule.id for reason in decider.decide(referral).reasoning}
        if found != plain.conclude(known).fired:
            return False
    return True


def decide_and_close() -> str:
    rulebook = load_rulebook()
    referrals = some_referrals(rulebook, 300)
    for _ in range(3):
        unused, used = Decider(rulebook), Decider(rulebook)
        right = decided_right(used, referrals)
        unused.close()
        used.close()
    return "right" if right else "wrong"


def fork_four() -> str:
    rulebook = load_rulebook()
    decider, referrals = Decider(rulebook), some_referrals(rulebook, 200)
    decider.decide(referrals[0])
    children = []
    for _ in range(4):
        child = os.fork()
        if child == 0:
            os._exit(0 if decided_right(decider, referrals) else 1)
        children.append(child)
    ends = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    return " ".join("right" if end == 0 else f"ended with {end}" for end in ends)


TASKS: Mapping[str, Callable[..., str]] = {
    task.__name__: task for task in (many_decisions, many_engines, decide_and_close, fork_four)
}

if __name__ == "__main__":
    print(TASKS[sys.argv[1]](*sys.argv[2:]))  # noqa: T201
