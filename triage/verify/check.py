"""The whole check of a rulebook: each question it must answer is one row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from triage.errors import RulebookError
from triage.rulebook import Rulebook
from triage.verify.boundaries import boundaries_without_examples
from triage.verify.examples import examples_that_fail
from triage.verify.matrix import cells_not_kept
from triage.verify.proofs import PROOFS, prove
from triage.verify.report import Finding, Proof, Report
from triage.verify.sign_off import to_sign_off
from triage.verify.words import words_not_used

QUESTIONS: Mapping[str, Callable[[Rulebook], Iterable[Finding]]] = {
    "examples": examples_that_fail,
    "boundaries": boundaries_without_examples,
    "words": words_not_used,
    "matrix": cells_not_kept,
}
"""What is asked of a rulebook that could be read; each gives the faults it found."""


Watcher = Callable[[int, int], object]
"""Told how many proofs are done, of how many."""


def nobody_watches(_done: int, _of: int) -> None:
    """The watcher of a check that nobody watches."""


def check(rulebook: Rulebook, watcher: Watcher = nobody_watches) -> Report:
    """Everything that is wrong with a rulebook, and everything that waits for a signature."""
    faults = [fault for ask in QUESTIONS.values() for fault in ask(rulebook)]
    proofs: list[Proof] = []
    for proof in prove(rulebook):
        proofs.append(proof)
        watcher(len(proofs), len(PROOFS))
    faults += [finding for proof in proofs for finding in proof.findings]
    waiting = tuple(to_sign_off(rulebook))
    return Report(rulebook.stamp, tuple(faults), tuple(proofs), waiting, _counts(rulebook))


def unreadable(error: RulebookError) -> Report:
    """The report on rule files of which no rulebook can be made."""
    faults = (Finding("load", one.file, one.problem, one.line, one.rule) for one in error.faults)
    return Report(None, tuple(faults))


def _counts(rulebook: Rulebook) -> dict[str, int]:
    vocabulary = rulebook.vocabulary
    return {
        "rulesets": len(rulebook.rulesets),
        "rules": len(rulebook.rules),
        "examples": sum(len(rule.examples) for rule in rulebook.rules),
        "named values": len(rulebook.values),
        "words": len(vocabulary.terms) + sum(len(named) for named in vocabulary.named.values()),
        "matrix cells": len(rulebook.cells),
    }
