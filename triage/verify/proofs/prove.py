"""Everything that is proved of a rulebook: each proof is one row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing

from triage.rulebook import Rulebook
from triage.verify.proofs.alive import every_rule_lives
from triage.verify.proofs.evaluations import both_evaluations_agree
from triage.verify.proofs.fairness import fair_by_protected, nothing_else_is_read
from triage.verify.proofs.ground import Ground
from triage.verify.proofs.monotone import worse_is_never_less_urgent
from triage.verify.proofs.one_route import no_dead_end, one_lead_route
from triage.verify.proofs.overlay import no_less_urgent_than_the_base
from triage.verify.proofs.unknown_risk import unknown_risk_is_seen
from triage.verify.report import Proof

PROOFS: tuple[Callable[[Ground], Proof | None], ...] = (
    one_lead_route,
    no_dead_end,
    unknown_risk_is_seen,
    worse_is_never_less_urgent,
    every_rule_lives,
    fair_by_protected,
    nothing_else_is_read,
    no_less_urgent_than_the_base,
    both_evaluations_agree,
)
"""The proofs; each gives None where it has nothing to say of a rulebook."""


def prove(rulebook: Rulebook) -> Iterator[Proof]:
    """Every proof of a rulebook, whatever came of it."""
    with closing(Ground(rulebook)) as ground:
        for claim in PROOFS:
            proof = claim(ground)
            if proof is not None:
                yield proof
