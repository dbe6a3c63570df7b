"""The engine and the plain reader, two readings of the same rule files, never differ."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.campaigns import share
from tests.facts import facts_of
from tests.plain_conclusions import Concluded, PlainDecider
from tests.plain_reader import PlainReader
from tests.quick_reader import QuickDecider
from tests.random_things import Drawer
from triage.decide import Decider
from triage.domain.decision import Decision
from triage.domain.referral import Referral
from triage.domain.vocabulary import Facts, Kind, Term, Value
from triage.engine import Engine
from triage.rulebook import Rulebook, load_rulebook

SHIPPED = load_rulebook()
BATCHES, BATCH = 100, 200
"""So many random referrals in the ordinary run: BATCHES * BATCH = 20,000.

As many random facts are tried in full.
"""

RANKS = {"emergency": 0, "very_urgent": 1, "urgent": 2, "same_day": 2, "soon": 3, "routine": 4}

seeds = st.integers(min_value=0, max_value=2**32)


@pytest.fixture(scope="module")
def engine(rulebook: Rulebook) -> Iterator[Engine]:
    made = Engine(rulebook)
    yield made
    made.close()


@pytest.fixture(scope="module")
def reader(rulebook: Rulebook) -> PlainReader:
    return PlainReader(rulebook.content)


@pytest.fixture(scope="module")
def plain_decider(rulebook: Rulebook) -> PlainDecider:
    return QuickDecider(rulebook.content)


@pytest.fixture(scope="module")
def drawer(rulebook: Rulebook) -> Drawer:
    return Drawer(rulebook)


def fired(engine: Engine, rulebook: Rulebook, facts: Facts) -> set[str]:
    found = [one.rule.id for stage in rulebook.stages for one in engine.fired(stage, facts)]
    assert len(found) == len(set(found)), "a rule fired twice"
    return set(found)


@settings(max_examples=share(BATCHES))
@given(seed=seeds)
def test_the_engine_fires_what_the_plain_reader_fires_on_random_facts(
    engine: Engine, reader: PlainReader, drawer: Drawer, rulebook: Rulebook, seed: int
) -> None:
    random = Random(seed)
    for _ in range(BATCH):
        facts = drawer.facts(random)
        assert fired(engine, rulebook, facts) == reader.fired(facts), facts


def _values(term: Term) -> st.SearchStrategy[Value]:
    match term.kind:
        case Kind.BOOLEAN:
            return st.booleans()
        case Kind.CHOICE:
            return st.sampled_from(term.choices)
        case Kind.LIST:
            words = term.choices or ("diabetes",)
            return st.lists(st.sampled_from(words), unique=True).map(tuple)
        case _:
            return st.integers(min_value=term.low, max_value=term.high)


any_facts = st.fixed_dictionaries(
    {},
    optional={
        name: _values(term)
        for name, term in SHIPPED.vocabulary.terms.items()
        if term.kind not in (Kind.DATE, Kind.ITEMS)
    },
)


@settings(max_examples=300)
@given(facts=any_facts)
def test_the_engine_fires_what_the_plain_reader_fires_on_the_simplest_facts_that_differ(
    engine: Engine, reader: PlainReader, rulebook: Rulebook, facts: dict[str, Value]
) -> None:
    assert fired(engine, rulebook, facts) == reader.fired(facts)


@settings(max_examples=BATCHES)
@given(seed=seeds)
def test_a_decision_is_what_the_plain_reader_concludes_of_20000_random_referrals(
    quick_decider: Decider, plain_decider: PlainDecider, drawer: Drawer, seed: int
) -> None:
    random = Random(seed)
    for _ in range(BATCH):
        referral = drawer.referral(random)
        found = quick_decider.decide(referral)
        plain = plain_decider.conclude(_facts(referral, quick_decider.rulebook))
        assert _shown(found) == _shown_plainly(plain), referral


def _facts(referral: Referral, rulebook: Rulebook) -> dict[str, Value]:
    return {**rulebook.switches, **facts_of(referral, rulebook)}


def _shown(found: Decision) -> tuple[object, ...]:
    return (
        {reason.rule.id for reason in found.reasoning},
        {name: one.level for name, one in found.levels.items()},
        [each.route.id for each in (found.route, *found.also_indicated)],
        RANKS[found.urgency.id],
    )


def _shown_plainly(plain: Concluded) -> tuple[object, ...]:
    return (
        set(plain.fired),
        dict(plain.levels),
        list(plain.routes),
        plain.urgency_class,
    )


def test_the_plain_reader_notices_a_changed_threshold(
    engine: Engine, rulebook: Rulebook, drawer: Drawer
) -> None:
    """The differential test can fail: a reader of a changed value differs from the engine."""
    content = {**rulebook.content}
    front = dict(content["rulebook.yaml"])
    values = dict(front["values"])
    values["chronic_from_days"] = {**values["chronic_from_days"], "value": 366}
    content["rulebook.yaml"] = {**front, "values": values}
    changed = PlainReader(content)
    random = Random(7)
    drawn = [drawer.facts(random) for _ in range(500)]
    assert any(fired(engine, rulebook, facts) != changed.fired(facts) for facts in drawn)
