"""What a local rulebook says of the base that it extends."""

from __future__ import annotations

from dataclasses import dataclass

from triage.domain.conditions import Condition
from triage.domain.rules import Basis


@dataclass(frozen=True, slots=True)
class Laid:
    """An overlay that was laid over the base."""

    id: str
    title: str
    version: str


@dataclass(frozen=True, slots=True)
class Retired:
    """A rule of the base that does not hold here: which, what it was about, and why not."""

    rule: str
    title: str
    because: str
    basis: Basis


@dataclass(frozen=True, slots=True)
class Waiver:
    """Where the local rules may be less urgent than the base: ``after`` where that is ``before``.

    ``when`` None means everywhere.
    """

    id: str
    title: str
    when: Condition | None
    before: str
    after: str
    basis: Basis
