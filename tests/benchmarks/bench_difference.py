"""How long two rulebooks take to be compared, and how large it gets. Printed, never asserted."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from tests.benchmarks.figures import timed
from triage.rulebook import Rulebook, load_rulebook, rulebook_of
from triage.verify.difference import difference
from triage.verify.report import how_many

Say = Callable[[str], None]

ROTHERHAM = Path(__file__).parents[2] / "rules" / "rotherham"


def one_threshold() -> tuple[Rulebook, Rulebook]:
    """The shipped rules, and the same with more severe depression from a PHQ-9 of 17."""
    shipped = load_rulebook()
    content = json.loads(json.dumps(shipped.content))
    content["rulebook.yaml"]["values"]["phq9_more_severe"]["value"] = 17
    return shipped, rulebook_of(json.dumps(content))


def overlay() -> tuple[Rulebook, Rulebook]:
    """The shipped rules, and the overlay that comes with them."""
    return load_rulebook(), load_rulebook(ROTHERHAM)


@pytest.mark.parametrize("pair", [one_threshold, overlay], ids=["one threshold", "an overlay"])
def test_a_comparison_beside_loading(
    benchmark: BenchmarkFixture, say: Say, pair: Callable[[], tuple[Rulebook, Rulebook]]
) -> None:
    before, after = pair()
    found = difference(before, after)
    loading = timed(lambda _: load_rulebook(), [None], 5)
    comparing = timed(lambda _: difference(before, after), [None], 5)
    say(
        f"{len(found.flows)} flows and {len(found.beside)} parts of"
        f" {how_many(found.referrals)} referrals, {found.nodes:,} nodes:"
        f" {comparing.p50 / 1e3:.0f} ms, {comparing.p50 / loading.p50:.1f} times reading the files"
    )
    benchmark.extra_info["nodes"] = found.nodes
    benchmark.extra_info["ratio"] = comparing.p50 / loading.p50
    benchmark.pedantic(lambda: difference(before, after), rounds=2)
