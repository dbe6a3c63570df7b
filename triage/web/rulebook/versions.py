"""Every rulebook that ever decided or was signed: from when, until when, and signed by whom."""

from __future__ import annotations

from dataclasses import dataclass

from triage.rulebook import Stamp
from triage.signing import Signature, signed
from triage.store.kept import rulebooks_of
from triage.store.log import DecisionLog
from triage.store.uses import Use, uses_of
from triage.web.rulebook.standing import Standing, last_of_each


@dataclass(frozen=True, slots=True)
class Version:
    """One rulebook; ``use`` is None where it decided nothing."""

    stamp: Stamp
    use: Use | None
    standing: Standing
    in_force: bool

    @property
    def last_at(self) -> str:
        """When it decided last, as text that sorts; nothing where it never did."""
        return self.use.last_at if self.use else ""


class Versions:
    """The rulebooks of one log, beside the one in force. Everything raises as ``read`` does."""

    def __init__(self, log: DecisionLog, in_force: Stamp) -> None:
        self._log, self._in_force = log, in_force

    def all(self) -> tuple[Version, ...]:
        """Every one: that in force, then by when each decided last."""
        uses = uses_of(self._log.database)
        kept = [Stamp(one.id, one.version, one.digest) for one in rulebooks_of(self._log.database)]
        stamps = dict.fromkeys((self._in_force, *kept))
        found = [self._version(stamp, uses.get(stamp.digest)) for stamp in stamps]
        return tuple(sorted(found, key=lambda one: (one.in_force, one.last_at), reverse=True))

    def last(self) -> Version | None:
        """The one that decided last before the one in force; None where this is the first."""
        return next((one for one in self.all() if not one.in_force and one.use), None)

    def last_signed(self) -> Version | None:
        """The one that was last approved; None where none ever was."""
        approved = [one for one in self.all() if one.standing.approvals]
        return max(approved, key=lambda one: one.standing.approvals[0].sequence, default=None)

    def _version(self, stamp: Stamp, use: Use | None) -> Version:
        since = use.first_at if use else None
        standing = Standing(last_of_each(self._signed(stamp)), since)
        return Version(stamp, use, standing, stamp == self._in_force)

    def _signed(self, stamp: Stamp) -> list[Signature]:
        return signed(self._log, stamp.digest)
