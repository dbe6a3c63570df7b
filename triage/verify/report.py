"""What a check of a rulebook found, for people and for machines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from triage.rulebook import Stamp

FEW = 1_000_000_000
"""Up to how many things are counted out in full."""


def how_many(count: int) -> str:
    """A count as a person reads it: in full, or as 6.8 x 10^57."""
    if count < FEW:
        return f"{count:,}"
    digits = str(count)
    return f"{digits[0]}.{digits[1]} x 10^{len(digits) - 1}"


@dataclass(frozen=True, slots=True)
class Witness:
    """A referral that shows something, by what it holds, and what the live engine makes of it.

    ``given`` is by path, such as ``answers.plan``. ``route`` and ``urgency`` are None where the
    engine gives none. Where it has not ``agreed`` with the diagram, they are the more urgent.
    """

    given: Mapping[str, Any]
    route: str | None
    urgency: str | None
    agreed: bool = True


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found: where, in which rule, and what is to be done. Line 0: the whole file.

    ``witnesses`` are referrals that show it.
    """

    check: str
    file: str
    problem: str
    line: int = 0
    rule: str | None = None
    witnesses: tuple[Witness, ...] = ()

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where} {self.rule}: {self.problem}" if self.rule else f"{where}: {self.problem}"


@dataclass(frozen=True, slots=True)
class Proof:
    """A claim over every referral, and what was found against it.

    ``cells`` is over how many referrals it was walked that differ in something rules can read, and
    ``against`` how many of them speak against it. ``said`` is what the walk saw in passing.
    """

    name: str
    claim: str
    cells: int
    findings: tuple[Finding, ...] = ()
    against: int = 0
    said: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Does nothing speak against it?"""
        return not self.findings

    def as_dict(self) -> dict[str, Any]:
        """The proof as plain data. Counts are text: they are past what readers of JSON hold."""
        return {
            "name": self.name,
            "claim": self.claim,
            "holds": self.holds,
            "referrals": str(self.cells),
            "against": str(self.against),
            "said": list(self.said),
        }


@dataclass(frozen=True, slots=True)
class Report:
    """Every fault of a rulebook, what is proved of it, what waits for a signature, and counts."""

    stamp: Stamp | None
    faults: tuple[Finding, ...]
    proofs: tuple[Proof, ...] = ()
    to_sign_off: tuple[Finding, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def clean(self) -> bool:
        """Is there no fault? What waits for a signature is none."""
        return not self.faults

    @property
    def beside_proofs(self) -> tuple[Finding, ...]:
        """The faults that were found otherwise than by a proof."""
        return tuple(fault for fault in self.faults if fault.check not in self._proved)

    @property
    def _proved(self) -> frozenset[str]:
        return frozenset(proof.name for proof in self.proofs)

    def as_dict(self) -> dict[str, Any]:
        """The report as plain data."""
        return {
            "clean": self.clean,
            "rulebook": asdict(self.stamp) if self.stamp else None,
            "counts": dict(self.counts),
            "proofs": [proof.as_dict() for proof in self.proofs],
            "faults": [asdict(fault) for fault in self.faults],
            "to_sign_off": [asdict(one) for one in self.to_sign_off],
        }
