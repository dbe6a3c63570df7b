"""Every error that triage raises of itself, as one tree.

::

    TriageError
    ├── RulebookError       a rule file is not right: says file, line, rule, fault and remedy
    │   └── TangledError    the rules are right one by one, but too tangled to be walked
    ├── ReferralError       a referral is not right: every fault at once, each with its path
    ├── FindingsError       a FHIR resource is refused for what was found (``triage.fhir.findings``)
    ├── DataNeededError     a CDS Hooks call came without the data it needs (``triage.cds_hooks``)
    ├── FetchError          a FHIR server did not give what it was asked for (``triage.cds_hooks``)
    ├── BodyError           a body is not to be read as JSON (``triage.api.strict_json``)
    ├── EngineError         the rule engine gave no answer to trust; never "no rule fired"
    ├── LogError            what the decision log holds is not what it should be
    │   └── DamagedLogError the log is not proved: says the first bad entry, and what is wrong
    ├── LogUnavailableError the decision log cannot be written or read now; what was to be
    │                       recorded may not have been
    ├── NotRecordedError    what is asked for is not in the decision log
    ├── ConflictError       what is asked does not fit what is recorded already
    │   ├── ChangedError    somebody else recorded something about the same in the meantime
    │   └── DisagreementError two evaluations of the rules differ, so that nothing explains it
    ├── PackError           a pack of tests cannot be made or read; says which test, or which line
    ├── NotReadyError       something that the service needs does not work now
    └── SettingsError       a setting of the service is not right
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class TriageError(Exception):
    """The root of every error raised by triage itself."""


@dataclass(frozen=True, slots=True)
class RuleFault:
    """One fault in a rule file: where it is, what is wrong and what to do about it."""

    file: str
    line: int
    problem: str
    rule: str | None = None

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}"
        return f"{where} {self.rule}: {self.problem}" if self.rule else f"{where}: {self.problem}"


class RulebookError(TriageError):
    """The rule files cannot be used; ``faults`` holds every fault that was found."""

    def __init__(self, faults: Sequence[RuleFault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class TangledError(RulebookError):
    """The diagram of the rules grows past what can be walked, so nothing of them can be proved."""

    def __init__(self, nodes: int) -> None:
        problem = (
            f"these rules are too tangled to be proved: their diagram has over {nodes:,} nodes;"
            " let rules read fewer answers that have nothing to do with one another"
        )
        super().__init__([RuleFault("rulebook.yaml", 1, problem)])


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault in a referral: the path of the field, and what is wrong and what to do about it."""

    field: str
    problem: str


class ReferralError(TriageError):
    """A referral cannot be read; ``faults`` holds every fault, none of which repeats a value."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"{fault.field}: {fault.problem}" for fault in self.faults))


class EngineError(TriageError):
    """The rule engine failed, so there is no decision: a human must look at the referral."""


class LogError(TriageError):
    """What the decision log holds, or was handed in to check it, is not what it should be."""


class DamagedLogError(LogError):
    """The log is not proved: ``problem`` says why, in words that follow the entry.

    The first bad entry is one of ``first`` to ``last``; both are nought where no entry is bad, but
    a head or a key is.
    """

    def __init__(self, problem: str, first: int = 0, last: int = 0) -> None:
        self.problem, self.first, self.last = problem, first, last or first
        super().__init__(problem, self.first, self.last)

    def __str__(self) -> str:
        return f"{self.entries}: {self.problem}" if self.first else self.problem

    @property
    def entries(self) -> str:
        """The entry, or those of which one is bad, in words."""
        if self.first == self.last:
            return f"entry {self.first}"
        return f"one of the entries {self.first} to {self.last}"


class SettingsError(TriageError):
    """A setting of the service is missing or wrong; the message names it and the remedy."""


class PackError(TriageError):
    """A pack of tests cannot be made or read; the message names the test, or the line."""


class NotReadyError(TriageError):
    """Something that the service needs does not work now; ``checks`` names what."""

    def __init__(self, checks: Sequence[str]) -> None:
        self.checks = tuple(checks)
        super().__init__(", ".join(checks))


class LogUnavailableError(TriageError):
    """The decision log cannot be reached now. What was to be recorded may not be acknowledged."""


class ConflictError(TriageError):
    """What is asked does not fit what is recorded; the message says why, and names nobody."""


class ChangedError(ConflictError):
    """Somebody else recorded something about the same, after it was looked at: look again."""


class DisagreementError(ConflictError):
    """The two evaluations of the rules differ on a decision: there is no reason to give."""


class NotRecordedError(TriageError):
    """What is asked for is not in the decision log; the message says what, and names nobody."""
