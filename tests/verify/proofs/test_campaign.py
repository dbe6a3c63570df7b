"""Two hundred faults of every kind, each found and truly shown; of as many refactors, none."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing

import pytest

from tests.campaigns import share
from tests.verify.proofs.edited import named, proved
from tests.verify.proofs.faults.dead import dead
from tests.verify.proofs.faults.drawn import Drawing, Fault, faults
from tests.verify.proofs.faults.gaps import gap
from tests.verify.proofs.faults.hidden import hidden
from tests.verify.proofs.faults.leaks import PROTECTED, leak
from tests.verify.proofs.faults.pool import Pool, that_move
from tests.verify.proofs.faults.unsafe import unsafe
from tests.verify.proofs.faults.unseen import NEVER, unseen
from tests.verify.proofs.faults.worse import MILDEST_FIRST, worse
from tests.verify.proofs.shown import apart, check_shown, plainly_shown, told
from tests.verify.refactors import refactors
from triage.rulebook import Rulebook
from triage.verify.proofs.alive import every_rule_lives
from triage.verify.proofs.evaluations import both_evaluations_agree
from triage.verify.proofs.fairness import fair_by_protected
from triage.verify.proofs.ground import Ground
from triage.verify.proofs.monotone import worse_is_never_less_urgent
from triage.verify.proofs.one_route import no_dead_end, one_lead_route
from triage.verify.proofs.overlay import no_less_urgent_than_the_base
from triage.verify.proofs.prove import PROOFS
from triage.verify.proofs.unknown_risk import unknown_risk_is_seen
from triage.verify.report import Finding, Proof

ROUNDS, A_ROUND = 20, 10
"""Two hundred of each kind, ten in a round."""

AGAIN = 5
"""Of so many faults one is decided again by a live engine of its own."""

WALKS = tuple(claim for claim in PROOFS if claim is not both_evaluations_agree)
"""The proofs that walk the diagram; the other puts every edge of it to the engine, which takes its
time."""

rounds = pytest.mark.parametrize("seed", range(share(ROUNDS)), ids=lambda seed: f"round_{seed}")


IN_FULL = 4
"""Of so many rounds one edits every shipped rule; the others, which are quicker, those that move
somebody."""


@pytest.fixture(scope="module")
def whole(rulebook: Rulebook) -> Pool:
    """Referrals of every sort, and the shipped rules."""
    return Pool(rulebook)


@pytest.fixture(scope="module")
def moving(rulebook: Rulebook) -> Pool:
    """The same, and those of the rules that move somebody."""
    return Pool(that_move(rulebook))


@pytest.fixture
def pool(seed: int, whole: Pool, moving: Pool) -> Pool:
    """The pool of a round."""
    return moving if (seed + 1) % IN_FULL else whole


def found_in(
    claim: Callable[[Ground], Proof | None], fault: Fault, number: int
) -> tuple[Finding, ...]:
    """What a proof finds of a fault: something, by its name, and truly shown."""
    proof = proved(claim, fault.rulebook)
    assert proof.findings, fault.said
    assert proof.against, fault.said
    for found in proof.findings:
        assert found.check == proof.name
        plainly_shown(found, fault.rulebook)
    if number % AGAIN == 0 and proof.findings[0].witnesses:
        base = (fault.rulebook.base,) if fault.rulebook.base else ()
        check_shown(proof.findings[0], fault.rulebook, *base)
    if fault.named is not None:
        assert fault.named in named(proof), fault.said
    return proof.findings


def drawn(drawing: Drawing, pool: Pool, seed: int) -> list[tuple[int, Fault]]:
    return [*enumerate(faults(drawing, pool, seed, A_ROUND))]


@rounds
def test_every_gap_is_found(pool: Pool, seed: int) -> None:
    for number, fault in drawn(gap, pool, seed):
        claim = (one_lead_route, no_dead_end)[number % 2]
        (found,) = found_in(claim, fault, number)
        assert told(found.witnesses[0], fault.rulebook) is None, fault.said


@rounds
def test_every_dead_rule_is_found(pool: Pool, seed: int) -> None:
    for number, fault in drawn(dead, pool, seed):
        found = found_in(every_rule_lives, fault, number)
        (mine,) = (one for one in found if one.rule == fault.named)
        assert mine.problem.startswith("fires on no referral"), fault.said


@rounds
def test_every_hidden_rule_is_found(pool: Pool, seed: int) -> None:
    for number, fault in drawn(hidden, pool, seed):
        found = found_in(every_rule_lives, fault, number)
        (mine,) = (one for one in found if one.rule == fault.named)
        assert "these together conclude as much" in mine.problem, fault.said
        assert mine.witnesses, fault.said


@rounds
def test_every_worse_answer_that_is_less_urgent_is_found(pool: Pool, seed: int) -> None:
    for number, fault in drawn(worse, pool, seed):
        for found in found_in(worse_is_never_less_urgent, fault, number):
            milder, later = (told(one, fault.rulebook) for one in found.witnesses)
            assert milder is not None, fault.said
            assert later is not None, fault.said
            assert milder.rank < later.rank, fault.said
            assert found.rule in MILDEST_FIRST
            assert len(apart(found)) == 1, fault.said


@rounds
def test_every_breach_of_what_is_promised_of_unknown_risk_is_found(pool: Pool, seed: int) -> None:
    for number, fault in drawn(unseen, pool, seed):
        for found in found_in(unknown_risk_is_seen, fault, number):
            seen = told(found.witnesses[0], fault.rulebook)
            assert seen is not None, fault.said
            assert seen.rank > 2 or seen.route in NEVER, fault.said


@rounds
def test_every_leak_is_found(pool: Pool, seed: int) -> None:
    for number, fault in drawn(leak, pool, seed):
        for found in found_in(fair_by_protected, fault, number):
            one, other = ((each.route, each.urgency) for each in found.witnesses)
            assert one != other, fault.said
            fact = next(each for each in PROTECTED if f"depend on {each} " in found.problem)
            paths = {"patient.age", "patient.birth_date"} if fact == "age" else {f"answers.{fact}"}
            assert apart(found) <= paths, fault.said


@rounds
def test_every_unsafe_overlay_is_found(pool: Pool, seed: int) -> None:
    for number, fault in drawn(unsafe, pool, seed):
        found = found_in(no_less_urgent_than_the_base, fault, number)
        here, there = found[0].witnesses
        assert here.given == there.given
        ranks = [told(one, fault.rulebook) for one in (here, there)]
        assert ranks[0] is not None, fault.said
        assert ranks[1] is not None, fault.said
        assert ranks[0].rank > ranks[1].rank, fault.said


@rounds
def test_nothing_is_found_where_rules_only_say_the_same_otherwise(pool: Pool, seed: int) -> None:
    drawn = ((said, made) for said, made in refactors(pool.rulebook, seed, 4 * A_ROUND))
    harmless = (pair for pair in drawn if not leaves_a_part_idle(pair[0]))
    for number, (said, made) in zip(range(A_ROUND), harmless, strict=False):
        claims = PROOFS if number % AGAIN == 0 else WALKS
        with closing(Ground(made)) as ground:
            proofs = [proof for claim in claims if (proof := claim(ground)) is not None]
        assert [str(one) for proof in proofs for one in proof.findings] == [], said


def leaves_a_part_idle(said: str) -> bool:
    """Was a rule split of which one part had been made to say no more than another?"""
    return " split" in said and ("said twice" in said or "a stricter one beside it" in said)
