"""What a check of a rulebook found, for people and for machines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from triage.rulebook import Stamp


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found: where, in which rule, and what is to be done. Line 0: the whole file."""

    check: str
    file: str
    problem: str
    line: int = 0
    rule: str | None = None

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where} {self.rule}: {self.problem}" if self.rule else f"{where}: {self.problem}"


@dataclass(frozen=True, slots=True)
class Report:
    """Every fault of a rulebook, what waits for a signature, and how much was checked."""

    stamp: Stamp | None
    faults: tuple[Finding, ...]
    to_sign_off: tuple[Finding, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def clean(self) -> bool:
        """Is there no fault? What waits for a signature is none."""
        return not self.faults

    def as_dict(self) -> dict[str, Any]:
        """The report as plain data."""
        return {
            "clean": self.clean,
            "rulebook": asdict(self.stamp) if self.stamp else None,
            "counts": dict(self.counts),
            "faults": [asdict(fault) for fault in self.faults],
            "to_sign_off": [asdict(one) for one in self.to_sign_off],
        }
